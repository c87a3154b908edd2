using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>Reads the attribute of a TTL index: a number of seconds since 1970, or a date string.</summary>
internal static class ExpiryTime
{
    /// <param name="seconds">Seconds since 1970-01-01T00:00:00Z.</param>
    /// <returns><see langword="false"/> for everything that is neither a number nor an ISO 8601 date.</returns>
    public static bool TryRead(Value value, out double seconds)
    {
        seconds = 0;
        if (value.IsNumber)
        {
            seconds = value.Number;
            return true;
        }
        return value.IsString && TryParseDate(value.Utf8, out seconds);
    }

    /// <summary>
    /// Parses <c>YYYY[-MM[-DD[(T| )hh[:mm[:ss[.fff]]][Z|±hh[:mm]]]]]</c>. Without a zone the time is UTC.
    /// </summary>
    private static bool TryParseDate(ReadOnlySpan<byte> text, out double seconds)
    {
        seconds = 0;
        var at = 0;
        while (text.Length > 0 && text[^1] is (byte)' ')
            text = text[..^1];
        if (!TryReadDigits(text, ref at, 4, out var year) || year < 1)
            return false;
        int month = 1, day = 1;
        if (TryTake(text, ref at, (byte)'-'))
        {
            if (!TryReadShort(text, ref at, out month) || month is < 1 or > 12)
                return false;
            if (TryTake(text, ref at, (byte)'-') && (!TryReadShort(text, ref at, out day) || day < 1 || day > DateTime.DaysInMonth(year, month)))
                return false;
        }
        double ofDay = 0;
        if ((TryTake(text, ref at, (byte)'T') || TryTake(text, ref at, (byte)' ')) && !TryParseTime(text, ref at, out ofDay))
            return false;
        if (!TryParseZone(text, ref at, out var offset) || at != text.Length)
            return false;
        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        seconds = (days * 86400.0) + ofDay - offset;
        return true;
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, ref int at, out double seconds)
    {
        seconds = 0;
        int minute = 0, second = 0;
        double fraction = 0;
        if (!TryReadShort(text, ref at, out var hour) || hour > 24)
            return false;
        if (TryTake(text, ref at, (byte)':'))
        {
            if (!TryReadShort(text, ref at, out minute) || minute > 59)
                return false;
            if (TryTake(text, ref at, (byte)':'))
            {
                if (!TryReadShort(text, ref at, out second) || second > 59)
                    return false;
                if (TryTake(text, ref at, (byte)'.') && !TryReadFraction(text, ref at, out fraction))
                    return false;
            }
        }
        seconds = (((hour * 60) + minute) * 60) + second + fraction;
        return seconds <= 86400;
    }

    private static bool TryParseZone(ReadOnlySpan<byte> text, ref int at, out double offsetSeconds)
    {
        offsetSeconds = 0;
        if (at == text.Length || TryTake(text, ref at, (byte)'Z') || TryTake(text, ref at, (byte)'z'))
            return true;
        var sign = text[at] == '-' ? -1 : 1;
        if (text[at] is not ((byte)'+' or (byte)'-'))
            return false;
        at++;
        var minute = 0;
        if (!TryReadDigits(text, ref at, 2, out var hour) || hour > 23)
            return false;
        TryTake(text, ref at, (byte)':');
        if (at < text.Length && (!TryReadDigits(text, ref at, 2, out minute) || minute > 59))
            return false;
        offsetSeconds = sign * ((hour * 60) + minute) * 60;
        return true;
    }

    private static bool TryReadFraction(ReadOnlySpan<byte> text, ref int at, out double fraction)
    {
        fraction = 0;
        var start = at;
        for (var scale = 0.1; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, scale /= 10)
            fraction += (text[at] - '0') * scale;
        return at > start;
    }

    /// <summary>One or two digits.</summary>
    private static bool TryReadShort(ReadOnlySpan<byte> text, ref int at, out int number) =>
        TryReadDigits(text, ref at, 2, out number) || TryReadDigits(text, ref at, 1, out number);

    private static bool TryReadDigits(ReadOnlySpan<byte> text, ref int at, int count, out int number)
    {
        number = 0;
        if (at + count > text.Length)
            return false;
        for (var i = 0; i < count; i++)
        {
            var digit = text[at + i] - '0';
            if (digit is < 0 or > 9)
                return false;
            number = (number * 10) + digit;
        }
        at += count;
        return true;
    }

    private static bool TryTake(ReadOnlySpan<byte> text, ref int at, byte expected)
    {
        if (at >= text.Length || text[at] != expected)
            return false;
        at++;
        return true;
    }
}
