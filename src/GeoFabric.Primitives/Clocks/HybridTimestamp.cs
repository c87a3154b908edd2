namespace GeoFabric.Primitives.Clocks;

/// <summary>
/// A hybrid logical clock reading: 48 bits of Unix milliseconds above a 16-bit counter (Kulkarni et al., "Logical Physical Clocks", 2014).
/// If a happened before b, then a &lt; b, whatever the wall clocks did.
/// </summary>
public readonly record struct HybridTimestamp(ulong Bits) : IComparable<HybridTimestamp>
{
    public long UnixMilliseconds => (long)(Bits >> 16);

    public int Counter => (int)(Bits & 0xFFFF);

    public static HybridTimestamp FromUnixMilliseconds(long milliseconds) => new((ulong)milliseconds << 16);

    /// <summary>How long ago it was by a wall clock; zero when the clock has not reached it.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - UnixMilliseconds));

    public int CompareTo(HybridTimestamp other) => Bits.CompareTo(other.Bits);

    public static bool operator <(HybridTimestamp left, HybridTimestamp right) => left.Bits < right.Bits;

    public static bool operator >(HybridTimestamp left, HybridTimestamp right) => left.Bits > right.Bits;

    public static bool operator <=(HybridTimestamp left, HybridTimestamp right) => left.Bits <= right.Bits;

    public static bool operator >=(HybridTimestamp left, HybridTimestamp right) => left.Bits >= right.Bits;
}
