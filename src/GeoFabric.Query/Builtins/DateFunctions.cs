using System.Buffers;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that make dates and take them apart. An unusable date is warning 1572 and null in each of them.</summary>
public static class DateFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("DATE_NOW", 0, 0, FunctionPurity.Volatile, "The present moment in milliseconds since 1970.", "DATE_NOW() > 0", "true", Now),
        new("DATE_TIMESTAMP", 1, 7, FunctionPurity.Pure, "A date, or year, month, day and so on, in milliseconds since 1970.", "DATE_TIMESTAMP(2024, 2, 29)", "1709164800000", Timestamp),
        new("DATE_ISO8601", 1, 7, FunctionPurity.Pure, "A date, or year, month, day and so on, as ISO 8601 text in UTC.", "DATE_ISO8601(2024, 2, 30, 26)", "\"2024-03-02T02:00:00.000Z\"", Iso8601),
        new("DATE_YEAR", 1, 2, FunctionPurity.Pure, "Year of a date.", "DATE_YEAR(\"2024-08-17\")", "2024", Year),
        new("DATE_MONTH", 1, 2, FunctionPurity.Pure, "Month of a date, 1 to 12.", "DATE_MONTH(\"2024-08-17\")", "8", Month),
        new("DATE_DAY", 1, 2, FunctionPurity.Pure, "Day of the month of a date, 1 to 31.", "DATE_DAY(\"2024-08-17\")", "17", Day),
        new("DATE_HOUR", 1, 2, FunctionPurity.Pure, "Hour of a date, 0 to 23.", "DATE_HOUR(\"2024-08-17T22:30Z\", \"Europe/Oslo\")", "0", Hour),
        new("DATE_MINUTE", 1, 2, FunctionPurity.Pure, "Minute of a date.", "DATE_MINUTE(\"2024-08-17T22:30Z\")", "30", Minute),
        new("DATE_SECOND", 1, 1, FunctionPurity.Pure, "Second of a date.", "DATE_SECOND(\"2024-08-17T22:30:15Z\")", "15", Second),
        new("DATE_MILLISECOND", 1, 1, FunctionPurity.Pure, "Millisecond of a date.", "DATE_MILLISECOND(\"2024-08-17T22:30:15.25Z\")", "250", Millisecond),
        new("DATE_DAYOFWEEK", 1, 2, FunctionPurity.Pure, "Day of the week of a date, 0 for Sunday to 6 for Saturday.", "DATE_DAYOFWEEK(\"2024-08-17\")", "6", DayOfWeek),
        new("DATE_DAYOFYEAR", 1, 2, FunctionPurity.Pure, "Day of the year of a date, 1 to 366.", "DATE_DAYOFYEAR(\"2024-12-31\")", "366", DayOfYear),
        new("DATE_ISOWEEK", 1, 2, FunctionPurity.Pure, "Week of a date by ISO 8601, 1 to 53.", "DATE_ISOWEEK(\"2024-12-30\")", "1", IsoWeek),
        new("DATE_ISOWEEKYEAR", 1, 2, FunctionPurity.Pure, "Week of a date by ISO 8601 and the year that the week belongs to.", "DATE_ISOWEEKYEAR(\"2024-12-30\")", "{\"week\":1,\"year\":2025}", IsoWeekYear),
        new("DATE_QUARTER", 1, 2, FunctionPurity.Pure, "Quarter of a date, 1 to 4.", "DATE_QUARTER(\"2024-08-17\")", "3", Quarter),
        new("DATE_DAYS_IN_MONTH", 1, 2, FunctionPurity.Pure, "Number of days of a date's month.", "DATE_DAYS_IN_MONTH(\"2024-02-01\")", "29", DaysInMonth),
        new("DATE_LEAPYEAR", 1, 2, FunctionPurity.Pure, "Whether a date's year is a leap year.", "DATE_LEAPYEAR(\"2100-01-01\")", "false", LeapYear),
        new("DATE_UTCTOLOCAL", 2, 3, FunctionPurity.Pure, "The local time of a zone at a moment.", "DATE_UTCTOLOCAL(\"2020-10-15T01:00:00.999Z\", \"America/New_York\")", "\"2020-10-14T21:00:00.999\"", UtcToLocal),
        new("DATE_LOCALTOUTC", 2, 3, FunctionPurity.Pure, "The moment at which a zone's clocks show a local time.", "DATE_LOCALTOUTC(\"2020-10-14T21:00:00.999\", \"America/New_York\")", "\"2020-10-15T01:00:00.999Z\"", LocalToUtc),
        new("DATE_TIMEZONE", 0, 0, FunctionPurity.Stable, "The server's time zone.", "IS_STRING(DATE_TIMEZONE())", "true", Zone),
        new("DATE_TIMEZONES", 0, 0, FunctionPurity.Stable, "The names of all known time zones.", "\"UTC\" IN DATE_TIMEZONES()", "true", AllZones),
    ];

    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("0123456789.+-eE"u8);

    private delegate Value FieldOf(in CivilTime time);

    internal static Value InvalidDate(in FunctionCall call) => call.Warn(ErrorCodes.InvalidDateValue, "invalid date value");

    /// <summary>Warning and null for an argument that is no date: 1572 for text or a number that means none, 1542 for all else.</summary>
    internal static Value NoDate(in FunctionCall call, Value argument) => argument.IsString || argument.IsNumber ? InvalidDate(call) : call.WrongType();

    private static Value Now(in FunctionCall call) => Value.FromInteger(call.Context.Clock.GetUtcNow().ToUnixTimeMilliseconds());

    private static Value Timestamp(in FunctionCall call) =>
        TryReadMoment(call, out var moment, out var refusal) ? Value.FromInteger(moment) : refusal;

    private static Value Iso8601(in FunctionCall call) =>
        TryReadMoment(call, out var moment, out var refusal) ? DateArguments.ToText(moment) : refusal;

    private static bool TryReadMoment(in FunctionCall call, out long moment, out Value refusal)
    {
        refusal = default;
        if (call.Count == 1)
        {
            if (DateArguments.TryReadDate(call[0], out moment))
                return true;
            refusal = NoDate(call, call[0]);
            return false;
        }
        if (call.Count == 2)
        {
            moment = 0;
            refusal = call.Warn(ErrorCodes.FunctionArgumentCountMismatch, "a date needs year, month and day at least");
            return false;
        }
        if (TryReadFields(call, out moment))
            return true;
        refusal = InvalidDate(call);
        return false;
    }

    private static bool TryReadFields(in FunctionCall call, out long moment)
    {
        moment = 0;
        Span<long> fields = stackalloc long[7];
        for (var i = 0; i < call.Count; i++)
        {
            if (!TryReadField(call[i], out fields[i]))
                return false;
        }
        if (fields[0] > 10_000 || fields[1] > 200_000 || fields[2] > 5_000_000)
            return false;
        var exact = ((Int128)CivilTime.DayNumber(fields[0], fields[1], fields[2]) * CivilTime.DayMilliseconds)
            + ((Int128)fields[3] * CivilTime.HourMilliseconds) + ((Int128)fields[4] * CivilTime.MinuteMilliseconds)
            + ((Int128)fields[5] * CivilTime.SecondMilliseconds) + fields[6];
        moment = CivilTime.IsInRange(exact) ? (long)exact : 0;
        return CivilTime.IsInRange(exact);
    }

    /// <summary>A number, text that is one, or null for 0; not negative.</summary>
    private static bool TryReadField(Value argument, out long field)
    {
        field = 0;
        if (argument.IsNull)
            return true;
        if (argument.IsString)
        {
            // A cast turns any other text into 0, so text must at least begin like a number.
            var digits = argument.Utf8.Trim(" \t\r\n"u8);
            if (digits.IsEmpty || digits.ContainsAnyExcept(NumberCharacters))
                return false;
        }
        else if (!argument.IsNumber)
        {
            return false;
        }
        field = Casts.ToInteger(argument);
        return field >= 0 && Casts.ToDouble(argument) >= 0;
    }

    private static Value Year(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Year));

    private static Value Month(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Month));

    private static Value Day(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Day));

    private static Value Hour(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Hour));

    private static Value Minute(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Minute));

    private static Value Second(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Second));

    private static Value Millisecond(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Millisecond));

    private static Value DayOfWeek(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.DayOfWeek));

    private static Value DayOfYear(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.DayOfYear));

    private static Value IsoWeek(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.IsoWeek.Week));

    private static Value Quarter(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.Quarter));

    private static Value DaysInMonth(in FunctionCall call) => Field(call, static (in t) => Value.FromInteger(t.DaysInMonth));

    private static Value LeapYear(in FunctionCall call) => Field(call, static (in t) => Value.FromBoolean(t.IsLeapYear));

    private static Value IsoWeekYear(in FunctionCall call) => Field(call, static (in t) =>
    {
        var (week, year) = t.IsoWeek;
        using var result = new ValueBuilder(64);
        result.BeginObject();
        result.WriteAttribute("week"u8, Value.FromInteger(week));
        result.WriteAttribute("year"u8, Value.FromInteger(year));
        result.EndObject();
        return result.Build();
    });

    private static Value Field(in FunctionCall call, FieldOf field)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return NoDate(call, call[0]);
        if (!DateArguments.TryReadZone(call.Count > 1, call[1], out var zone))
            return call.WrongType();
        return field(CivilTime.FromMilliseconds(zone.ToLocal(moment)));
    }

    private static Value UtcToLocal(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var moment))
            return NoDate(call, call[0]);
        if (!DateArguments.TryReadZone(true, call[1], out var zone) || !(call.Count < 3 || call[2].IsBoolean))
            return call.WrongType();
        var local = zone.ToLocal(moment);
        if (!CivilTime.IsInRange(local))
            return InvalidDate(call);
        var text = zone.IsUtc ? DateArguments.ToText(local) : DateArguments.ToLocalText(local);
        return call[2].IsTruthy ? Describe("local"u8, text, zone.PeriodAt(moment)) : text;
    }

    private static Value LocalToUtc(in FunctionCall call)
    {
        if (!DateArguments.TryReadDate(call[0], out var local))
            return NoDate(call, call[0]);
        if (!DateArguments.TryReadZone(true, call[1], out var zone) || !(call.Count < 3 || call[2].IsBoolean))
            return call.WrongType();
        var moment = zone.ToUtc(local);
        if (!CivilTime.IsInRange(moment))
            return InvalidDate(call);
        var text = DateArguments.ToText(moment);
        return call[2].IsTruthy ? Describe("utc"u8, text, zone.PeriodAt(moment)) : text;
    }

    private static Value Describe(ReadOnlySpan<byte> name, Value text, ZonePeriod period)
    {
        using var result = new ValueBuilder(256);
        result.BeginObject();
        result.WriteAttribute(name, text);
        result.WriteAttribute("tzdb"u8, Value.FromString(TimeZones.Version));
        result.WriteName("zoneInfo"u8);
        result.BeginObject();
        result.WriteAttribute("name"u8, Value.FromString(period.Name));
        result.WriteAttribute("begin"u8, Bound(period.Begin));
        result.WriteAttribute("end"u8, Bound(period.End));
        result.WriteAttribute("dst"u8, Value.FromBoolean(period.IsDaylightSaving));
        result.WriteAttribute("offset"u8, Value.FromInteger(period.OffsetSeconds));
        result.EndObject();
        result.EndObject();
        return result.Build();

        static Value Bound(long? moment) => moment is { } at && CivilTime.IsInRange(at) ? DateArguments.ToText(at) : default;
    }

    private static Value Zone(in FunctionCall call) => Value.FromString(call.Context.Clock.LocalTimeZone.Id);

    private static Value AllZones(in FunctionCall call)
    {
        var names = new ValueListWriter(call.Context, TimeZones.Names.Count);
        foreach (var name in TimeZones.Names)
            names.Add(Value.FromString(name));
        return names.ToValue();
    }
}
