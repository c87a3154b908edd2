using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that move, compare and round dates.</summary>
public static class DateArithmeticFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("DATE_ADD", 2, 4, FunctionPurity.Pure, "A date moved forward by an amount of a unit or by an ISO 8601 duration.", "DATE_ADD(\"2024-01-31\", 1, \"month\")", "\"2024-03-02T00:00:00.000Z\"", Add),
        new("DATE_SUBTRACT", 2, 4, FunctionPurity.Pure, "A date moved back by an amount of a unit or by an ISO 8601 duration.", "DATE_SUBTRACT(\"2024-03-01\", \"P1DT12H\")", "\"2024-02-28T12:00:00.000Z\"", Subtract),
        new("DATE_DIFF", 3, 6, FunctionPurity.Pure, "The time from one date to another in whole units or with a fraction.", "DATE_DIFF(\"2024-01-01\", \"2024-03-01\", \"days\")", "60", Diff),
        new("DATE_COMPARE", 3, 6, FunctionPurity.Pure, "Whether two dates agree in a field or in a range of fields.", "DATE_COMPARE(\"1985-04-04\", \"2024-04-04\", \"months\", \"days\")", "true", Compare),
        new("DATE_TRUNC", 2, 3, FunctionPurity.Pure, "The start of the year, month, day and so on that a date lies in.", "DATE_TRUNC(\"2024-08-17T22:30Z\", \"month\")", "\"2024-08-01T00:00:00.000Z\"", Truncate),
        new("DATE_ROUND", 3, 4, FunctionPurity.Pure, "A date rounded down to a multiple of some days, hours and so on.", "DATE_ROUND(\"2024-08-17T22:37Z\", 15, \"minutes\")", "\"2024-08-17T22:30:00.000Z\"", Round),
        new("DATE_FORMAT", 2, 3, FunctionPurity.Pure, "A date as text of any form, made from placeholders.", "DATE_FORMAT(\"2024-08-07\", \"%www, %d. %mmmm %yyyy\")", "\"Wed, 7. August 2024\"", Format),
    ];

    private static Value Add(in FunctionCall call) => Move(call, isBack: false);

    private static Value Subtract(in FunctionCall call) => Move(call, isBack: true);

    private static Value Move(in FunctionCall call, bool isBack)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return DateFunctions.NoDate(call, call[0]);
        DateDuration duration;
        int zoneAt;
        if (call.Count == 2 || (call.Count == 3 && call[1].IsString && call[2].IsString && !DateUnits.TryParse(call[2].Utf8, out _)))
        {
            if (!call[1].IsString)
                return call.WrongType();
            if (!DateDuration.TryParse(call[1].Utf8, out duration))
                return DateFunctions.InvalidDate(call);
            zoneAt = 2;
        }
        else
        {
            if (!call[1].IsNumber || !call[2].IsString)
                return call.WrongType();
            if (!DateUnits.TryParse(call[2].Utf8, out var unit) || !DateDuration.TryCreate(call[1].Number, unit, out duration))
                return DateFunctions.InvalidDate(call);
            zoneAt = 3;
        }
        if (!DateArguments.TryReadZone(call.Count > zoneAt, call[zoneAt], out var zone))
            return call.WrongType();
        return (isBack ? duration.Negate() : duration).TryAddTo(moment, zone, out var moved)
            ? DateArguments.ToText(moved)
            : DateFunctions.InvalidDate(call);
    }

    /// <summary>Reads the zones of a function with two dates; the second zone is the first one unless it is given.</summary>
    private static bool TryReadZones(in FunctionCall call, int firstAt, out DateZone first, out DateZone second)
    {
        second = DateZone.Utc;
        if (!DateArguments.TryReadZone(call.Count > firstAt, call[firstAt], out first))
            return false;
        second = first;
        return call.Count <= firstAt + 1 || DateArguments.TryReadZone(true, call[firstAt + 1], out second);
    }

    private static Value Diff(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var first))
            return DateFunctions.NoDate(call, call[0]);
        if (!DateArguments.TryReadDate(call[1], out var second))
            return DateFunctions.NoDate(call, call[1]);
        if (!call[2].IsString || (call.Count > 3 && !call[3].IsBoolean))
            return call.WrongType();
        if (!DateUnits.TryParse(call[2].Utf8, out var unit))
            return DateFunctions.InvalidDate(call);
        if (!TryReadZones(call, 4, out var firstZone, out var secondZone))
            return call.WrongType();
        first = firstZone.ToLocal(first);
        second = secondZone.ToLocal(second);
        var isMonths = unit is DateUnit.Year or DateUnit.Month;
        if (call[3].IsTruthy)
        {
            var length = isMonths ? DateUnits.YearMilliseconds / (unit == DateUnit.Year ? 1 : 12) : unit.Milliseconds();
            return Value.FromDouble((second - first) / length);
        }
        return Value.FromInteger(isMonths
            ? WholeMonths(first, second) / (unit == DateUnit.Year ? 12 : 1)
            : (second - first) / unit.Milliseconds());
    }

    /// <summary>Months that have passed in full; the day of the month is reached on the last day of a month without it.</summary>
    private static long WholeMonths(long first, long second)
    {
        var from = CivilTime.FromMilliseconds(first);
        var to = CivilTime.FromMilliseconds(second);
        var months = ((to.Year - from.Year) * 12L) + to.Month - from.Month;
        var lastDay = CivilTime.FromMilliseconds(CivilTime.DayNumber(from.Year, from.Month + months, 1) * CivilTime.DayMilliseconds).DaysInMonth;
        var anchor = (CivilTime.DayNumber(from.Year, from.Month + months, Math.Min(from.Day, lastDay)) * CivilTime.DayMilliseconds) + from.TimeOfDay;
        if (months > 0 && anchor > second)
            return months - 1;
        return months < 0 && anchor < second ? months + 1 : months;
    }

    private static Value Compare(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var first))
            return DateFunctions.NoDate(call, call[0]);
        if (!DateArguments.TryReadDate(call[1], out var second))
            return DateFunctions.NoDate(call, call[1]);
        if (!call[2].IsString || (call.Count > 3 && !call[3].IsString))
            return call.WrongType();
        // The zones may follow the first unit at once: a name that is no unit but a zone is one.
        var hasEnd = call.Count > 3 && !(call.Count < 6 && !DateUnits.TryParse(call[3].Utf8, out _) && TimeZones.TryGet(call[3].Text, out _));
        if (!DateUnits.TryParse(call[2].Utf8, out var start) || !DateUnits.TryParse(call[hasEnd ? 3 : 2].Utf8, out var end))
            return DateFunctions.InvalidDate(call);
        if (start == DateUnit.Week || end == DateUnit.Week || end < start)
            return DateFunctions.InvalidDate(call);
        if (!TryReadZones(call, hasEnd ? 4 : 3, out var firstZone, out var secondZone))
            return call.WrongType();
        var left = CivilTime.FromMilliseconds(firstZone.ToLocal(first));
        var right = CivilTime.FromMilliseconds(secondZone.ToLocal(second));
        for (var unit = start; unit <= end; unit++)
        {
            if (Field(left, unit) != Field(right, unit))
                return Value.False;
        }
        return Value.True;
    }

    private static int Field(in CivilTime time, DateUnit unit) => unit switch
    {
        DateUnit.Year => time.Year,
        DateUnit.Month => time.Month,
        DateUnit.Day => time.Day,
        DateUnit.Hour => time.Hour,
        DateUnit.Minute => time.Minute,
        DateUnit.Second => time.Second,
        DateUnit.Millisecond => time.Millisecond,
        _ => 0,
    };

    private static Value Truncate(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return DateFunctions.NoDate(call, call[0]);
        if (!call[1].IsString)
            return call.WrongType();
        if (!DateUnits.TryParse(call[1].Utf8, out var unit) || unit == DateUnit.Week)
            return DateFunctions.InvalidDate(call);
        if (!DateArguments.TryReadZone(call.Count > 2, call[2], out var zone))
            return call.WrongType();
        var local = zone.ToLocal(moment);
        var time = CivilTime.FromMilliseconds(local);
        var start = unit switch
        {
            DateUnit.Year => CivilTime.DayNumber(time.Year, 1, 1) * CivilTime.DayMilliseconds,
            DateUnit.Month => CivilTime.DayNumber(time.Year, time.Month, 1) * CivilTime.DayMilliseconds,
            _ => CivilTime.FloorDivide(local, unit.Milliseconds()) * unit.Milliseconds(),
        };
        return ToMoment(call, start, zone);
    }

    private static Value Round(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return DateFunctions.NoDate(call, call[0]);
        if (!call[1].IsNumber || !call[2].IsString)
            return call.WrongType();
        if (!DateUnits.TryParse(call[2].Utf8, out var unit) || unit < DateUnit.Day)
            return DateFunctions.InvalidDate(call);
        var step = call[1].Number * unit.Milliseconds();
        if (step is not (>= 1 and < 1e15))
            return DateFunctions.InvalidDate(call);
        if (!DateArguments.TryReadZone(call.Count > 3, call[3], out var zone))
            return call.WrongType();
        var local = zone.ToLocal(moment);
        return ToMoment(call, CivilTime.FloorDivide(local, (long)step) * (long)step, zone);
    }

    private static Value ToMoment(in FunctionCall call, long local, DateZone zone)
    {
        if (!CivilTime.IsInRange(local))
            return DateFunctions.InvalidDate(call);
        var moment = zone.ToUtc(local);
        return CivilTime.IsInRange(moment) ? DateArguments.ToText(moment) : DateFunctions.InvalidDate(call);
    }

    private static Value Format(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return DateFunctions.NoDate(call, call[0]);
        if (!call[1].IsString || !DateArguments.TryReadZone(call.Count > 2, call[2], out var zone))
            return call.WrongType();
        return DateFormat.Write(zone.ToLocal(moment), call[1].Utf8, call.Context);
    }
}
