using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Layout;

/// <summary>What every transaction of a fabric continues from. Rewritten with each commit, so nothing in it is ever handed out twice.</summary>
/// <remarks>
/// Layout, little-endian: version u8 (1) | CRC-32C u32 over the rest | clock u64 | sequence u64 | first sequence u64 | log bytes u64 |
/// catalog version u64 | last key u64 | last id u32 | stable u64 | vector version u64 | logged vector version u64 | reserved clock u64. Version 1 ended at the last id.
/// </remarks>
public struct FabricStateRecord
{
    public const int Size = 89;
    public const byte Version = 2;
    private const int SizeOfVersion1 = 57;

    /// <summary>Ids up to here belong to the edge indexes of any collection.</summary>
    public const uint ReservedIds = 2;

    /// <summary>Stamp of the last transaction.</summary>
    public HybridTimestamp Clock { get; set; }

    /// <summary>Sequence of the last change record; 0 before the first.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Sequence of the oldest change record kept.</summary>
    public ulong FirstSequence { get; set; }

    /// <summary>Size of all change records kept, keys included.</summary>
    public ulong LogBytes { get; set; }

    public ulong CatalogVersion { get; set; }

    /// <summary>Largest key the traditional generator handed out or met.</summary>
    public ulong LastKey { get; set; }

    /// <summary>Last id given to a collection, its contents or an index.</summary>
    public uint LastId { get; set; }

    /// <summary>Everything up to here has been applied in every region and is observed by whatever still comes; never goes back.</summary>
    public HybridTimestamp Stable { get; set; }

    /// <summary>Grows whenever records of other regions are applied; the version vector is cached under it.</summary>
    public ulong VectorVersion { get; set; }

    /// <summary>The vector version whose dependencies the own log has told.</summary>
    public ulong LoggedVectorVersion { get; set; }

    /// <summary>Promises about the clock have been made up to here: after a restart it goes on above, whatever the wall clock says.</summary>
    public HybridTimestamp ReservedClock { get; set; }

    public static FabricStateRecord Initial { get; } = new() { FirstSequence = 1, LastId = 100, LastKey = 1000 };

    public readonly void Write(Span<byte> record)
    {
        record[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(record[5..], Clock.Bits);
        BinaryPrimitives.WriteUInt64LittleEndian(record[13..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(record[21..], FirstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(record[29..], LogBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(record[37..], CatalogVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(record[45..], LastKey);
        BinaryPrimitives.WriteUInt32LittleEndian(record[53..], LastId);
        BinaryPrimitives.WriteUInt64LittleEndian(record[57..], Stable.Bits);
        BinaryPrimitives.WriteUInt64LittleEndian(record[65..], VectorVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(record[73..], LoggedVectorVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(record[81..], ReservedClock.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(record[1..], Crc32C.Compute(record[5..Size]));
    }

    /// <exception cref="GeoFabricException">1100.</exception>
    public static FabricStateRecord Read(ReadOnlySpan<byte> record)
    {
        var isKnown = record.Length > 0 && (record[0], record.Length) is (Version, Size) or (1, SizeOfVersion1);
        if (!isKnown || BinaryPrimitives.ReadUInt32LittleEndian(record[1..]) != Crc32C.Compute(record[5..]))
            throw ErrorCodes.CorruptedDocument.With("the fabric's state record fails its checksum or has an unknown version; restore the data directory from a backup");
        var state = new FabricStateRecord
        {
            Clock = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[5..])),
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(record[13..]),
            FirstSequence = BinaryPrimitives.ReadUInt64LittleEndian(record[21..]),
            LogBytes = BinaryPrimitives.ReadUInt64LittleEndian(record[29..]),
            CatalogVersion = ReadCatalogVersion(record),
            LastKey = BinaryPrimitives.ReadUInt64LittleEndian(record[45..]),
            LastId = BinaryPrimitives.ReadUInt32LittleEndian(record[53..]),
        };
        if (record[0] == 1)
            return state;
        state.Stable = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[57..]));
        state.VectorVersion = BinaryPrimitives.ReadUInt64LittleEndian(record[65..]);
        state.LoggedVectorVersion = BinaryPrimitives.ReadUInt64LittleEndian(record[73..]);
        state.ReservedClock = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[81..]));
        return state;
    }

    /// <summary>The catalog version alone, without checking the record: every snapshot asks for it.</summary>
    public static ulong ReadCatalogVersion(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt64LittleEndian(record[37..]);
}
