using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>An index by the list that a document's vector belongs to: one entry, the list's number, for a document with a vector, which it may keep in short.</summary>
internal sealed class VectorIndex(IndexDefinition definition, uint contentsId) : IIndexMaintainer
{
    private readonly byte[] _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
    private readonly VectorLists _lists = new(definition);

    public IndexDefinition Definition => definition;

    public ReadOnlySpan<byte> Prefix => _prefix;

    public bool HasSameFields(Value left, Value right)
    {
        var (before, after) = (_lists.Find(left), _lists.Find(right));
        // Arrays of different lengths may compare as equal.
        return before.IsArray && after.IsArray && before.Items.Count == after.Items.Count && ValueComparer.Equal(before, after);
    }

    /// <summary>The vector in short.</summary>
    public ReadOnlySpan<byte> Covered(Value document)
    {
        if (_lists.Settings.CodeBits == 0 || document.IsNull)
            return default;
        var vector = new double[_lists.Settings.Dimension];
        if (!_lists.TryRead(document, vector))
            return default;
        if (_lists.Settings.Metric == VectorSettings.Cosine)
            VectorTraining.Normalize(vector);
        return VectorCode.Write(vector, _lists.Settings.CodeBits);
    }

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
