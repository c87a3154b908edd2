namespace GeoFabric.Query.Builtins.Dates;

/// <summary>A moment as fields of the proleptic Gregorian calendar. Moments are milliseconds since 1970 from year 0 to year 9999.</summary>
internal readonly record struct CivilTime(int Year, int Month, int Day, int Hour, int Minute, int Second, int Millisecond)
{
    public const long MillisecondsMin = -62_167_219_200_000;
    public const long MillisecondsMax = 253_402_300_799_999;

    public const long SecondMilliseconds = 1_000;
    public const long MinuteMilliseconds = 60_000;
    public const long HourMilliseconds = 3_600_000;
    public const long DayMilliseconds = 86_400_000;
    public const long WeekMilliseconds = 7 * DayMilliseconds;

    private const int EraDays = 146_097;

    // Days from 0000-03-01 to 1970-01-01. Years that start in March have their leap day at the end.
    private const long EpochDay = 719_468;

    public static bool IsInRange(Int128 milliseconds) => milliseconds >= MillisecondsMin && milliseconds <= MillisecondsMax;

    public static CivilTime FromMilliseconds(long milliseconds)
    {
        var day = FloorDivide(milliseconds, DayMilliseconds);
        var rest = (int)(milliseconds - (day * DayMilliseconds));
        day += EpochDay;
        var era = FloorDivide(day, EraDays);
        var dayOfEra = (int)(day - (era * EraDays));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        var dayOfMonth = dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1;
        var month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        var year = (int)((era * 400) + yearOfEra + (month <= 2 ? 1 : 0));
        return new CivilTime(year, month, dayOfMonth, rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    }

    public long ToMilliseconds() => (DayNumber(Year, Month, Day) * DayMilliseconds) + TimeOfDay;

    /// <summary>Milliseconds since midnight.</summary>
    public long TimeOfDay => (Hour * HourMilliseconds) + (Minute * MinuteMilliseconds) + (Second * SecondMilliseconds) + Millisecond;

    /// <summary>Days since 1970-01-01. Months and days beyond their range carry over, as in JavaScript.</summary>
    public static long DayNumber(long year, long month, long day)
    {
        year += FloorDivide(month - 1, 12);
        var monthFromMarch = FloorModulo(month - 1, 12) + 1;
        if (monthFromMarch <= 2)
        {
            year--;
            monthFromMarch += 9;
        }
        else
        {
            monthFromMarch -= 3;
        }
        var era = FloorDivide(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = ((153 * monthFromMarch) + 2) / 5;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * EraDays) + dayOfEra - EpochDay + day - 1;
    }

    /// <summary>0 for Sunday to 6 for Saturday.</summary>
    public int DayOfWeek => (int)FloorModulo(DayNumber(Year, Month, Day) + 4, 7);

    public int DayOfYear => (int)(DayNumber(Year, Month, Day) - DayNumber(Year, 1, 1)) + 1;

    public int Quarter => ((Month - 1) / 3) + 1;

    public bool IsLeapYear => Year % 4 == 0 && (Year % 100 != 0 || Year % 400 == 0);

    public int DaysInMonth => (int)(DayNumber(Year, Month + 1, 1) - DayNumber(Year, Month, 1));

    /// <summary>Week by ISO 8601, which starts on Monday and belongs to the year of its Thursday.</summary>
    public (int Week, int Year) IsoWeek
    {
        get
        {
            var thursday = DayNumber(Year, Month, Day) + 3 - FloorModulo(DayOfWeek - 1, 7);
            var year = FromMilliseconds(thursday * DayMilliseconds).Year;
            return ((int)((thursday - DayNumber(year, 1, 1)) / 7) + 1, year);
        }
    }

    /// <summary>Moves the month field and lets days that the new month does not have carry over.</summary>
    public Int128 AddMonths(long months) =>
        ((Int128)DayNumber(Year, Month + months, Day) * DayMilliseconds) + TimeOfDay;

    public static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }

    private static long FloorModulo(long value, long divisor) => value - (FloorDivide(value, divisor) * divisor);
}
