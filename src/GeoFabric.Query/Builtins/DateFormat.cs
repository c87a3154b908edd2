using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Fills in the placeholders of DATE_FORMAT: a percent sign and one letter, repeated for a longer form.</summary>
internal static class DateFormat
{
    private static readonly string[] MonthNames =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] DayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <param name="moment">Milliseconds since 1970 in the zone asked for: every placeholder shows its clock, %t and %z too.</param>
    /// <param name="format">UTF-8.</param>
    /// <param name="context">The running query.</param>
    public static Value Write(long moment, ReadOnlySpan<byte> format, EvaluationContext context)
    {
        var time = CivilTime.FromMilliseconds(moment);
        var result = new TextBuffer(context, format.Length + 32);
        while (true)
        {
            var percent = format.IndexOf((byte)'%');
            result.Append(percent < 0 ? format : format[..percent]);
            if (percent < 0)
                return result.ToValue();
            format = format[(percent + 1)..];
            if (format.IsEmpty)
                continue;
            var letter = format[0];
            if (letter is (byte)'%' or (byte)'&')
            {
                if (letter == '%')
                    result.Append(letter);
                format = format[1..];
                continue;
            }
            format = format[WritePlaceholder(result, letter, RunLength(format), moment, time)..];
        }
    }

    /// <summary>Writes the longest placeholder that the run of letters begins with.</summary>
    /// <returns>Its length; 0 when there is none, and only the percent sign is dropped.</returns>
    private static int WritePlaceholder(TextBuffer result, byte letter, int run, long moment, in CivilTime time)
    {
        switch ((char)letter)
        {
            case 't':
                result.Append(moment, 1);
                return 1;
            case 'z':
                result.Append(DateArguments.ToText(moment).Utf8);
                return 1;
            case 'l':
                result.Append(time.IsLeapYear ? 1 : 0, 1);
                return 1;
            case 'q':
                result.Append(time.Quarter, 1);
                return 1;
            case 'a':
                result.Append(time.DaysInMonth, 1);
                return 1;
            case 'd': return WriteNumber(result, time.Day, run, 2);
            case 'h': return WriteNumber(result, time.Hour, run, 2);
            case 'i': return WriteNumber(result, time.Minute, run, 2);
            case 's': return WriteNumber(result, time.Second, run, 2);
            case 'k': return WriteNumber(result, time.IsoWeek.Week, run, 2);
            case 'f': return WriteNumber(result, time.Millisecond, run, 3);
            case 'x': return WriteNumber(result, time.DayOfYear, run, 3);
            case 'w': return WriteWeekday(result, time.DayOfWeek, run);
            case 'm': return WriteMonth(result, time.Month, run);
            case 'y': return WriteYear(result, time.Year, run);
            default: return 0;
        }
    }

    /// <summary>One letter writes the plain number, as many as it has digits the padded one.</summary>
    private static int WriteNumber(TextBuffer result, int number, int run, int digits)
    {
        var length = run >= digits ? digits : 1;
        result.Append(number, length);
        return length;
    }

    private static int WriteWeekday(TextBuffer result, int day, int run)
    {
        if (run < 3)
        {
            result.Append(day, 1);
            return 1;
        }
        result.Append(run == 3 ? DayNames[day][..3] : DayNames[day]);
        return Math.Min(run, 4);
    }

    private static int WriteMonth(TextBuffer result, int month, int run)
    {
        if (run < 3)
            return WriteNumber(result, month, run, 2);
        result.Append(run == 3 ? MonthNames[month - 1][..3] : MonthNames[month - 1]);
        return Math.Min(run, 4);
    }

    private static int WriteYear(TextBuffer result, int year, int run)
    {
        switch (run)
        {
            case >= 6:
                result.Append(year < 0 ? (byte)'-' : (byte)'+');
                result.Append(Math.Abs(year), 6);
                return 6;
            case >= 4:
                result.Append(year, 4);
                return 4;
            case >= 2:
                result.Append(Math.Abs(year) % 100, 2);
                return 2;
            default:
                result.Append(year, 1);
                return 1;
        }
    }

    private static int RunLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExcept(text[0]);
        return length < 0 ? text.Length : length;
    }
}
