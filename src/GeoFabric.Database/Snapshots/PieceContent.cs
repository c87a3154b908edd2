using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Snapshots;

/// <summary>What a thing in a piece is. Travels between regions: append only.</summary>
internal enum PieceEntryKind : byte
{
    Collection = 1,
    DroppedCollection = 2,
    StoredQuery = 3,

    /// <summary>A document, or what is left of a deleted one.</summary>
    Document = 4,

    /// <summary>What came of a request that may be sent again.</summary>
    Request = 5,
}

/// <summary>Writes the content of a piece.</summary>
/// <remarks>
/// <code>
/// content  := version u8 (1) | stable timestamp | count, (region, incarnation u8, position)* | entry*
/// entry    := kind u8 | (wire id, definition) or wire id or (name, saved query) or (wire id, key, revision, body, metadata)
///           or (key, record) of a request
/// </code>
/// Numbers are varints, bytes have their length before them; a body or metadata that is not there is empty.
/// </remarks>
internal sealed class PieceContentWriter
{
    public const byte Version = 1;

    private readonly MergeBytes _bytes = new();

    public PieceContentWriter(HybridTimestamp stable, IReadOnlyCollection<AppliedPosition> positions)
    {
        _bytes.Byte(Version).Number(stable.Bits).Number((ulong)positions.Count);
        foreach (var position in positions)
            _bytes.Number(position.Origin.Region).Byte(position.Origin.Incarnation).Bytes(position.Write());
    }

    public int Length => _bytes.Written.Length;

    public byte[] ToArray() => _bytes.ToArray();

    public void AddCollection(ulong wireId, Value definition) => _bytes.Byte((byte)PieceEntryKind.Collection).Number(wireId).Value(definition);

    public void AddDroppedCollection(ulong wireId) => _bytes.Byte((byte)PieceEntryKind.DroppedCollection).Number(wireId);

    public void AddStoredQuery(string name, Value content) => _bytes.Byte((byte)PieceEntryKind.StoredQuery).Text(name).Value(content);

    public void AddRequest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> record) => _bytes.Byte((byte)PieceEntryKind.Request).Bytes(key).Bytes(record);

    /// <param name="record">The stored document; empty when it has been deleted.</param>
    public void AddDocument(ulong wireId, ReadOnlySpan<byte> encodedKey, ReadOnlySpan<byte> record, ReadOnlySpan<byte> metadata)
    {
        _bytes.Byte((byte)PieceEntryKind.Document).Number(wireId).Bytes(encodedKey);
        _bytes.Stamp(record.IsEmpty ? default : DocumentHeader.ReadStamp(record)).Bytes(record.IsEmpty ? default : DocumentHeader.Body(record)).Bytes(metadata);
    }
}

/// <summary>Something a piece holds; what does not belong to its kind is empty.</summary>
internal readonly record struct PieceEntry(PieceEntryKind Kind, ulong WireId, string Name, Value Content, byte[] Key, RevisionStamp Stamp, byte[] Body, byte[] Metadata);

/// <summary>The content of a piece, read back.</summary>
internal sealed record PieceContent(HybridTimestamp Stable, IReadOnlyList<AppliedPosition> Positions, IReadOnlyList<PieceEntry> Entries)
{
    /// <exception cref="InvalidDataException">The content is damaged or of another version.</exception>
    public static PieceContent Read(byte[] content)
    {
        var reader = new MergeReader(content);
        if (reader.ReadByte() != PieceContentWriter.Version)
            throw new InvalidDataException("a piece of a snapshot has an unknown version");
        var stable = new HybridTimestamp(reader.ReadNumber());
        var positions = new List<AppliedPosition>();
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var origin = new ChangeOrigin(checked((ushort)reader.ReadNumber()), reader.ReadByte());
            positions.Add(AppliedPosition.Read(origin, reader.ReadBytes()));
        }
        var entries = new List<PieceEntry>();
        while (!reader.IsAtEnd)
            entries.Add(ReadEntry(ref reader));
        return new PieceContent(stable, positions, entries);
    }

    private static PieceEntry ReadEntry(ref MergeReader reader)
    {
        var kind = (PieceEntryKind)reader.ReadByte();
        switch (kind)
        {
            case PieceEntryKind.Collection:
                return new PieceEntry(kind, reader.ReadNumber(), "", reader.ReadValue(), [], default, [], []);
            case PieceEntryKind.DroppedCollection:
                return new PieceEntry(kind, reader.ReadNumber(), "", Value.Null, [], default, [], []);
            case PieceEntryKind.StoredQuery:
                return new PieceEntry(kind, 0, reader.ReadText(), reader.ReadValue(), [], default, [], []);
            case PieceEntryKind.Document:
                return new PieceEntry(
                    kind, reader.ReadNumber(), "", Value.Null, reader.ReadBytes().ToArray(), reader.ReadStamp(), reader.ReadBytes().ToArray(), reader.ReadBytes().ToArray());
            case PieceEntryKind.Request:
                return new PieceEntry(kind, 0, "", Value.Null, reader.ReadBytes().ToArray(), default, reader.ReadBytes().ToArray(), []);
            default:
                throw new InvalidDataException($"a piece of a snapshot holds something of the unknown kind {(int)kind}");
        }
    }
}
