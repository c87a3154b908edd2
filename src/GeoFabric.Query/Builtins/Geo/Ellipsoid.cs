using GeoFabric.Primitives.Geo;

namespace GeoFabric.Query.Builtins.Geo;

/// <summary>Distances and areas in metres on a model of the earth: a sphere or WGS 84.</summary>
internal sealed class Ellipsoid
{
    private const int RoundsMax = 100;

    private readonly double _equatorRadius;
    private readonly double _flattening;

    private Ellipsoid(double equatorRadius, double flattening)
    {
        _equatorRadius = equatorRadius;
        _flattening = flattening;
    }

    public static Ellipsoid Sphere { get; } = new(6_371_000, 0);

    public static Ellipsoid Wgs84 { get; } = new(6_378_137, 1 / 298.257223563);

    public double Distance(UnitVector from, UnitVector to)
    {
        if (_flattening == 0)
            return from.AngleTo(to) * _equatorRadius;
        return Inverse(from, to) ?? ViaMiddle(from, to);
    }

    /// <summary>Area in square metres of an area whose edges are great circles of the sphere of equal area.</summary>
    public double Area(GeoShape shape)
    {
        if (_flattening == 0)
            return shape.Area * _equatorRadius * _equatorRadius;
        var eccentricity = Math.Sqrt(_flattening * (2 - _flattening));
        var pole = AuthalicTerm(1, eccentricity);
        var areas = shape.Areas.Select(area => new GeoArea(OnEqualAreaSphere(area.Outer, eccentricity, pole), [.. area.Holes.Select(hole => OnEqualAreaSphere(hole, eccentricity, pole))]));
        return new GeoShape(shape.Type, [], [], [.. areas]).Area * _equatorRadius * _equatorRadius * pole / 2;
    }

    private static GeoRing OnEqualAreaSphere(GeoRing ring, double eccentricity, double pole)
    {
        var vertices = new UnitVector[ring.Vertices.Length];
        for (var i = 0; i < vertices.Length; i++)
        {
            var vertex = ring.Vertices[i];
            var sine = AuthalicTerm(vertex.Z, eccentricity) / pole;
            var horizontal = new UnitVector(vertex.X, vertex.Y, 0).Normalize();
            vertices[i] = (horizontal * Math.Sqrt(Math.Max(0, 1 - (sine * sine)))) + new UnitVector(0, 0, sine);
        }
        return GeoRing.Create(vertices);
    }

    /// <summary>Twice the area between equator and a latitude, per radian of longitude and with the equator's radius for unit.</summary>
    private static double AuthalicTerm(double sine, double eccentricity)
    {
        var scaled = eccentricity * sine;
        return (1 - (eccentricity * eccentricity)) * ((sine / (1 - (scaled * scaled))) + (Math.Atanh(scaled) / eccentricity));
    }

    /// <summary>Length of the shortest line (Vincenty, 1975), exact to less than a millimetre; null for nearly opposite places, where the method fails.</summary>
    private double? Inverse(UnitVector from, UnitVector to)
    {
        if (SphereGeometry.AreSame(from, to))
            return 0;
        var polarRadius = _equatorRadius * (1 - _flattening);
        var (sinFrom, cosFrom, longitudeFrom) = Reduce(from);
        var (sinTo, cosTo, longitudeTo) = Reduce(to);
        var difference = Math.IEEERemainder(longitudeTo - longitudeFrom, 2 * Math.PI);
        var lambda = difference;
        for (var round = 0; round < RoundsMax; round++)
        {
            var (sinLambda, cosLambda) = Math.SinCos(lambda);
            var across = cosTo * sinLambda;
            var along = (cosFrom * sinTo) - (sinFrom * cosTo * cosLambda);
            var sinSigma = Math.Sqrt((across * across) + (along * along));
            if (sinSigma == 0)
                return lambda == 0 ? 0 : null;
            var cosSigma = (sinFrom * sinTo) + (cosFrom * cosTo * cosLambda);
            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = cosFrom * cosTo * sinLambda / sinSigma;
            var cosSquareAlpha = 1 - (sinAlpha * sinAlpha);
            // On the equator there is no such angle.
            var cosMiddle = cosSquareAlpha < 1e-30 ? 0 : cosSigma - (2 * sinFrom * sinTo / cosSquareAlpha);
            var c = _flattening / 16 * cosSquareAlpha * (4 + (_flattening * (4 - (3 * cosSquareAlpha))));
            var previous = lambda;
            lambda = difference + ((1 - c) * _flattening * sinAlpha
                * (sigma + (c * sinSigma * (cosMiddle + (c * cosSigma * ((2 * cosMiddle * cosMiddle) - 1))))));
            if (Math.Abs(lambda) > Math.PI)
                return null;
            if (Math.Abs(lambda - previous) > 1e-13)
                continue;
            var square = cosSquareAlpha * ((_equatorRadius * _equatorRadius / (polarRadius * polarRadius)) - 1);
            var a = 1 + (square / 16384 * (4096 + (square * (-768 + (square * (320 - (175 * square)))))));
            var b = square / 1024 * (256 + (square * (-128 + (square * (74 - (47 * square))))));
            var correction = b * sinSigma * (cosMiddle + (b / 4 * ((cosSigma * ((2 * cosMiddle * cosMiddle) - 1))
                - (b / 6 * cosMiddle * ((4 * sinSigma * sinSigma) - 3) * ((4 * cosMiddle * cosMiddle) - 3)))));
            return polarRadius * a * (sigma - correction);
        }
        return null;
    }

    private (double Sine, double Cosine, double Longitude) Reduce(UnitVector place)
    {
        var (longitude, latitude) = place.ToRadians();
        var reduced = Math.Atan2((1 - _flattening) * Math.Sin(latitude), Math.Cos(latitude));
        var (sine, cosine) = Math.SinCos(reduced);
        return (sine, cosine, longitude);
    }

    /// <summary>
    /// Between nearly opposite places each shortest line crosses the circle a quarter of the globe away from both once, so the way over
    /// the best place of that circle is the shortest one, and its halves are easy to measure.
    /// </summary>
    private double ViaMiddle(UnitVector from, UnitVector to)
    {
        const int Directions = 72;
        const double Step = 2 * Math.PI / Directions;
        var north = from.Cross(Math.Abs(from.Z) < 0.9 ? new UnitVector(0, 0, 1) : new UnitVector(1, 0, 0)).Normalize();
        var east = from.Cross(north);
        var best = 0;
        for (var i = 1; i < Directions; i++)
        {
            if (Length(i * Step) < Length(best * Step))
                best = i;
        }
        var (low, high) = ((best - 1) * Step, (best + 1) * Step);
        while (high - low > 1e-9)
        {
            var third = (high - low) / 3;
            if (Length(low + third) < Length(high - third))
                high -= third;
            else
                low += third;
        }
        return Length((low + high) / 2);

        double Length(double direction)
        {
            var middle = (north * Math.Cos(direction)) + (east * Math.Sin(direction));
            return (Inverse(from, middle) ?? double.PositiveInfinity) + (Inverse(middle, to) ?? double.PositiveInfinity);
        }
    }
}
