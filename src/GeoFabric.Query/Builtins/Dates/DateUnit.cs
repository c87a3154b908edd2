using System.Text;

namespace GeoFabric.Query.Builtins.Dates;

/// <summary>Units of time, longest first: their order is that of the fields of a date.</summary>
internal enum DateUnit
{
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

internal static class DateUnits
{
    /// <summary>Length of the average year of the Gregorian calendar.</summary>
    public const double YearMilliseconds = 365.2425 * CivilTime.DayMilliseconds;

    /// <summary>Reads a unit's name: a letter, singular or plural, in any case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out DateUnit unit)
    {
        unit = default;
        Span<byte> lower = stackalloc byte[12];
        if (Ascii.ToLower(name, lower, out var length) != System.Buffers.OperationStatus.Done)
            return false;
        DateUnit? known = Encoding.ASCII.GetString(lower[..length]) switch
        {
            "y" or "year" or "years" => DateUnit.Year,
            "m" or "month" or "months" => DateUnit.Month,
            "w" or "week" or "weeks" => DateUnit.Week,
            "d" or "day" or "days" => DateUnit.Day,
            "h" or "hour" or "hours" => DateUnit.Hour,
            "i" or "minute" or "minutes" => DateUnit.Minute,
            "s" or "second" or "seconds" => DateUnit.Second,
            "f" or "ms" or "millisecond" or "milliseconds" => DateUnit.Millisecond,
            _ => null,
        };
        unit = known ?? default;
        return known is not null;
    }

    /// <summary>Milliseconds of a unit of fixed length, 0 for years and months.</summary>
    public static long Milliseconds(this DateUnit unit) => unit switch
    {
        DateUnit.Week => CivilTime.WeekMilliseconds,
        DateUnit.Day => CivilTime.DayMilliseconds,
        DateUnit.Hour => CivilTime.HourMilliseconds,
        DateUnit.Minute => CivilTime.MinuteMilliseconds,
        DateUnit.Second => CivilTime.SecondMilliseconds,
        DateUnit.Millisecond => 1,
        _ => 0,
    };
}
