using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Geo;

/// <summary>Reads GeoJSON geometries, and a bare <c>[longitude, latitude]</c> as a point.</summary>
public static class GeoShapeReader
{
    /// <summary>False for anything that is no valid geometry. Rings that cross themselves are not looked for; constructors do that.</summary>
    public static bool TryRead(Value value, out GeoShape shape)
    {
        shape = new GeoShape("Point", [], [], []);
        if (value.IsArray)
        {
            if (!TryReadPosition(value, out var point))
                return false;
            shape = new GeoShape("Point", [point], [], []);
            return true;
        }
        var type = value.GetAttribute("type"u8);
        var coordinates = value.GetAttribute("coordinates"u8);
        return type.IsString && coordinates.IsArray && TryReadGeometry(type.Text, coordinates, out shape);
    }

    public static bool TryReadGeometry(string type, Value coordinates, out GeoShape shape)
    {
        UnitVector[] points = [];
        UnitVector[][] lines = [];
        GeoArea[] areas = [];
        var isValid = false;
        switch (type)
        {
            case "Point":
                points = new UnitVector[1];
                isValid = TryReadPosition(coordinates, out points[0]);
                break;
            case "MultiPoint":
                isValid = TryReadPositions(coordinates, 1, out points);
                break;
            case "LineString":
                lines = new UnitVector[1][];
                isValid = TryReadPositions(coordinates, 2, out lines[0]);
                break;
            case "MultiLineString":
                isValid = TryReadAll(coordinates, TryReadLine, out lines);
                break;
            case "Polygon":
                areas = new GeoArea[1];
                isValid = TryReadArea(coordinates, out areas[0]);
                break;
            case "MultiPolygon":
                isValid = TryReadAll(coordinates, TryReadArea, out areas);
                break;
        }
        shape = new GeoShape(type, points, lines, areas);
        return isValid;
    }

    /// <summary>Longitude and latitude in degrees; more numbers, such as an elevation, are passed over.</summary>
    public static bool TryReadPosition(Value value, out UnitVector place)
    {
        place = default;
        if (!value.IsArray || value.Items.Count < 2 || !value.Items[0].IsNumber || !value.Items[1].IsNumber)
            return false;
        return TryCreate(value.Items[0].Number, value.Items[1].Number, out place);
    }

    public static bool TryCreate(double longitude, double latitude, out UnitVector place)
    {
        place = UnitVector.FromDegrees(longitude, latitude);
        return Math.Abs(longitude) <= 180 && Math.Abs(latitude) <= 90;
    }

    /// <summary>A ring of at least three different vertices, without immediate repetitions.</summary>
    public static bool TryCreateRing(List<UnitVector> vertices, out GeoRing ring)
    {
        var distinct = new List<UnitVector>(vertices.Count);
        foreach (var vertex in vertices)
        {
            if (distinct.Count == 0 || !SphereGeometry.AreSame(distinct[^1], vertex))
                distinct.Add(vertex);
        }
        if (distinct.Count > 1 && SphereGeometry.AreSame(distinct[0], distinct[^1]))
            distinct.RemoveAt(distinct.Count - 1);
        ring = distinct.Count >= 3 ? GeoRing.Create([.. distinct]) : null!;
        return distinct.Count >= 3;
    }

    private delegate bool TryReadPart<T>(Value value, out T part);

    private static bool TryReadAll<T>(Value value, TryReadPart<T> tryRead, out T[] parts)
    {
        parts = [];
        if (!value.IsArray || value.Items.Count == 0)
            return false;
        parts = new T[value.Items.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!tryRead(value.Items[i], out parts[i]))
                return false;
        }
        return true;
    }

    private static bool TryReadPositions(Value value, int countMin, out UnitVector[] places) =>
        TryReadAll(value, TryReadPosition, out places) && places.Length >= countMin;

    private static bool TryReadLine(Value value, out UnitVector[] line) => TryReadPositions(value, 2, out line);

    private static bool TryReadArea(Value value, out GeoArea area)
    {
        area = null!;
        if (!TryReadAll<GeoRing>(value, TryReadRing, out var rings))
            return false;
        area = new GeoArea(rings[0], rings[1..]);
        return true;
    }

    private static bool TryReadRing(Value value, out GeoRing ring)
    {
        ring = null!;
        return TryReadPositions(value, 4, out var places)
            && SphereGeometry.AreSame(places[0], places[^1])
            && TryCreateRing([.. places], out ring);
    }
}
