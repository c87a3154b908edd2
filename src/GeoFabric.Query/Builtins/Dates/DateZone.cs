namespace GeoFabric.Query.Builtins.Dates;

/// <summary>A stretch of time during which a zone's clocks kept one distance from UTC.</summary>
/// <param name="Begin">Milliseconds since 1970 UTC, or null when the zone's record starts with it.</param>
/// <param name="End">Milliseconds since 1970 UTC, or null when no change is foreseen.</param>
internal readonly record struct ZonePeriod(long? Begin, long? End, int OffsetSeconds, bool IsDaylightSaving, string Name)
{
    public long OffsetMilliseconds => OffsetSeconds * 1000L;
}

/// <summary>
/// A time zone: its recorded changes of offset and the rule that goes on after them. Read from the system's zone files instead of through
/// the platform's class, which rounds old offsets to minutes and knows neither abbreviations nor the ends of a period.
/// </summary>
internal sealed class DateZone
{
    private readonly long[] _changes;
    private readonly ZonePeriod[] _kinds;
    private readonly ZonePeriod _first;
    private readonly PosixZoneRule? _rule;

    /// <param name="name">IANA name.</param>
    /// <param name="first">What held before the first change.</param>
    /// <param name="changes">Moments of the changes, ascending.</param>
    /// <param name="kinds">What holds from each of the changes on.</param>
    /// <param name="rule">What goes on after the last change.</param>
    public DateZone(string name, ZonePeriod first, long[] changes, ZonePeriod[] kinds, PosixZoneRule? rule)
    {
        Name = name;
        _first = first;
        _changes = changes;
        _kinds = kinds;
        _rule = rule;
    }

    public static DateZone Utc { get; } = new("UTC", new ZonePeriod(null, null, 0, false, "UTC"), [], [], null);

    public string Name { get; }

    /// <summary>Whether local time is UTC and always was.</summary>
    public bool IsUtc => _changes.Length == 0 && _rule is null && _first is { OffsetSeconds: 0, Name: "UTC" };

    public long ToLocal(long utc) => utc + PeriodAt(utc).OffsetMilliseconds;

    /// <summary>
    /// The moment at which local clocks show a time: the first one when they show it twice; when they skip it, the moment they would
    /// have shown it without the change.
    /// </summary>
    public long ToUtc(long local)
    {
        // No offset exceeds a day, so the periods a day before and after are all that can matter.
        var before = PeriodAt(local - CivilTime.DayMilliseconds).OffsetMilliseconds;
        var after = PeriodAt(local + CivilTime.DayMilliseconds).OffsetMilliseconds;
        var isBefore = PeriodAt(local - before).OffsetMilliseconds == before;
        var isAfter = PeriodAt(local - after).OffsetMilliseconds == after;
        return isAfter && !isBefore ? local - after : local - before;
    }

    public ZonePeriod PeriodAt(long utc)
    {
        var index = Array.BinarySearch(_changes, utc);
        index = index >= 0 ? index : ~index - 1;
        if (index < 0)
            return _first with { End = _changes.Length > 0 ? _changes[0] : null };
        if (index + 1 < _changes.Length)
            return _kinds[index] with { Begin = _changes[index], End = _changes[index + 1] };
        return _rule is null
            ? _kinds[index] with { Begin = _changes[index] }
            : _rule.PeriodAt(utc, _kinds[index] with { Begin = _changes[index] });
    }
}
