namespace GeoFabric.Server.Metrics;

/// <summary>
/// How this region and its links were during the last ten minutes, in memory: a moment for each change, and one every ten seconds while nothing changes, so
/// that a gap tells that nobody was there to look. Not thread-safe.
/// </summary>
internal sealed class RegionHistory(TimeProvider clock)
{
    /// <summary>One a second.</summary>
    private const int MomentsMax = 600;

    /// <summary>A lag that differs by less is the same; copies that are never quite up to date would fill the history otherwise.</summary>
    private static readonly TimeSpan s_lagStep = TimeSpan.FromMilliseconds(250);

    private readonly Queue<RegionMoment> _moments = new();
    private RegionMoment? _last;

    public static TimeSpan Kept { get; } = TimeSpan.FromMinutes(10);

    /// <summary>While nothing changes there is a moment this often.</summary>
    public static TimeSpan StepMax { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<RegionMoment> Moments
    {
        get
        {
            Forget();
            return [.. _moments];
        }
    }

    public void Add(RegionMoment moment)
    {
        if (_last is { } last && IsAlike(last, moment) && moment.At >= last.At && moment.At - last.At < StepMax)
            return;
        _last = moment;
        _moments.Enqueue(moment);
        Forget();
    }

    private static bool IsAlike(RegionMoment one, RegionMoment other) =>
        one.Readiness == other.Readiness && one.OutOfService.SequenceEqual(other.OutOfService) && one.Links.Count == other.Links.Count && one.Links.Zip(other.Links).All(pair => IsAlike(pair.First, pair.Second));

    private static bool IsAlike(LinkMoment one, LinkMoment other) =>
        one with { Lag = null } == other with { Lag = null } && one.Lag.HasValue == other.Lag.HasValue
        && (one.Lag.GetValueOrDefault() - other.Lag.GetValueOrDefault()).Duration() < s_lagStep
        && one.Lag > RegionTimeline.LagMax == other.Lag > RegionTimeline.LagMax;

    private void Forget()
    {
        while (_moments.TryPeek(out var oldest) && (_moments.Count > MomentsMax || clock.GetUtcNow() - oldest.At > Kept))
            _moments.Dequeue();
    }
}
