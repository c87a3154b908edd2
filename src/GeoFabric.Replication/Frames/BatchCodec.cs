using System.Buffers;
using System.IO.Compression;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Replication.Frames;

/// <summary>
/// Records on the wire: what the record before already said is not said again. The receiver gets back the very bytes of the sender's log,
/// which a checksum over all of them proves.
/// </summary>
/// <remarks>
/// <code>
/// record := tag u8 | [flags u8] | [records merged into it varint] | timestamp minus that of the record before varint
///         | [stable timestamp minus that before, signed] | [epoch minus that before, signed] | [context length varint | context]
///         | bytes shared with the operations before varint | length of the others varint | others
/// </code>
/// The tag says which of the parts in brackets are there. Sequences are not sent: a batch has no gap. Small operations of one collection
/// share their first bytes, so even a batch too small to compress is short.
/// </remarks>
internal static class BatchCodec
{
    private const byte HasFlags = 1;
    private const byte IsMerged = 2;
    private const byte StableMoved = 4;
    private const byte EpochMoved = 8;
    private const byte HasContext = 16;

    /// <summary>Level 0 of Brotli compresses operations about as well as the fastest Deflate and at hundreds of megabytes a second.</summary>
    private const int Quality = 0;
    private const int Window = 18;

    /// <summary>A context without dependencies, request id and actor: mode and count.</summary>
    private const int EmptyContextLength = 2;

