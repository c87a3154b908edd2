using System.Globalization;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Documents with places of all kinds, good and bad, and queries about them, where geometry is hardest: at poles, the date line, faces' edges.</summary>
internal sealed class GeoQueryGenerator(int seed)
{
    private const double Degrees = 180 / Math.PI;

    private readonly Random _random = new(seed);
    private (double Longitude, double Latitude)? _crowd;

    /// <summary>A document with a geometry, a pair with the latitude first, and two numbers.</summary>
    public string Document(int key)
    {
        var (longitude, latitude) = Place();
        return $$"""{"_key":"k{{key}}","n":{{_random.Next(5)}},"loc":{{Geometry()}},"p":{{Pair(latitude, longitude)}},"lat":{{Number(latitude)}},"lon":{{Number(longitude)}}}""";
    }

    /// <summary>A query over the collection <c>empty</c>.</summary>
    public string Query()
    {
        var (distance, far) = Pick<Func<(string, double)>>(GeoDistance, LatitudeLongitude, FromArray, FromPair)();
        var radius = Text(far);
        var name = "metres";
        return _random.Next(10) switch
        {
            0 => $"FOR d IN empty FILTER {distance} {Pick("<", "<=")} {radius} SORT d._key RETURN d._key",
            1 => $"FOR d IN empty FILTER {radius} {Pick(">", ">=")} {distance} SORT d._key RETURN d._key",
            2 => $"FOR d IN empty LET {name} = {distance} FILTER {name} < {radius} SORT d._key RETURN [d._key, {name}]",
            3 => $"FOR d IN empty FILTER GEO_IN_RANGE({Pick("d.loc, " + Shape(), Shape() + ", d.loc")}, {Text(far / 3)}, {radius}{Pick("", ", false, false", ", true, true, \"wgs84\"")}) SORT d._key RETURN d._key",
            4 => $"FOR d IN empty FILTER {Pick("GEO_CONTAINS", "GEO_INTERSECTS")}({Pick("d.loc, " + Shape(), Shape() + ", d.loc")}) SORT d._key RETURN d._key",
            5 => $"FOR d IN empty FILTER {Pick("GEO_CONTAINS", "GEO_INTERSECTS")}({Shape()}, {Pick("[d.lon, d.lat]", "GEO_POINT(d.lon, d.lat)")}) SORT d._key RETURN d._key",
            6 => $"FOR d IN empty SORT {distance} LIMIT {Limit()} RETURN d._key",
            7 => $"FOR d IN empty LET {name} = {distance} FILTER d.n != 2 FILTER {name} >= {Text(far / 10)} SORT {name} LIMIT {Limit()} RETURN [d._key, {name}]",
            8 => $"FOR d IN empty LET {name} = {distance} FILTER {name} <= {radius} SORT {name}, d.n DESC LIMIT {Limit()} RETURN [d._key, {name}]",
            _ => $"FOR e IN empty FILTER e.n == 1 SORT e._key LIMIT 5 FOR d IN empty FILTER GEO_DISTANCE(d.loc, e.loc) < {radius} SORT e._key, d._key RETURN [e._key, d._key]",
        };
    }

    public int Next(int count) => _random.Next(count);

    private (string Distance, double Far) GeoDistance() =>
        ($"GEO_DISTANCE({Pick("d.loc, " + Shape(), Shape() + ", d.loc")}{Pick("", "", ", \"sphere\"", ", \"wgs84\"")})", Radius());

    private (string Distance, double Far) LatitudeLongitude()
    {
        var (longitude, latitude) = Place();
        var other = $"{Number(latitude)}, {Number(longitude)}";
        return ($"DISTANCE({Pick($"d.lat, d.lon, {other}", $"{other}, d.lat, d.lon")})", Radius());
    }

    private (string Distance, double Far) FromArray()
    {
        var (longitude, latitude) = Place();
        return ($"DISTANCE(d.p[0], d.p[1], {Number(latitude)}, {Number(longitude)})", Radius());
    }

    private (string Distance, double Far) FromPair() => ($"GEO_DISTANCE({Pick("[d.lon, d.lat]", "[d.p[1], d.p[0]]")}, {Shape()})", Radius());

    private string Limit() => Pick("", $"{_random.Next(5)}, ") + _random.Next(12);

    /// <summary>From nothing to more than the globe.</summary>
    private double Radius() => _random.Next(12) switch
    {
        0 => 0,
        1 => -1,
        2 => 3e7,
        _ => Math.Pow(10, _random.NextDouble() * 7.4),
    };

    /// <summary>What queries compare with: mostly valid.</summary>
    private string Shape() => _random.Next(25) == 0 ? Pick("null", "[200, 0]", "\"here\"", """{"type":"Point"}""") : Valid();

    private string Geometry() => _random.Next(12) == 0 ? Pick("null", "[0, 91]", "7", "{}", """{"type":"Polygon","coordinates":[]}""", """{"0":1,"1":2}""") : Valid();

    private string Valid()
    {
        var (longitude, latitude) = Place();
        var around = Math.Pow(10, (_random.NextDouble() * 7) - 5);
        return _random.Next(8) switch
        {
            0 or 1 or 2 => Pair(longitude, latitude),
            3 => $$"""{"type":"Point","coordinates":{{Pair(longitude, latitude)}}}""",
            4 => $$"""{"type":"MultiPoint","coordinates":[{{string.Join(",", Around(longitude, latitude, around, 3))}}]}""",
            5 => $$"""{"type":"LineString","coordinates":[{{string.Join(",", Around(longitude, latitude, around, 3))}}]}""",
            _ => $$"""{"type":"Polygon","coordinates":[[{{Ring(longitude, latitude, around)}}]]}""",
        };
    }

    private string Ring(double longitude, double latitude, double around)
    {
        var places = Around(longitude, latitude, around, 3 + _random.Next(4));
        // Some cross themselves.
        if (_random.Next(4) == 0)
            (places[0], places[1]) = (places[1], places[0]);
        return string.Join(",", [.. places, places[0]]);
    }

    /// <summary>Places at a distance of some degrees, one after another around a centre.</summary>
    private List<string> Around(double longitude, double latitude, double degrees, int count)
    {
        var places = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var (bearing, way) = (2 * Math.PI * i / count, degrees / Degrees);
            var sine = (Math.Sin(latitude / Degrees) * Math.Cos(way)) + (Math.Cos(latitude / Degrees) * Math.Sin(way) * Math.Cos(bearing));
            var north = Math.Asin(Math.Clamp(sine, -1, 1));
            var east = Math.Atan2(Math.Sin(bearing) * Math.Sin(way) * Math.Cos(latitude / Degrees), Math.Cos(way) - (Math.Sin(latitude / Degrees) * sine));
            places.Add(Pair(Math.IEEERemainder(longitude + (east * Degrees), 360), north * Degrees));
        }
        return places;
    }

    private (double Longitude, double Latitude) Place()
    {
        _crowd ??= Anywhere();
        if (_random.Next(2) == 0)
            return Anywhere();
        var spread = Math.Pow(10, (_random.NextDouble() * 5) - 4);
        return (Math.IEEERemainder(_crowd.Value.Longitude + (spread * (_random.NextDouble() - 0.5)), 360), Math.Clamp(_crowd.Value.Latitude + (spread * (_random.NextDouble() - 0.5)), -90, 90));
    }

    private (double Longitude, double Latitude) Anywhere() => _random.Next(6) switch
    {
        0 => (Pick(-180.0, 180, 179.99999, -179.99999), (_random.NextDouble() * 180) - 90),
        1 => ((_random.NextDouble() * 360) - 180, Pick(90.0, -90, 89.99999, -89.9)),
        2 => (Pick(-135.0, -45, 0, 45, 90, 135), Pick(-45.0, 0, 35.264389682754654, 45)),
        3 => (_random.Next(-5, 6), _random.Next(-5, 6)),
        _ => ((_random.NextDouble() * 360) - 180, (_random.NextDouble() * 180) - 90),
    };

    private string Pair(double first, double second) => $"[{Text(first)},{Text(second)}]";

    /// <summary>A coordinate; now and then none.</summary>
    private string Number(double value) => _random.Next(40) == 0 ? Pick("null", "\"1\"", "400") : Text(value);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal);

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
