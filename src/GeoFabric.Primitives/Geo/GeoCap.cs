namespace GeoFabric.Primitives.Geo;

/// <summary>All places within an angle of a centre.</summary>
/// <param name="Centre">A vector of length 1.</param>
/// <param name="Angle">Radians.</param>
public readonly record struct GeoCap(UnitVector Centre, double Angle)
{
    /// <summary>
    /// More than rounding can move a place or turn an edge: 6 hundredths of a millimetre on the globe.
    /// </summary>
    public const double Tolerance = 1e-11;

    /// <summary>
    /// Whoever is inside of a cap up to this size is, with the shortest ways to all others inside, on one side of the globe. Of larger shapes
    /// nothing is said but that they may be anywhere.
    /// </summary>
    private const double BoundedMax = Math.PI / 4;

    public static GeoCap Everywhere { get; } = new(new UnitVector(1, 0, 0), Math.PI);

    /// <summary>Whether so much of the globe is inside that looking for what is not makes no sense. Also for an angle that is no number.</summary>
    public bool IsLarge => !(Angle < Math.PI / 2);

    /// <summary>A cap that holds a shape and its centroid; <see cref="Everywhere"/> for a shape of half the globe.</summary>
    public static GeoCap Around(GeoShape shape)
    {
        var cap = Around(shape.Centroid, shape.Vertices);
        return cap.Angle <= BoundedMax ? cap : Everywhere;
    }

    /// <summary>The smallest cap with that centre that holds all places, and what rounding adds.</summary>
    public static GeoCap Around(UnitVector centre, IEnumerable<UnitVector> places)
    {
        // What balances around the globe has no centre.
        if (!(centre.Length > 0.5))
            return Everywhere;
        double angle = 0;
        foreach (var place in places)
            angle = Math.Max(angle, centre.AngleTo(place));
        return new GeoCap(centre, angle + Tolerance);
    }

    public bool Contains(UnitVector place) => Meets(new GeoCap(place, 0));

    /// <summary>Whether the two have a place in common.</summary>
    public bool Meets(GeoCap other)
    {
        var angle = Angle + other.Angle;
        if (!(angle < Math.PI))
            return true;
        // Chords instead of angles: no arc tangent for each of many.
        var chord = 2 * Math.Sin(angle / 2);
        var way = Centre - other.Centre;
        return way.Dot(way) <= chord * chord;
    }
}
