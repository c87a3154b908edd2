namespace GeoFabric.Primitives.Geo;

/// <summary>An area with holes: the first ring bounds it, the others are cut out.</summary>
public sealed record GeoArea(GeoRing Outer, GeoRing[] Holes)
{
    public IEnumerable<GeoRing> Rings => [Outer, .. Holes];

    /// <summary>Whether a place is inside or on a boundary, that of a hole included.</summary>
    public bool Contains(UnitVector place) =>
        Outer.Contains(place) && !Holes.Any(hole => !hole.IsOnLine(place) && hole.Contains(place));
}

/// <summary>What a GeoJSON geometry means on the sphere: points, lines or areas.</summary>
public sealed class GeoShape(string type, UnitVector[] points, UnitVector[][] lines, GeoArea[] areas)
{
    /// <summary>The name of the GeoJSON type.</summary>
    public string Type => type;

    public UnitVector[] Points => points;

    public UnitVector[][] Lines => lines;

    public GeoArea[] Areas => areas;

    /// <summary>Whether it is a single place.</summary>
    public bool IsPoint => points.Length == 1 && lines.Length == 0 && areas.Length == 0;

    /// <summary>All points and all vertices of lines and rings.</summary>
    public IEnumerable<UnitVector> Vertices =>
        [.. points, .. lines.SelectMany(line => line), .. areas.SelectMany(area => area.Rings).SelectMany(ring => ring.Vertices)];

    /// <summary>All arcs of lines and rings.</summary>
    private IEnumerable<(UnitVector From, UnitVector To)> Arcs
    {
        get
        {
            foreach (var line in lines)
            {
                for (var i = 0; i + 1 < line.Length; i++)
                    yield return (line[i], line[i + 1]);
            }
            foreach (var ring in areas.SelectMany(area => area.Rings))
            {
                for (var i = 0; i < ring.Vertices.Length; i++)
                    yield return (ring.Vertices[i], ring.Vertices[(i + 1) % ring.Vertices.Length]);
            }
        }
    }

    /// <summary>Area on the sphere of radius 1.</summary>
    public double Area => areas.Sum(area => Math.Max(0, area.Outer.Area - area.Holes.Sum(hole => hole.Area)));

    /// <summary>
    /// The centre of mass: of the areas, or else of the lines, or else of the points. The integral of the place over an area is half the sum
    /// of angle times normal over its edges, so no area has to be cut into triangles.
    /// </summary>
    public UnitVector Centroid
    {
        get
        {
            if (IsPoint)
                return points[0];
            var sum = default(UnitVector);
            foreach (var area in areas)
            {
                sum += Moment(area.Outer);
                foreach (var hole in area.Holes)
                    sum -= Moment(hole);
            }
            if (areas.Length == 0)
            {
                foreach (var (from, to) in Arcs)
                    sum += (from + to).Normalize() * (2 * Math.Sin(from.AngleTo(to) / 2));
                if (lines.Length == 0 || sum.Length == 0)
                    sum = Vertices.Aggregate(default(UnitVector), (total, vertex) => total + vertex);
            }
            // Whatever balances around the globe has no centre; any place of it will do.
            return sum.Length > 0 ? sum.Normalize() : Vertices.First();
        }
    }

    public bool Covers(UnitVector place) =>
        points.Any(point => SphereGeometry.AreSame(point, place))
        || areas.Any(area => area.Contains(place))
        || (lines.Length > 0 && Arcs.Any(arc => SphereGeometry.IsOnArc(place, arc.From, arc.To)));

    public bool Intersects(GeoShape other, Action throwIfStopped)
    {
        foreach (var vertex in Vertices)
        {
            throwIfStopped();
            if (other.Covers(vertex))
                return true;
        }
        foreach (var vertex in other.Vertices)
        {
            throwIfStopped();
            if (Covers(vertex))
                return true;
        }
        return CrossesArcsOf(other, throwIfStopped);
    }

    /// <summary>Whether all of <paramref name="other"/> is in this shape. Lying on the boundary counts.</summary>
    public bool Contains(GeoShape other, Action throwIfStopped)
    {
        foreach (var vertex in other.Vertices)
        {
            throwIfStopped();
            if (!Covers(vertex))
                return false;
        }
        // An arc between two places on the boundary may still run outside.
        foreach (var (from, to) in other.Arcs)
        {
            throwIfStopped();
            if (!Covers(SphereGeometry.Middle(from, to)))
                return false;
        }
        if (areas.Length == 0 ? other.Areas.Length > 0 : CrossesArcsOf(other, throwIfStopped))
            return false;
        foreach (var hole in areas.SelectMany(area => area.Holes))
        {
            foreach (var vertex in hole.Vertices)
            {
                throwIfStopped();
                if (other.Areas.Any(area => area.Contains(vertex) && !area.Rings.Any(ring => ring.IsOnLine(vertex))))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Whether both are of one type and have the same vertices in the same order; rings may start anywhere and go either way.</summary>
    public bool IsSameAs(GeoShape other, Action throwIfStopped)
    {
        if (type != other.Type || lines.Length != other.Lines.Length || areas.Length != other.Areas.Length || !AreSame(points, other.Points))
            return false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!AreSame(lines[i], other.Lines[i]))
                return false;
        }
        for (var i = 0; i < areas.Length; i++)
        {
            var (left, right) = (areas[i].Rings.ToArray(), other.Areas[i].Rings.ToArray());
            if (left.Length != right.Length || !left.Zip(right).All(rings => AreSameRing(rings.First.Vertices, rings.Second.Vertices, throwIfStopped)))
                return false;
        }
        return true;
    }

    private static UnitVector Moment(GeoRing ring)
    {
        var sum = default(UnitVector);
        for (var i = 0; i < ring.Vertices.Length; i++)
        {
            var (from, to) = (ring.Vertices[i], ring.Vertices[(i + 1) % ring.Vertices.Length]);
            sum += from.Cross(to).Normalize() * (from.AngleTo(to) / 2);
        }
        return sum;
    }

    private bool CrossesArcsOf(GeoShape other, Action throwIfStopped)
    {
        var others = other.Arcs.ToArray();
        foreach (var (a, b) in Arcs)
        {
            throwIfStopped();
            foreach (var (c, d) in others)
            {
                if (SphereGeometry.ArcsCross(a, b, c, d))
                    return true;
            }
        }
        return false;
    }

    private static bool AreSame(UnitVector[] left, UnitVector[] right) =>
        left.Length == right.Length && left.Zip(right).All(pair => SphereGeometry.AreSame(pair.First, pair.Second));

    private static bool AreSameRing(UnitVector[] left, UnitVector[] right, Action throwIfStopped)
    {
        if (left.Length != right.Length)
            return false;
        for (var shift = 0; shift < right.Length; shift++)
        {
            throwIfStopped();
            var i = 0;
            while (i < left.Length && SphereGeometry.AreSame(left[i], right[(i + shift) % right.Length]))
                i++;
            if (i == left.Length)
                return true;
        }
        return false;
    }
}
