using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>The edges at their vertices: an index over <c>_from</c> or <c>_to</c> whose entries tell the other end, so that walking a graph reads no edges.</summary>
/// <remarks>
/// Vertices are found by whole ids only, which spares the sort keys of texts. The entries of a vertex lie together in chunks (<see cref="EdgeChunk"/>); to
/// everybody else they look like those of other indexes.
/// </remarks>
internal sealed class EdgeIndex(IndexDefinition definition, uint contentsId) : IIndexMaintainer
{
    private readonly byte[] _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
    private readonly bool _isInbound = definition.Fields[0].Segments[0] == "_to";

    public IndexDefinition Definition => definition;

    public ReadOnlySpan<byte> Prefix => _prefix;

    /// <summary>Whether its vertices are those that edges lead to.</summary>
    public bool IsInbound => _isInbound;

    /// <summary>The attribute that names the vertex.</summary>
    public ReadOnlySpan<byte> OwnEnd => _isInbound ? "_to"u8 : "_from"u8;

    private ReadOnlySpan<byte> OtherEnd => _isInbound ? "_from"u8 : "_to"u8;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        fields.Clear();
        WriteField(fields, document.GetAttribute(OwnEnd));
        entries.Add(fields.Written);
    }

    public bool HasSameFields(Value left, Value right) =>
        IndexFields.AreSame(left.GetAttribute(OwnEnd), right.GetAttribute(OwnEnd)) && IndexFields.AreSame(left.GetAttribute(OtherEnd), right.GetAttribute(OtherEnd));

    public void WriteField(KeyWriter fields, Value value)
    {
        if (value.IsString)
            fields.WriteExact(value.Utf8);
        else
            fields.Write(value);
    }

    public ReadOnlySpan<byte> Covered(Value document) =>
        document.TryGetAttribute(OtherEnd, out var end) && end.IsString && end.Utf8.Length <= IndexEntryRecord.CoveredSizeMax ? end.Utf8 : default;

    public ICursor OpenEntries(IStorageReader storage, KeyRange range, ScanDirection direction = ScanDirection.Forward) => new EdgeEntryCursor(storage, _prefix, range, direction);

    public bool TryGetEntry(IStorageReader storage, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        using var entries = OpenEntries(storage, KeyRange.WithPrefix(key));
        var isFound = entries.MoveNext() && entries.Key.SequenceEqual(key);
        value = isFound ? entries.Value : default;
        return isFound;
    }

    public void PutEntry(IWriteTransaction storage, IndexEntrySet entries, int position) =>
        entries.Chunks.Put(storage, entries.KeyWithoutDocumentAt(position), entries.KeyAt(position), entries.Covered, entries.IsTruncatedAt(position));

    public bool DeleteEntry(IWriteTransaction storage, IndexEntrySet entries, int position) =>
        entries.Chunks.Delete(storage, entries.KeyWithoutDocumentAt(position), entries.KeyAt(position));

    public int CountEntries(ReadOnlySpan<byte> value)
    {
        var edges = new EdgeChunkReader();
        var count = 0;
        while (edges.MoveNext(value))
            count++;
        return count;
    }

    public bool IsWhole(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => EdgeChunk.IsWhole(key, value);
}
