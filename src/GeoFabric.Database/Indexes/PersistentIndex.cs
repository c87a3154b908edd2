using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>An ordered index over one to several attribute paths, one of which may expand an array. Edge indexes are such indexes on <c>_from</c> and <c>_to</c>.</summary>
/// <remarks>
/// A missing attribute is null. Sparse indexes leave out documents in which a field is null. With an expanded field each item makes an entry;
/// a document whose attribute there is no array, or an empty one, has none. The entries of edge indexes tell the other end of the edge, so that
/// walking a graph reads no edges, and are found by whole ids only, which spares the sort keys of texts.
/// </remarks>
internal sealed class PersistentIndex : IIndexMaintainer
{
    private readonly byte[] _prefix;
    private readonly Field[] _fields;
    private readonly byte[]? _otherEnd;

    public PersistentIndex(IndexDefinition definition, uint contentsId)
    {
        Definition = definition;
        _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
        _otherEnd = definition.Kind != IndexKind.Edge ? null : definition.Fields[0].Segments[0] == "_from" ? "_to"u8.ToArray() : "_from"u8.ToArray();
        _fields = [.. definition.Fields.Select(field => new Field([.. field.Segments.Select(Encoding.UTF8.GetBytes)], field.ExpansionAt))];
    }

    public IndexDefinition Definition { get; }

    public ReadOnlySpan<byte> Prefix => _prefix;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        fields.Clear();
        CollectFrom(0, document, fields, entries);
    }

    public bool HasSameFields(Value left, Value right)
    {
        foreach (var field in _fields)
        {
            if (field.ExpansionAt >= 0 || !IndexFields.AreSame(IndexFields.Walk(left, field.Segments), IndexFields.Walk(right, field.Segments)))
                return false;
        }
        return _otherEnd is null || IndexFields.AreSame(left.GetAttribute(_otherEnd), right.GetAttribute(_otherEnd));
    }

    public void WriteField(KeyWriter fields, Value value)
    {
        if (_otherEnd is not null && value.IsString)
            fields.WriteExact(value.Utf8);
        else
            fields.Write(value);
    }

    public ReadOnlySpan<byte> Covered(Value document) =>
        _otherEnd is not null && document.TryGetAttribute(_otherEnd, out var end) && end.IsString && end.Utf8.Length <= IndexEntryRecord.CoveredSizeMax ? end.Utf8 : default;

    private void CollectFrom(int position, Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        if (position == _fields.Length)
        {
            entries.Add(fields.Written);
            return;
        }
        var field = _fields[position];
        if (field.ExpansionAt < 0)
        {
            AddField(position, IndexFields.Walk(document, field.Segments), document, fields, entries);
            return;
        }
        var array = IndexFields.Walk(document, field.Segments.AsSpan(0, field.ExpansionAt));
        if (!array.IsArray)
            return;
        foreach (var item in array.Items)
            AddField(position, IndexFields.Walk(item, field.Segments.AsSpan(field.ExpansionAt)), document, fields, entries);
    }

    private void AddField(int position, Value value, Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        if (value.IsNull && Definition.IsSparse)
            return;
        var start = fields.Length;
        WriteField(fields, value);
        CollectFrom(position + 1, document, fields, entries);
        fields.Truncate(start);
    }

    private readonly record struct Field(byte[][] Segments, int ExpansionAt);
}
