using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>
/// An index over several numbers at once, by the place of their point on a Z-shaped curve; in front of it the values of prefix fields, behind it
/// whatever the point does not say whole. Every document has one entry, unless the index is sparse and a field is null.
/// </summary>
internal sealed class MultiDimensionalIndex(IndexDefinition definition, uint contentsId) : IIndexMaintainer
{
    private readonly byte[] _prefix = KeyLayout.IndexPrefix(contentsId, definition.Id);
    private readonly byte[][][] _paths = [.. definition.Fields.Select(field => field.Segments.Select(Encoding.UTF8.GetBytes).ToArray())];

    public IndexDefinition Definition => definition;

    public ReadOnlySpan<byte> Prefix => _prefix;

    public void Collect(Value document, KeyWriter fields, IIndexEntrySink entries)
    {
        fields.Clear();
        Span<ulong> coordinates = stackalloc ulong[_paths.Length - definition.PrefixFields];
        for (var i = 0; i < _paths.Length; i++)
        {
            var value = IndexFields.Walk(document, _paths[i]);
            if (value.IsNull && definition.IsSparse)
                return;
            if (i < definition.PrefixFields)
                fields.Write(value);
            else
                coordinates[i - definition.PrefixFields] = ZOrder.Coordinate(value);
        }
        Span<byte> point = stackalloc byte[ZOrder.DimensionsMax * ZOrder.BytesPerDimension];
        point = point[..(coordinates.Length * ZOrder.BytesPerDimension)];
        ZOrder.Write(coordinates, point);
        fields.WriteRaw(point);
        for (var i = definition.PrefixFields; i < _paths.Length; i++)
        {
            var value = IndexFields.Walk(document, _paths[i]);
            if (!ZOrder.IsExact(value))
                fields.Write(value);
        }
        entries.Add(fields.Written);
    }

    public bool HasSameFields(Value left, Value right)
    {
        foreach (var path in _paths)
        {
            if (!IndexFields.AreSame(IndexFields.Walk(left, path), IndexFields.Walk(right, path)))
                return false;
        }
        return true;
    }
}
