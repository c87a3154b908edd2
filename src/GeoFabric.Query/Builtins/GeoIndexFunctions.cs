using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Geo;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Functions that find documents through the geo index of a collection, which comes to them as its name. Unlike others they fail on wrong arguments:
/// no such index is 1570, a wrong type 1542, a place that is none 1505. Documents without a place are not found.
/// </summary>
public static class GeoIndexFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("NEAR", 3, 5, FunctionPurity.Stable, "The documents nearest to a latitude and longitude, 100 or as many as told, nearest first; with the distance in metres as an attribute of that name.", "false AND NEAR(\"places\", 59.91, 10.75, 3, \"metres\")", "false", Near),
        new("WITHIN", 4, 5, FunctionPurity.Stable, "The documents within so many metres of a latitude and longitude, nearest first; with the distance as an attribute of that name.", "false AND WITHIN(\"places\", 59.91, 10.75, 1000)", "false", Within),
        new("WITHIN_RECTANGLE", 5, 5, FunctionPurity.Stable, "The documents between two latitudes and two longitudes, given by two opposite corners.", "false AND WITHIN_RECTANGLE(\"places\", 59, 10, 60, 11)", "false", WithinRectangle),
    ];

    private static Value Near(in FunctionCall call)
    {
        var (collection, index) = FindIndex(call);
        var centre = ReadPlace(call, 1);
        var limit = call[3].IsNull ? 100 : Casts.ToInteger(ReadNumber(call, 3));
        return Nearest(call, collection, index, centre, Math.Max(0, limit), double.PositiveInfinity, ReadName(call, 4));
    }

    private static Value Within(in FunctionCall call)
    {
        var (collection, index) = FindIndex(call);
        var centre = ReadPlace(call, 1);
        return Nearest(call, collection, index, centre, long.MaxValue, ReadNumber(call, 3).Number, ReadName(call, 4));
    }

    private static Value WithinRectangle(in FunctionCall call)
    {
        // Rounding turns degrees into vectors and back.
        const double Tolerance = 1e-12;
        const double Degrees = 180 / Math.PI;
        var (collection, index) = FindIndex(call);
        ReadPlace(call, 1);
        ReadPlace(call, 3);
        var (south, north) = (Math.Min(call[1].Number, call[3].Number) - Tolerance, Math.Max(call[1].Number, call[3].Number) + Tolerance);
        var (west, east) = (Math.Min(call[2].Number, call[4].Number) - Tolerance, Math.Max(call[2].Number, call[4].Number) + Tolerance);
        var found = new List<(double Distance, Value Document)>();
        using var walk = new GeoIndexWalk(call.Context, collection, index);
        walk.Start(CapAround(south, west, north, east), includesUnplaced: false);
        var position = new GeoPosition(index);
        while (walk.MoveNext())
        {
            if (!position.TryRead(walk.Document, out var shape))
                continue;
            var (longitude, latitude) = shape.Centroid.ToRadians();
            if (latitude * Degrees >= south && latitude * Degrees <= north && longitude * Degrees >= west && longitude * Degrees <= east)
                Keep(call, found, 0, walk.Document);
        }
        return ToList(call, found, found.Count, default);
    }

    /// <summary>A cap that holds what lies between two latitudes and two longitudes: nothing there is farther from the middle than a corner.</summary>
    private static GeoCap CapAround(double south, double west, double north, double east)
    {
        var corners = new[] { (west, south), (west, north), (east, south), (east, north) }.Select(corner => UnitVector.FromDegrees(corner.Item1, corner.Item2));
        var cap = GeoCap.Around(UnitVector.FromDegrees((west + east) / 2, (south + north) / 2), corners);
        return cap.IsLarge || east - west >= 180 ? GeoCap.Everywhere : cap;
    }

    /// <summary>Rings around the centre until there are enough documents or nothing is left within the radius.</summary>
    private static Value Nearest(in FunctionCall call, CollectionDefinition collection, IndexDefinition index, UnitVector centre, long limit, double radius, Value distanceName)
    {
        const long FirstEntriesMax = 1000;
        var angleMax = Math.Min(Math.PI, (Math.Max(0, radius) / GeoIndexWalk.MetresPerRadianMin) + GeoCap.Tolerance);
        var found = new List<(double Distance, Value Document)>();
        using var walk = new GeoIndexWalk(call.Context, collection, index);
        var cap = new GeoCap(centre, limit == long.MaxValue ? angleMax : Math.Min(angleMax, walk.AngleFor(centre, Math.Clamp(limit, 1, FirstEntriesMax))));
        var position = new GeoPosition(index);
        for (walk.Start(cap, includesUnplaced: false); ; walk.Grow(cap))
        {
            while (walk.MoveNext())
            {
                if (!position.TryRead(walk.Document, out var shape))
                    continue;
                var distance = Ellipsoid.Sphere.Distance(centre, shape.Centroid);
                if (distance <= radius)
                    Keep(call, found, distance, walk.Document);
            }
            var reached = cap.Angle * GeoIndexWalk.MetresPerRadianMin;
            if (cap.Angle >= angleMax || (found.Count >= limit && found.Count(item => item.Distance < reached) >= limit))
                return ToList(call, found, limit, distanceName);
            cap = cap with { Angle = Math.Min(angleMax, 2 * cap.Angle) };
        }
    }

    private static void Keep(in FunctionCall call, List<(double Distance, Value Document)> found, double distance, Value document)
    {
        call.Context.ReserveMemory(32);
        found.Add((distance, document));
    }

    /// <summary>By distance, equal ones by key.</summary>
    private static Value ToList(in FunctionCall call, List<(double Distance, Value Document)> found, long limit, Value distanceName)
    {
        found.Sort((left, right) => left.Distance.CompareTo(right.Distance) is var order and not 0
            ? order
            : ValueComparer.Compare(left.Document.GetAttribute("_key"u8), right.Document.GetAttribute("_key"u8)));
        var count = (int)Math.Min(limit, found.Count);
        var list = new ValueListWriter(call.Context, count);
        for (var i = 0; i < count; i++)
            list.Add(distanceName.IsNull ? found[i].Document : WithDistance(call, found[i].Document, distanceName, found[i].Distance));
        return list.ToValue();
    }

    private static Value WithDistance(in FunctionCall call, Value document, Value name, double distance)
    {
        using var result = new ValueBuilder(512);
        result.BeginObject();
        foreach (var (attribute, value) in document.Attributes)
        {
            if (!attribute.SequenceEqual(name.Utf8))
                result.WriteAttribute(attribute, value);
        }
        result.WriteAttribute(name.Utf8, Value.FromDouble(distance));
        result.EndObject();
        return ObjectShapeFunctions.Finish(call, result);
    }

    private static (CollectionDefinition Collection, IndexDefinition Index) FindIndex(in FunctionCall call)
    {
        if (!call[0].IsString)
            throw call.WrongArgument(0, "the name of a collection");
        var collection = call.Context.Reader.Catalog.GetCollection(call[0].Text);
        return collection.Indexes.FirstOrDefault(index => index is { Kind: IndexKind.Geo, IsBuilding: false }) is { } index
            ? (collection, index)
            : throw ErrorCodes.GeoIndexMissing.With($"collection '{collection.Name}' in call to function '{call.Name}()'");
    }

    private static UnitVector ReadPlace(in FunctionCall call, int position)
    {
        var (latitude, longitude) = (ReadNumber(call, position).Number, ReadNumber(call, position + 1).Number);
        return GeoShapeReader.TryCreate(longitude, latitude, out var place)
            ? place
            : throw ErrorCodes.InvalidGeoValue.With($"latitude {latitude}, longitude {longitude} in call to function '{call.Name}()': -90 to 90 and -180 to 180");
    }

    private static Value ReadNumber(in FunctionCall call, int position) => call[position].IsNumber ? call[position] : throw call.WrongArgument(position, "a number");

    private static Value ReadName(in FunctionCall call, int position) =>
        call[position].IsNull || (call[position].IsString && !call[position].Utf8.IsEmpty) ? call[position] : throw call.WrongArgument(position, "the name of an attribute");
}
