using GeoFabric.Server.Consistency;
using GeoFabric.Server.Metrics;

namespace GeoFabric.Api.Tests;

/// <summary>How regions and links were: bounded, and without moments that tell nothing.</summary>
public sealed class RegionHistoryTests
{
    private readonly TestClock _clock = new();
    private readonly RegionHistory _history;

    public RegionHistoryTests() => _history = new RegionHistory(_clock);

    [Fact]
    public void Nothing_new_is_kept_every_ten_seconds_and_every_change_at_once()
    {
        Look(seconds: 25, lag: 40);
        Assert.Equal([0, 10, 20], Seconds());

        Look(seconds: 1, lag: 40, isCut: true);
        Look(seconds: 1, lag: 40);
        Look(seconds: 1, lag: 400);
        Look(seconds: 1, lag: 450);

        Assert.Equal([0, 10, 20, 25, 26, 27], Seconds());
    }

    [Fact]
    public void Ten_minutes_are_kept_and_six_hundred_moments()
    {
        Look(seconds: 900, lag: 40);
        Assert.Equal(60, _history.Moments.Count);

        for (var second = 0; second < 900; second++)
        {
            Look(seconds: 1, lag: second * 1000);
            if (second % 2 == 0)
                Add(second * 1000 + 500);
        }

        Assert.Equal(600, _history.Moments.Count);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(_history.Moments);
    }

    private void Look(int seconds, int lag, bool isCut = false)
    {
        for (var second = 0; second < seconds; second++)
        {
            Add(lag, isCut);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private void Add(int lag, bool isCut = false) => _history.Add(new RegionMoment(
        _clock.GetUtcNow(), RegionReadiness.Ready, [], [new LinkMoment("rome", !isCut, isCut, TimeSpan.Zero, TimeSpan.FromMilliseconds(lag))]));

    private IEnumerable<int> Seconds() => _history.Moments.Select(moment => (int)(moment.At - _history.Moments[0].At).TotalSeconds);
}
