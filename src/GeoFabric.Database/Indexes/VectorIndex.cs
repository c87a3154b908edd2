using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>An index by the list that a document's vector belongs to: one entry, the list's number, for a document with a vector.</summary>
internal sealed class VectorIndex(IndexDefinition definition, uint contentsId) : IIndexMaintainer
{
    private readonly byte[] _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
    private readonly VectorLists _lists = new(definition);

    public IndexDefinition Definition => definition;

    public ReadOnlySpan<byte> Prefix => _prefix;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        var vector = new double[_lists.Settings.Dimension];
        if (!_lists.TryRead(document, vector))
            return;
        fields.Clear();
        fields.Write(Value.FromInteger(_lists.ListOf(vector)));
        entries.Add(fields.Written);
    }
}
