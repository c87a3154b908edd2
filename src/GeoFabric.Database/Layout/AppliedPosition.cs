using System.Buffers.Binary;
using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Layout;

/// <summary>How far an origin's log has been applied, and what that origin itself had applied by then.</summary>
/// <param name="Sequence">Last sequence applied.</param>
/// <param name="Timestamp">Timestamp of that record.</param>
/// <param name="Context">Of each other region, the last timestamp the origin had applied when it wrote that record: all its dependencies so far.</param>
/// <remarks>
/// Layout, little-endian: version u8 (1) | CRC-32C u32 over the rest | sequence u64 | timestamp u64 | count u16 | (region u16, timestamp u64)*. Persisted.
/// </remarks>
public sealed record AppliedPosition(
    ChangeOrigin Origin, ulong Sequence, HybridTimestamp Timestamp, ImmutableSortedDictionary<ushort, HybridTimestamp> Context)
{
    private const byte Version = 1;
    private const int FixedSize = 23;

    /// <summary>Nothing applied yet.</summary>
    public static AppliedPosition None(ChangeOrigin origin) =>
        new(origin, 0, default, ImmutableSortedDictionary<ushort, HybridTimestamp>.Empty);

    /// <summary>Whether the origin had applied what carries this stamp when it wrote its last record; its own earlier writes always.</summary>
    public bool HasObserved(RevisionStamp stamp) => stamp.Origin == Origin.Region
        ? stamp.Timestamp <= Timestamp
        : Context.TryGetValue(stamp.Origin, out var seen) && stamp.Timestamp <= seen;

    /// <summary>Whether the same region's log has been applied less far here than there.</summary>
    public bool IsBehind(AppliedPosition other) => IsBehind(other.Origin, other.Sequence);

    /// <summary>Whether the record of a sequence in the same region's log is beyond this position.</summary>
    public bool IsBehind(ChangeOrigin origin, ulong sequence) =>
        Origin.Incarnation < origin.Incarnation || (Origin.Incarnation == origin.Incarnation && Sequence < sequence);

    /// <summary>The position after one more record.</summary>
    public AppliedPosition After(ulong sequence, HybridTimestamp timestamp, IReadOnlyList<ChangeDependency> dependencies)
    {
        var context = Context;
        foreach (var dependency in dependencies)
            context = context.SetItem(dependency.Region, dependency.Timestamp);
        return new AppliedPosition(Origin, sequence, timestamp, context);
    }

    internal byte[] Write()
    {
        var record = new byte[FixedSize + (10 * Context.Count)];
        record[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(5), Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(13), Timestamp.Bits);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(21), (ushort)Context.Count);
        var at = FixedSize;
        foreach (var (region, timestamp) in Context)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(at), region);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(at + 2), timestamp.Bits);
            at += 10;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(1), Crc32C.Compute(record.AsSpan(5)));
        return record;
    }

    /// <exception cref="GeoFabricException">1100.</exception>
    internal static AppliedPosition Read(ChangeOrigin origin, ReadOnlySpan<byte> record)
    {
        if (record.Length < FixedSize
            || record[0] != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(record[1..]) != Crc32C.Compute(record[5..])
            || record.Length != FixedSize + (10 * BinaryPrimitives.ReadUInt16LittleEndian(record[21..])))
            throw ErrorCodes.CorruptedDocument.With($"the position in the log of region {origin.Region} is damaged; restore the data directory from a backup");
        var context = ImmutableSortedDictionary.CreateBuilder<ushort, HybridTimestamp>();
        for (var at = FixedSize; at < record.Length; at += 10)
        {
            context[BinaryPrimitives.ReadUInt16LittleEndian(record[at..])] =
                new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[(at + 2)..]));
        }
        return new AppliedPosition(
            origin,
            BinaryPrimitives.ReadUInt64LittleEndian(record[5..]),
            new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[13..])),
            context.ToImmutable());
    }
}
