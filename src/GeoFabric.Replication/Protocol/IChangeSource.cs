using GeoFabric.Database.Layout;

namespace GeoFabric.Replication.Protocol;

/// <summary>The logs a region holds, its own and those of others. Read in the middle of a step, so it answers at once, from one snapshot of the storage.</summary>
public interface IChangeSource
{
    /// <summary>The oldest record of an origin that is still held; one more than the last when none is.</summary>
    ulong FirstSequence(ChangeOrigin origin);

    /// <summary>Records of an origin in their order, from a sequence on.</summary>
    /// <param name="bytesMax">Reading stops at the record that reaches this; there is at least one when the origin has one.</param>
    IReadOnlyList<ReadOnlyMemory<byte>> Read(ChangeOrigin origin, ulong fromSequence, int bytesMax);
}
