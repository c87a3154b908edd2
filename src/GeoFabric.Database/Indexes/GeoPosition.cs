using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>Reads where a document is, as a geo index understands its fields.</summary>
public sealed class GeoPosition(IndexDefinition index)
{
    private readonly byte[][][] _paths = [.. index.Fields.Select(field => field.Segments.Select(Encoding.UTF8.GetBytes).ToArray())];

    /// <summary>False when the fields hold no valid geometry, or no latitude and longitude.</summary>
    public bool TryRead(Value document, out GeoShape shape)
    {
        var first = Walk(document, _paths[0]);
        if (index.IsGeoJson)
            return GeoShapeReader.TryRead(first, out shape);
        var (latitude, longitude) = _paths.Length == 2
            ? (first, Walk(document, _paths[1]))
            : first.IsArray && first.Items.Count >= 2 ? (first.Items[0], first.Items[1]) : default;
        UnitVector place = default;
        var isPlace = latitude.IsNumber && longitude.IsNumber && GeoShapeReader.TryCreate(longitude.Number, latitude.Number, out place);
        shape = new GeoShape("Point", [place], [], []);
        return isPlace;
    }

    private static Value Walk(Value value, byte[][] names)
    {
        foreach (var name in names)
            value = value.GetAttribute(name);
        return value;
    }
}
