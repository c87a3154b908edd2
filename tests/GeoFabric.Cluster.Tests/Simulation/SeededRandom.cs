namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for a seed on every machine and runtime, for ever.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Bits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to one less than <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Bits() % (ulong)count);

    public int Between(int min, int max) => min + Below(max - min + 1);

    public double Fraction() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Fraction() < probability;

    public TimeSpan Time(TimeSpan min, TimeSpan max) => min + TimeSpan.FromTicks((long)(Fraction() * (max - min).Ticks));

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>A generator for something of its own, so that drawing more of one thing does not change another.</summary>
    public SeededRandom Fork(ulong salt) => new(_state ^ (salt * 0xD6E8FEB86659FD93));
}
