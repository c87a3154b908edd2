using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>An ordered index over one to several attribute paths, one of which may expand an array.</summary>
/// <remarks>
/// A missing attribute is null. Sparse indexes leave out documents in which a field is null. With an expanded field each item makes an entry;
/// a document whose attribute there is no array, or an empty one, has none.
/// </remarks>
internal sealed class PersistentIndex : IIndexMaintainer
{
    private readonly byte[] _prefix;
    private readonly Field[] _fields;

    public PersistentIndex(IndexDefinition definition, uint contentsId)
    {
        Definition = definition;
        _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
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
        return true;
    }

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
        fields.Write(value);
        CollectFrom(position + 1, document, fields, entries);
        fields.Truncate(start);
    }

    private readonly record struct Field(byte[][] Segments, int ExpansionAt);
}
