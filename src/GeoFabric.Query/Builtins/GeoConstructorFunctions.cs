using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Functions that make GeoJSON geometries. Positions are [longitude, latitude], with an elevation behind them or not, or GeoJSON points; anything invalid is
/// warning 1542 and null.
/// </summary>
public static class GeoConstructorFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("GEO_POINT", 2, 3, FunctionPurity.Pure, "A GeoJSON point from longitude, latitude and perhaps elevation.", "GEO_POINT(10.75, 59.91)", "{\"type\":\"Point\",\"coordinates\":[10.75,59.91]}", Point),
        new("GEO_MULTIPOINT", 1, 1, FunctionPurity.Pure, "A GeoJSON multi-point from two positions or more.", "GEO_MULTIPOINT([[10, 59], [11, 60]])", "{\"type\":\"MultiPoint\",\"coordinates\":[[10,59],[11,60]]}", MultiPoint),
        new("GEO_LINESTRING", 1, 1, FunctionPurity.Pure, "A GeoJSON line from positions.", "GEO_LINESTRING([[10, 59], [11, 60]])", "{\"type\":\"LineString\",\"coordinates\":[[10,59],[11,60]]}", LineString),
        new("GEO_MULTILINESTRING", 1, 1, FunctionPurity.Pure, "GeoJSON lines from arrays of positions.", "GEO_MULTILINESTRING([[[10, 59], [11, 60]]])", "{\"type\":\"MultiLineString\",\"coordinates\":[[[10,59],[11,60]]]}", MultiLineString),
        new("GEO_POLYGON", 1, 1, FunctionPurity.Pure, "A GeoJSON polygon from a closed ring or from one with holes.", "GEO_POLYGON([[0, 0], [1, 0], [1, 1], [0, 0]])", "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}", Polygon),
        new("GEO_MULTIPOLYGON", 1, 1, FunctionPurity.Pure, "GeoJSON polygons from arrays of rings.", "GEO_MULTIPOLYGON([[[[0, 0], [1, 0], [1, 1], [0, 0]]]])", "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]]]}", MultiPolygon),
    ];

    private static Value Point(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (!argument.IsNumber)
                return call.WrongType();
        }
        return Create(call, "Point", Value.FromList(call.Arguments.ToArray(), call.Count));
    }

    private static Value MultiPoint(in FunctionCall call) => call[0].IsArray && call[0].Items.Count < 2
        ? call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "a multi-point has two positions at least")
        : Create(call, "MultiPoint", call[0], depth: 1);

    private static Value LineString(in FunctionCall call) => Create(call, "LineString", call[0], depth: 1);

    private static Value MultiLineString(in FunctionCall call) => Create(call, "MultiLineString", call[0], depth: 2);

    private static Value Polygon(in FunctionCall call)
    {
        // A ring alone stands for a polygon without holes.
        var isRing = call[0].IsArray && call[0].Items.Count > 0 && (call[0].Items[0].IsObject
            || (call[0].Items[0].IsArray && call[0].Items[0].Items.Count > 0 && call[0].Items[0].Items[0].IsNumber));
        return Create(call, "Polygon", isRing ? Value.FromList([call[0]], 1) : call[0], depth: 2);
    }

    private static Value MultiPolygon(in FunctionCall call) => Create(call, "MultiPolygon", call[0], depth: 3);

    private static Value Create(in FunctionCall call, string type, Value coordinates, int depth = 0)
    {
        coordinates = WithoutPoints(call, coordinates, depth);
        if (!coordinates.IsArray || !GeoShapeReader.TryReadGeometry(type, coordinates, out var shape))
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "positions must be [longitude, latitude] or [longitude, latitude, elevation], lines have two of them at least, rings are closed and have four");
        foreach (var ring in shape.Areas.SelectMany(area => area.Rings))
        {
            if (ring.CrossesItself(call.Context.ThrowIfStopped))
                return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "a ring crosses itself");
        }
        using var result = new ValueBuilder(256);
        result.BeginObject();
        result.WriteAttribute("type"u8, Value.FromString(type));
        result.WriteAttribute("coordinates"u8, coordinates);
        result.EndObject();
        return ObjectShapeFunctions.Finish(call, result);
    }

    /// <summary>The same coordinates with GeoJSON points replaced by their positions, and those of more than three numbers by null.</summary>
    /// <param name="call">The call in progress.</param>
    /// <param name="coordinates">Nested arrays.</param>
    /// <param name="depth">Levels of arrays around a position.</param>
    private static Value WithoutPoints(in FunctionCall call, Value coordinates, int depth)
    {
        if (depth == 0)
        {
            var position = coordinates.IsObject && coordinates.GetAttribute("type"u8) is { IsString: true } type && type.Utf8.SequenceEqual("Point"u8)
                ? coordinates.GetAttribute("coordinates"u8)
                : coordinates;
            // What stands behind an elevation is kept in documents that have it, but nothing new is made of it.
            return position.IsArray && position.Items.Count > 3 ? default : position;
        }
        if (!coordinates.IsArray)
            return coordinates;
        var items = new ValueListWriter(call.Context, coordinates.Items.Count);
        foreach (var item in coordinates.Items)
            items.Add(WithoutPoints(call, item, depth - 1));
        return items.ToValue();
    }
}
