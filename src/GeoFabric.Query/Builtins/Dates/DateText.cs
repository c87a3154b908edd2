namespace GeoFabric.Query.Builtins.Dates;

/// <summary>
/// Dates as text: <c>Y[-M[-D]][(T| )HH:MM[:SS[.mmm]]][Z|+-HH[:MM]]</c> with a year of up to four digits, months, days and hours of a zone of one or two,
/// blanks around it, and UTC when no zone is given.
/// </summary>
public static class DateText
{
    private const int MinuteMilliseconds = 60_000;

    /// <summary>Length of what <see cref="Write"/> writes.</summary>
    public const int Length = 24;

    /// <summary>Reads a date. Days that the month does not have carry over into the next one; anything else out of range is refused.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="milliseconds">Since 1970-01-01 UTC; from year 0 to year 9999.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        var reader = new Reader(text.Trim(" \t\r\n"u8));
        int month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
        if (!reader.TryReadNumber(1, 4, out var year))
            return false;
        if (reader.TrySkip((byte)'-') && !reader.TryReadMonthAndDay(ref month, ref day))
            return false;
        if (reader.TrySkip((byte)'T') || reader.TrySkip((byte)'t') || reader.TrySkip((byte)' '))
        {
            if (!reader.TryReadTime(out hour, out minute, out second, out millisecond))
                return false;
        }
        if (!reader.TryReadZone(out var zoneMinutes) || !reader.IsAtEnd)
            return false;
        if (month is < 1 or > 12 || day is < 1 or > 31 || hour > 23 || minute > 59 || second > 59)
            return false;
        milliseconds = (CivilTime.DayNumber(year, month, day) * CivilTime.DayMilliseconds)
            + (hour * CivilTime.HourMilliseconds) + (minute * CivilTime.MinuteMilliseconds) + (second * CivilTime.SecondMilliseconds) + millisecond
            - ((long)zoneMinutes * MinuteMilliseconds);
        return CivilTime.IsInRange(milliseconds);
    }

    /// <summary>Writes <c>YYYY-MM-DDTHH:MM:SS.mmmZ</c>, which <paramref name="destination"/> must have room for.</summary>
    public static void Write(Span<byte> destination, long milliseconds)
    {
        var time = CivilTime.FromMilliseconds(milliseconds);
        "0000-00-00T00:00:00.000Z"u8.CopyTo(destination);
        WriteDigits(destination[..4], time.Year);
        WriteDigits(destination[5..7], time.Month);
        WriteDigits(destination[8..10], time.Day);
        WriteDigits(destination[11..13], time.Hour);
        WriteDigits(destination[14..16], time.Minute);
        WriteDigits(destination[17..19], time.Second);
        WriteDigits(destination[20..23], time.Millisecond);
    }

    private static void WriteDigits(Span<byte> destination, int number)
    {
        for (var i = destination.Length - 1; i >= 0; i--, number /= 10)
            destination[i] = (byte)('0' + (number % 10));
    }

    private ref struct Reader(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool TrySkip(byte character)
        {
            if (_rest.IsEmpty || _rest[0] != character)
                return false;
            _rest = _rest[1..];
            return true;
        }

        public bool TryReadNumber(int digitsMin, int digitsMax, out int number)
        {
            var digits = 0;
            for (number = 0; digits < digitsMax && digits < _rest.Length && _rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
                number = (number * 10) + _rest[digits] - '0';
            _rest = _rest[digits..];
            return digits >= digitsMin;
        }

        public bool TryReadMonthAndDay(ref int month, ref int day) =>
            TryReadNumber(1, 2, out month) && (!TrySkip((byte)'-') || TryReadNumber(1, 2, out day));

        public bool TryReadTime(out int hour, out int minute, out int second, out int millisecond)
        {
            minute = second = millisecond = 0;
            if (!TryReadNumber(2, 2, out hour) || !TrySkip((byte)':') || !TryReadNumber(2, 2, out minute))
                return false;
            if (!TrySkip((byte)':'))
                return true;
            if (!TryReadNumber(2, 2, out second))
                return false;
            return !TrySkip((byte)'.') || TryReadFraction(out millisecond);
        }

        /// <summary>One or more digits behind the point, of which the first three count.</summary>
        private bool TryReadFraction(out int millisecond)
        {
            var digits = 0;
            millisecond = 0;
            for (; digits < _rest.Length && _rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            {
                if (digits < 3)
                    millisecond = (millisecond * 10) + _rest[digits] - '0';
            }
            for (var i = digits; i < 3; i++)
                millisecond *= 10;
            _rest = _rest[digits..];
            return digits > 0;
        }

        public bool TryReadZone(out int minutes)
        {
            minutes = 0;
            if (_rest.IsEmpty || TrySkip((byte)'Z') || TrySkip((byte)'z'))
                return true;
            var isWest = _rest[0] == '-';
            if (!TrySkip((byte)'+') && !TrySkip((byte)'-'))
                return false;
            if (!TryReadNumber(1, 2, out var hours) || (TrySkip((byte)':') && !TryReadNumber(2, 2, out minutes)) || hours > 23 || minutes > 59)
                return false;
            minutes += hours * 60;
            minutes = isWest ? -minutes : minutes;
            return true;
        }
    }
}