    /// <param name="records">Of one origin without a gap, at least one.</param>
    /// <param name="incarnation">The sender's.</param>
    public static BatchFrame Encode(IReadOnlyList<ReadOnlyMemory<byte>> records, int compressionBytesMin, bool isPulled, byte incarnation = 0)
    {
        var writer = new FrameWriter(256);
        var previous = default(ChangeRecordHeader);
        ReadOnlySpan<byte> previousOperations = default;
        var first = default(ChangeRecordHeader);
        var checksum = Crc32C.Initial;
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i].Span;
            var header = ChangeRecordHeader.ReadUnchecked(record);
            var operations = record[header.OperationsOffset..];
            Write(writer, header, record[header.ContextOffset..header.OperationsOffset], operations, previous, previousOperations);
            checksum = Crc32C.Append(checksum, record[4..8]);
            first = i == 0 ? header : first;
            previous = header;
            previousOperations = operations;
        }
        var (content, isCompressed) = Compress(writer.Written, compressionBytesMin);
        return new BatchFrame(incarnation, first.Origin, first.Sequence, records.Count, isPulled, Crc32C.Finish(checksum), writer.Length, isCompressed, content);
    }

    /// <summary>Restores the records; their checksums are those of the sender's log.</summary>
    /// <param name="checksum">Of the restored records, to compare with the batch's.</param>
    /// <exception cref="InvalidDataException">The content is not a batch.</exception>
    public static List<(ChangeRecordHeader Header, ReadOnlyMemory<byte> Record)> Decode(BatchFrame batch, out uint checksum)
    {
        var reader = new FrameReader(batch.IsCompressed ? Decompress(batch) : batch.Content);
        if (batch.Count == 0 || batch.Count > reader.Remaining / 4)
            throw new InvalidDataException($"{reader.Remaining} bytes cannot be {batch.Count} records");
        var records = new List<(ChangeRecordHeader, ReadOnlyMemory<byte>)>(batch.Count);
        var previous = default(ChangeRecordHeader);
        ReadOnlyMemory<byte> previousOperations = default;
        var state = Crc32C.Initial;
        for (var i = 0; i < batch.Count; i++)
        {
            var sequence = i == 0 ? batch.FirstSequence : previous.LastSequence + 1;
            var record = Read(ref reader, batch.Origin, sequence, previous, previousOperations.Span, out var stated);
            // Read again from the bytes: what stands in the record counts, not what the batch said about it.
            var header = ChangeRecordHeader.ReadUnchecked(record);
            state = Crc32C.Append(state, record.AsSpan(4, 4));
            records.Add((header, record));
            previous = stated;
            previousOperations = record.AsMemory(header.OperationsOffset);
        }
        reader.End();
        checksum = Crc32C.Finish(state);
        return records;
    }

    private static void Write(
        FrameWriter writer, in ChangeRecordHeader header, ReadOnlySpan<byte> context, ReadOnlySpan<byte> operations,
        in ChangeRecordHeader previous, ReadOnlySpan<byte> previousOperations)
    {
        var stable = StableOf(header);
        var previousStable = StableOf(previous);
        var hasContext = context.Length != EmptyContextLength || context[1] != 0;
        var tag = (header.Flags == ChangeFlags.None ? 0 : HasFlags) | (header.Sequence == header.LastSequence ? 0 : IsMerged) | (stable == previousStable ? 0 : StableMoved)
            | (header.Epoch == previous.Epoch ? 0 : EpochMoved) | (hasContext ? HasContext : 0);
        writer.Byte((byte)tag);
        if (header.Flags != ChangeFlags.None)
            writer.Byte((byte)header.Flags);
        if (header.Sequence != header.LastSequence)
            writer.Number(header.LastSequence - header.Sequence);
        writer.Number(header.Timestamp.Bits - previous.Timestamp.Bits);
        if (stable != previousStable)
            writer.Signed((long)(stable - previousStable));
        if (header.Epoch != previous.Epoch)
            writer.Signed((long)(header.Epoch - previous.Epoch));
        if (hasContext)
            writer.Bytes(context);
        var shared = operations.CommonPrefixLength(previousOperations);
        writer.Number((ulong)shared);
        writer.Bytes(operations[shared..]);
    }

    private static byte[] Read(
        ref FrameReader reader, ChangeOrigin origin, ulong sequence, in ChangeRecordHeader previous, ReadOnlySpan<byte> previousOperations, out ChangeRecordHeader header)
    {
        var tag = reader.Byte();
        if (tag >= HasContext * 2)
            throw new InvalidDataException($"a record begins with {tag}");
        var flags = (tag & HasFlags) == 0 ? ChangeFlags.None : (ChangeFlags)reader.Byte();
        var last = (tag & IsMerged) == 0 ? sequence : checked(sequence + reader.Number());
        var timestamp = unchecked(previous.Timestamp.Bits + reader.Number());
        var stable = (tag & StableMoved) == 0 ? StableOf(previous) : StableOf(previous) + (ulong)reader.Signed();
        var epoch = (tag & EpochMoved) == 0 ? previous.Epoch : previous.Epoch + (ulong)reader.Signed();
        var context = (tag & HasContext) == 0 ? new byte[EmptyContextLength] : reader.Bytes();
        var shared = reader.Count(previousOperations.Length);
        var others = reader.Bytes();
        header = new ChangeRecordHeader
        {
            Flags = flags,
            Origin = origin,
            Sequence = sequence,
            LastSequence = last,
            Timestamp = new HybridTimestamp(timestamp),
            StableDistance = timestamp - stable,
            Epoch = epoch,
        };
        var operations = ArrayPool<byte>.Shared.Rent(shared + others.Length);
        try
        {
            previousOperations[..shared].CopyTo(operations);
            others.Span.CopyTo(operations.AsSpan(shared));
            return ChangeRecordHeader.Assemble(header, context.Span, operations.AsSpan(0, shared + others.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(operations);
        }
    }

    private static ulong StableOf(in ChangeRecordHeader header) => header.Timestamp.Bits - header.StableDistance;

    private static (ReadOnlyMemory<byte> Content, bool IsCompressed) Compress(ReadOnlySpan<byte> content, int bytesMin)
    {
        if (content.Length >= bytesMin)
        {
            var target = new byte[content.Length];
            if (BrotliEncoder.TryCompress(content, target, out var written, Quality, Window) && written < content.Length)
                return (target.AsMemory(0, written), true);
        }
        return (content.ToArray(), false);
    }

    private static byte[] Decompress(BatchFrame batch)
    {
        // The claim is bounded by the largest frame; Brotli itself would stop at no ratio.
        var target = new byte[batch.RawLength];
        if (!BrotliDecoder.TryDecompress(batch.Content.Span, target, out var written) || written != target.Length)
            throw new InvalidDataException("a batch does not decompress");
        return target;
    }
}
