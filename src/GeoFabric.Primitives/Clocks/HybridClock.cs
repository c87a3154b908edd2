namespace GeoFabric.Primitives.Clocks;

/// <summary>
/// Hands out strictly increasing <see cref="HybridTimestamp"/>s. A local event gets max(last + 1, wall); a received stamp pushes the clock past itself.
/// The counter overflows into the millisecond part, so no two events ever share a reading.
/// </summary>
/// <remarks>Thread-safe. Lives as long as its fabric; start it at the last persisted reading so that a wall clock set back cannot repeat one.</remarks>
public sealed class HybridClock(TimeProvider timeProvider, HybridTimestamp last)
{
    private readonly Lock _gate = new();
    private ulong _last = last.Bits;

    public HybridTimestamp Last
    {
        get
        {
            lock (_gate)
                return new HybridTimestamp(_last);
        }
    }

    public HybridTimestamp Next()
    {
        var wall = (ulong)timeProvider.GetUtcNow().ToUnixTimeMilliseconds() << 16;
        lock (_gate)
        {
            _last = Math.Max(_last + 1, wall);
            return new HybridTimestamp(_last);
        }
    }

    /// <summary>Moves the clock past a stamp received from elsewhere. Never clamps it: that would break causality.</summary>
    public void Observe(HybridTimestamp received)
    {
        lock (_gate)
            _last = Math.Max(_last, received.Bits);
    }
}
