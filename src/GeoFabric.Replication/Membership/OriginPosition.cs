using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Replication.Membership;

/// <summary>How far the log of a region has been applied: through this sequence of this incarnation.</summary>
/// <param name="Timestamp">Of the last record, or a later watermark: nothing of the region at or before it is missing.</param>
public readonly record struct OriginPosition(ushort Region, byte Incarnation, ulong Sequence, HybridTimestamp Timestamp)
{
    public ChangeOrigin Origin => new(Region, Incarnation);

    /// <summary>Whether <paramref name="other"/> lies further on in the region's log; timestamps do not matter.</summary>
    public bool IsBehind(OriginPosition other) => Incarnation < other.Incarnation || (Incarnation == other.Incarnation && Sequence < other.Sequence);

    /// <summary>The further of two positions of one region, with the later timestamp: both say what is not missing.</summary>
    public OriginPosition Join(OriginPosition other)
    {
        var further = IsBehind(other) ? other : this;
        return further with { Timestamp = Timestamp > other.Timestamp ? Timestamp : other.Timestamp };
    }
}
