namespace GeoFabric.Database.Catalog;

/// <summary>
/// Numbers the states of a cluster's configuration: 32 bits that grow with every change of home above 32 bits that grow with every change. A home that
/// was replaced without hearing of it goes on under the old term, so whatever it writes is older than anything its successor writes.
/// </summary>
public readonly record struct ClusterEpoch(ulong Bits) : IComparable<ClusterEpoch>
{
    /// <summary>How many homes there have been.</summary>
    public uint Term => (uint)(Bits >> 32);

    public uint Number => (uint)Bits;

    public static ClusterEpoch First { get; } = new((1UL << 32) | 1);

    public ClusterEpoch Next() => new(Bits + 1);

    public ClusterEpoch NextTerm() => new(((ulong)(Term + 1) << 32) | (Number + 1));

    public int CompareTo(ClusterEpoch other) => Bits.CompareTo(other.Bits);

    public override string ToString() => FormattableString.Invariant($"{Term}.{Number}");

    public static bool operator <(ClusterEpoch left, ClusterEpoch right) => left.Bits < right.Bits;

    public static bool operator >(ClusterEpoch left, ClusterEpoch right) => left.Bits > right.Bits;

    public static bool operator <=(ClusterEpoch left, ClusterEpoch right) => left.Bits <= right.Bits;

    public static bool operator >=(ClusterEpoch left, ClusterEpoch right) => left.Bits >= right.Bits;
}
