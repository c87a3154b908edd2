namespace GeoFabric.Query.Builtins.Dates;

/// <summary>
/// A span of time as people write it: months of whatever length, then days of the calendar, then time that passes on any clock.
/// </summary>
internal readonly record struct DateDuration(long Months, long Days, Int128 Milliseconds)
{
    private const int DigitsMax = 12;

    /// <summary>Reads an ISO 8601 duration such as <c>P1Y2M3W4DT5H6M7.89S</c>, in any case. Only seconds may have a fraction; there is no sign.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateDuration duration)
    {
        duration = default;
        if (text.Length < 3 || (text[0] | 0x20) != 'p')
            return false;
        long months = 0;
        long days = 0;
        Int128 milliseconds = 0;
        var units = "ymwd"u8;
        var isTime = false;
        var position = 1;
        while (position < text.Length)
        {
            if ((text[position] | 0x20) == 't' && !isTime)
            {
                isTime = true;
                units = "hms"u8;
                position++;
                if (position == text.Length)
                    return false;
            }
            if (!TryReadNumber(text, ref position, out var number, out var fraction, out var hasFraction) || position == text.Length)
                return false;
            var letter = (byte)(text[position++] | 0x20);
            // Each unit at most once and in this order.
            var found = units.IndexOf(letter);
            if (found < 0 || (hasFraction && !(isTime && letter == 's')))
                return false;
            units = units[(found + 1)..];
            switch (letter)
            {
                case (byte)'y': months += number * 12; break;
                case (byte)'m' when !isTime: months += number; break;
                case (byte)'w': days += number * 7; break;
                case (byte)'d': days += number; break;
                case (byte)'h': milliseconds += (Int128)number * CivilTime.HourMilliseconds; break;
                case (byte)'m': milliseconds += (Int128)number * CivilTime.MinuteMilliseconds; break;
                default: milliseconds += ((Int128)number * CivilTime.SecondMilliseconds) + fraction; break;
            }
        }
        duration = new DateDuration(months, days, milliseconds);
        return true;
    }

    /// <summary>A number of one unit. Parts of units of fixed length count, parts of months and years do not.</summary>
    public static bool TryCreate(double amount, DateUnit unit, out DateDuration duration)
    {
        duration = default;
        if (Math.Abs(amount) > 1e15)
            return false;
        var whole = (long)amount;
        var scaled = new Int128(0, 0);
        if (unit is not (DateUnit.Year or DateUnit.Month))
            scaled = ((Int128)whole * unit.Milliseconds()) + (long)((amount - whole) * unit.Milliseconds());
        duration = unit switch
        {
            DateUnit.Year => new DateDuration(whole * 12, 0, 0),
            DateUnit.Month => new DateDuration(whole, 0, 0),
            DateUnit.Week or DateUnit.Day => new DateDuration(0, (long)(scaled / CivilTime.DayMilliseconds), scaled % CivilTime.DayMilliseconds),
            _ => new DateDuration(0, 0, scaled),
        };
        return true;
    }

    public DateDuration Negate() => new(-Months, -Days, -Milliseconds);

    /// <summary>The moment moved by this duration. Months and days move the fields of the zone's local time.</summary>
    public bool TryAddTo(long moment, DateZone zone, out long result)
    {
        result = 0;
        Int128 moved = moment;
        if (Months != 0 || Days != 0)
        {
            var local = CivilTime.FromMilliseconds(zone.ToLocal(moment));
            if (Math.Abs(Months) > 200_000 || Math.Abs(Days) > 5_000_000)
                return false;
            var target = local.AddMonths(Months) + ((Int128)Days * CivilTime.DayMilliseconds);
            if (!CivilTime.IsInRange(target))
                return false;
            moved = zone.ToUtc((long)target);
        }
        moved += Milliseconds;
        result = CivilTime.IsInRange(moved) ? (long)moved : 0;
        return CivilTime.IsInRange(moved);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, ref int position, out long number, out int milliseconds, out bool hasFraction)
    {
        number = 0;
        milliseconds = 0;
        var start = position;
        for (; position < text.Length && text[position] is >= (byte)'0' and <= (byte)'9'; position++)
        {
            if (position - start < DigitsMax)
                number = (number * 10) + text[position] - '0';
        }
        hasFraction = position < text.Length && text[position] == '.';
        if (position == start || position - start > DigitsMax)
            return false;
        if (!hasFraction)
            return true;
        var weight = 100;
        var fractionStart = ++position;
        for (; position < text.Length && text[position] is >= (byte)'0' and <= (byte)'9'; position++, weight /= 10)
            milliseconds += (text[position] - '0') * weight;
        return position > fractionStart;
    }
}
