using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Geo;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that measure and compare places on the globe. Positions are [longitude, latitude] in degrees unless said otherwise.</summary>
public static class GeoFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("DISTANCE", 4, 4, FunctionPurity.Pure, "Metres between two places given by latitude and longitude.", "ROUND(DISTANCE(52.5163, 13.3777, 50.9322, 6.94))", "476919", Distance),
        new("GEO_DISTANCE", 2, 3, FunctionPurity.Pure, "Metres between the centroids of two geometries.", "ROUND(GEO_DISTANCE([0, 0], [90, 0]))", "10007543", GeoDistance),
        new("GEO_IN_RANGE", 4, 7, FunctionPurity.Pure, "Whether the distance of two geometries is between two numbers of metres.", "GEO_IN_RANGE([0, 0], [0, 1], 100000, 120000)", "true", InRange),
        new("GEO_CONTAINS", 2, 2, FunctionPurity.Pure, "Whether the first geometry contains all of the second.", "GEO_CONTAINS(GEO_POLYGON([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]), [3, 4])", "true", Contains),
        new("GEO_INTERSECTS", 2, 2, FunctionPurity.Pure, "Whether two geometries have any place in common.", "GEO_INTERSECTS(GEO_LINESTRING([[0, 0], [9, 9]]), GEO_LINESTRING([[0, 9], [9, 0]]))", "true", Intersects),
        new("GEO_EQUALS", 2, 2, FunctionPurity.Pure, "Whether two geometries are the same.", "GEO_EQUALS(GEO_POINT(3, 4), [3, 4])", "true", AreEqual),
        new("GEO_AREA", 1, 2, FunctionPurity.Pure, "Square metres of a polygon or of several.", "GEO_AREA(GEO_POLYGON([[0, 0], [9, 0], [9, 9], [0, 0]])) > 0", "true", Area),
        new("IS_IN_POLYGON", 2, 3, FunctionPurity.Pure, "Whether a place given by latitude and longitude is in a polygon given likewise.", "IS_IN_POLYGON([[0, 0], [0, 10], [10, 10], [10, 0]], 5, 5)", "true", IsInPolygon),
    ];

    private static Value Distance(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (!argument.IsNumber)
                return call.WrongType();
        }
        if (!GeoShapeReader.TryCreate(call[1].Number, call[0].Number, out var from) || !GeoShapeReader.TryCreate(call[3].Number, call[2].Number, out var to))
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "a latitude must be between -90 and 90 and a longitude between -180 and 180");
        return Value.FromDouble(HaversineMetres(call[0].Number, call[1].Number, call[2].Number, call[3].Number, from, to));
    }

    /// <summary>Through the angles themselves: a few digits more than through vectors when places are close to each other.</summary>
    private static double HaversineMetres(double fromLatitude, double fromLongitude, double toLatitude, double toLongitude, UnitVector from, UnitVector to)
    {
        const double Radians = Math.PI / 180;
        var sinLatitude = Math.Sin((toLatitude - fromLatitude) * Radians / 2);
        var sinLongitude = Math.Sin((toLongitude - fromLongitude) * Radians / 2);
        var square = (sinLatitude * sinLatitude) + (Math.Cos(fromLatitude * Radians) * Math.Cos(toLatitude * Radians) * sinLongitude * sinLongitude);
        // Near the opposite side of the globe the sine is flat and the vectors know better.
        return square > 0.9 ? Ellipsoid.Sphere.Distance(from, to) : 2 * 6_371_000 * Math.Asin(Math.Sqrt(square));
    }

    private static bool TryReadPair(in FunctionCall call, out GeoShape first, out GeoShape second)
    {
        second = null!;
        return GeoShapeReader.TryRead(call[0], out first) && GeoShapeReader.TryRead(call[1], out second);
    }

    private static bool TryReadEllipsoid(Value argument, out Ellipsoid ellipsoid)
    {
        ellipsoid = Ellipsoid.Sphere;
        if (argument.IsNull)
            return true;
        if (!argument.IsString)
            return false;
        if (argument.Utf8.SequenceEqual("wgs84"u8))
            ellipsoid = Ellipsoid.Wgs84;
        return argument.Utf8.SequenceEqual("wgs84"u8) || argument.Utf8.SequenceEqual("sphere"u8);
    }

    private static Value GeoDistance(in FunctionCall call) =>
        TryReadPair(call, out var first, out var second) && TryReadEllipsoid(call[2], out var ellipsoid)
            ? Value.FromDouble(ellipsoid.Distance(first.Centroid, second.Centroid))
            : call.WrongType();

    private static Value InRange(in FunctionCall call)
    {
        if (!TryReadPair(call, out var first, out var second) || !call[2].IsNumber || !call[3].IsNumber || !TryReadEllipsoid(call[6], out var ellipsoid))
            return call.WrongType();
        if (call.Count > 4 && !call[4].IsBoolean || (call.Count > 5 && !call[5].IsBoolean))
            return call.WrongType();
        var distance = ellipsoid.Distance(first.Centroid, second.Centroid);
        var (low, high) = (call[2].Number, call[3].Number);
        var includesLow = call.Count < 5 || call[4].IsTruthy;
        var includesHigh = call.Count < 6 || call[5].IsTruthy;
        return Value.FromBoolean((includesLow ? distance >= low : distance > low) && (includesHigh ? distance <= high : distance < high));
    }

    private static Value Contains(in FunctionCall call) =>
        TryReadPair(call, out var first, out var second) ? Value.FromBoolean(first.Contains(second, call.Context.ThrowIfStopped)) : call.WrongType();

    private static Value Intersects(in FunctionCall call) =>
        TryReadPair(call, out var first, out var second) ? Value.FromBoolean(first.Intersects(second, call.Context.ThrowIfStopped)) : call.WrongType();

    private static Value AreEqual(in FunctionCall call) =>
        TryReadPair(call, out var first, out var second) ? Value.FromBoolean(first.IsSameAs(second, call.Context.ThrowIfStopped)) : call.WrongType();

    private static Value Area(in FunctionCall call) =>
        GeoShapeReader.TryRead(call[0], out var shape) && TryReadEllipsoid(call[1], out var ellipsoid)
            ? Value.FromDouble(ellipsoid.Area(shape))
            : call.WrongType();

    private static Value IsInPolygon(in FunctionCall call)
    {
        var hasPair = call[1].IsArray;
        var longitudeFirst = hasPair && call[2].IsTruthy;
        if (!call[0].IsArray || (hasPair ? call.Count > 2 && !call[2].IsBoolean : !call[1].IsNumber || !call[2].IsNumber))
            return call.WrongType();
        var vertices = new List<UnitVector>(call[0].Items.Count);
        foreach (var item in call[0].Items)
        {
            if (!TryReadPlace(item, longitudeFirst, out var vertex))
                return call.WrongType();
            vertices.Add(vertex);
        }
        UnitVector place;
        var isPlace = hasPair
            ? TryReadPlace(call[1], longitudeFirst, out place)
            : GeoShapeReader.TryCreate(call[2].Number, call[1].Number, out place);
        return isPlace && GeoShapeReader.TryCreateRing(vertices, out var ring)
            ? Value.FromBoolean(ring.Contains(place))
            : call.WrongType();
    }

    private static bool TryReadPlace(Value pair, bool longitudeFirst, out UnitVector place)
    {
        place = default;
        if (!pair.IsArray || pair.Items.Count < 2 || !pair.Items[0].IsNumber || !pair.Items[1].IsNumber)
            return false;
        var (first, second) = (pair.Items[0].Number, pair.Items[1].Number);
        return longitudeFirst ? GeoShapeReader.TryCreate(first, second, out place) : GeoShapeReader.TryCreate(second, first, out place);
    }
}
