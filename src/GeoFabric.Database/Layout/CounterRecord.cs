using System.Buffers.Binary;

namespace GeoFabric.Database.Layout;

/// <summary>A row of counters: version u8 (1) | values i64, little-endian. Readers take missing values as 0.</summary>
internal static class CounterRecord
{
    public const byte Version = 1;

    public static int SizeOf(int count) => 1 + (8 * count);

    public static void Write(Span<byte> record, ReadOnlySpan<long> values)
    {
        record[0] = Version;
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(record[(1 + (8 * i))..], values[i]);
    }

    public static void Read(ReadOnlySpan<byte> record, Span<long> values)
    {
        values.Clear();
        if (record.IsEmpty)
            return;
        if (record[0] != Version)
            throw new InvalidDataException($"counter record of version {record[0]}");
        for (var i = 0; i < values.Length && 1 + (8 * (i + 1)) <= record.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(record[(1 + (8 * i))..]);
    }
}

/// <summary>Positions in a collection's counters. Persisted: append only.</summary>
internal static class CollectionCounter
{
    public const int Documents = 0;
    public const int Bytes = 1;
    public const int Size = 2;
}

/// <summary>Positions in an index's counters. Persisted: append only.</summary>
internal static class IndexCounter
{
    public const int Entries = 0;

    /// <summary>Entries whose fields fall into the sample, one in eight by checksum.</summary>
    public const int SampledEntries = 1;

    /// <summary>Distinct fields in the sample.</summary>
    public const int SampledDistinct = 2;

    /// <summary>Entries that were cut off.</summary>
    public const int Truncated = 3;
    public const int Size = 4;
}
