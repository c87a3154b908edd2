namespace GeoFabric.Query.Builtins.Dates;

/// <summary>The yearly rule at the end of a zone file, in the notation of the TZ variable: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal sealed class PosixZoneRule
{
    private readonly ZonePeriod _standard;
    private readonly ZonePeriod _daylight;
    private readonly DayRule _start;
    private readonly DayRule _end;

    private PosixZoneRule(ZonePeriod standard, ZonePeriod daylight, DayRule start, DayRule end)
    {
        _standard = standard;
        _daylight = daylight;
        _start = start;
        _end = end;
    }

    /// <summary>The rule, or null when clocks no longer change or the text cannot be read.</summary>
    public static PosixZoneRule? Parse(string text)
    {
        var reader = new Reader(text);
        if (!reader.TryReadName(out var standardName) || !reader.TryReadTime(out var standardOffset) || !reader.TryReadName(out var daylightName))
            return null;
        var daylightOffset = standardOffset - 3600;
        if (!reader.IsAt(',') && !reader.TryReadTime(out daylightOffset))
            return null;
        if (!reader.TryReadDay(out var start) || !reader.TryReadDay(out var end))
            return null;
        // The notation counts hours west of Greenwich.
        return new PosixZoneRule(
            new ZonePeriod(null, null, -standardOffset, false, standardName),
            new ZonePeriod(null, null, -daylightOffset, true, daylightName),
            start,
            end);
    }

    /// <param name="utc">The moment asked for.</param>
    /// <param name="last">The recorded period before the rule begins to hold.</param>
    public ZonePeriod PeriodAt(long utc, ZonePeriod last)
    {
        var year = CivilTime.FromMilliseconds(utc).Year;
        var period = last;
        for (var y = year - 1; y <= year + 1; y++)
        {
            var earlier = (At: _start.InYear(y) - _standard.OffsetMilliseconds, To: _daylight);
            var later = (At: _end.InYear(y) - _daylight.OffsetMilliseconds, To: _standard);
            if (later.At < earlier.At)
                (earlier, later) = (later, earlier);
            if (earlier.At > utc && earlier.At > last.Begin)
                return period with { End = earlier.At };
            if (earlier.At > last.Begin)
                period = earlier.To with { Begin = earlier.At };
            if (later.At > utc && later.At > last.Begin)
                return period with { End = later.At };
            if (later.At > last.Begin)
                period = later.To with { Begin = later.At };
        }
        return period;
    }

    /// <summary>A day of each year and a local time on it.</summary>
    private readonly record struct DayRule(char Kind, int Month, int Week, int Day, int Seconds)
    {
        /// <summary>The local time of the change in a year, in milliseconds.</summary>
        public long InYear(int year)
        {
            long day;
            switch (Kind)
            {
                case 'M':
                    var first = CivilTime.DayNumber(year, Month, 1);
                    var length = CivilTime.DayNumber(year, Month + 1, 1) - first;
                    var offset = (Day - (first + 4) % 7 + 7) % 7;
                    offset += 7 * (Week - 1);
                    day = first + (offset >= length ? offset - 7 : offset);
                    break;
                case 'J':
                    var isLeap = CivilTime.DayNumber(year, 3, 1) - CivilTime.DayNumber(year, 2, 1) == 29;
                    day = CivilTime.DayNumber(year, 1, 1) + Day - 1 + (isLeap && Day >= 60 ? 1 : 0);
                    break;
                default:
                    day = CivilTime.DayNumber(year, 1, 1) + Day;
                    break;
            }
            return (day * CivilTime.DayMilliseconds) + (Seconds * CivilTime.SecondMilliseconds);
        }
    }

    private sealed class Reader(string text)
    {
        private int _position;

        public bool IsAt(char character) => _position < text.Length && text[_position] == character;

        private bool TrySkip(char character)
        {
            if (!IsAt(character))
                return false;
            _position++;
            return true;
        }

        public bool TryReadName(out string name)
        {
            var isQuoted = TrySkip('<');
            var start = _position;
            while (_position < text.Length && (isQuoted ? text[_position] != '>' : char.IsAsciiLetter(text[_position])))
                _position++;
            name = text[start.._position];
            return name.Length > 0 && (!isQuoted || TrySkip('>'));
        }

        /// <summary>Hours, minutes and seconds with an optional sign, in seconds.</summary>
        public bool TryReadTime(out int seconds)
        {
            var isNegative = TrySkip('-');
            if (!isNegative)
                TrySkip('+');
            seconds = 0;
            if (!TryReadNumber(out var hours))
                return false;
            seconds = hours * 3600;
            for (var unit = 60; unit >= 1 && TrySkip(':'); unit /= 60)
            {
                if (!TryReadNumber(out var part))
                    return false;
                seconds += part * unit;
            }
            seconds = isNegative ? -seconds : seconds;
            return true;
        }

        public bool TryReadDay(out DayRule day)
        {
            day = default;
            if (!TrySkip(','))
                return false;
            int month = 0, week = 0, number;
            var kind = IsAt('M') ? 'M' : IsAt('J') ? 'J' : '0';
            if (kind != '0')
                _position++;
            if (kind == 'M' && !(TryReadNumber(out month) && TrySkip('.') && TryReadNumber(out week) && TrySkip('.')))
                return false;
            if (!TryReadNumber(out number))
                return false;
            var seconds = 2 * 3600;
            if (TrySkip('/') && !TryReadTime(out seconds))
                return false;
            day = new DayRule(kind, month, week, number, seconds);
            return true;
        }

        private bool TryReadNumber(out int number)
        {
            var start = _position;
            for (number = 0; _position < text.Length && char.IsAsciiDigit(text[_position]) && _position - start < 4; _position++)
                number = (number * 10) + text[_position] - '0';
            return _position > start;
        }
    }
}
