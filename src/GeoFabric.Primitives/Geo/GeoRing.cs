namespace GeoFabric.Primitives.Geo;

/// <summary>
/// A closed line on the sphere and the smaller of the two areas it separates, whichever way its vertices were given. Its edges are arcs of
/// great circles; it is kept with the area on its left.
/// </summary>
public sealed class GeoRing
{
    /// <summary>Whatever is inside is inside of it, unless it is large.</summary>
    private readonly GeoCap _cap;

    private GeoRing(UnitVector[] vertices, double area)
    {
        Vertices = vertices;
        Area = area;
        _cap = GeoCap.Around(vertices.Aggregate((sum, vertex) => sum + vertex).Normalize(), vertices);
    }

    /// <summary>Each vertex once, counter-clockwise.</summary>
    public UnitVector[] Vertices { get; }

    /// <summary>On the sphere of radius 1; at most half of it.</summary>
    public double Area { get; }

    /// <param name="vertices">Without a last one that repeats the first; at least three.</param>
    public static GeoRing Create(UnitVector[] vertices)
    {
        double area = 0;
        var origin = vertices[0];
        for (var i = 1; i + 1 < vertices.Length; i++)
            area += TriangleArea(origin, vertices[i], vertices[i + 1]);
        // A fan of triangles may go around the sphere the long way.
        area = Math.IEEERemainder(area, 4 * Math.PI);
        if (area >= 0)
            return new GeoRing(vertices, area);
        var reversed = vertices.ToArray();
        Array.Reverse(reversed);
        return new GeoRing(reversed, -area);
    }

    /// <summary>Whether a place is inside or on the line.</summary>
    public bool Contains(UnitVector place) => (_cap.IsLarge || _cap.Contains(place)) && (IsOnLine(place) || TurnsAround(place) > Math.PI);

    public bool IsOnLine(UnitVector place)
    {
        for (var i = 0; i < Vertices.Length; i++)
        {
            if (SphereGeometry.IsOnArc(place, Vertices[i], Vertices[(i + 1) % Vertices.Length]))
                return true;
        }
        return false;
    }

    /// <summary>Whether two of its edges meet anywhere but at the vertex they share.</summary>
    /// <param name="throwIfStopped">Called once for each edge.</param>
    public bool CrossesItself(Action throwIfStopped)
    {
        var boxes = new ArcBox[Vertices.Length];
        for (var i = 0; i < boxes.Length; i++)
            boxes[i] = ArcBox.Around(Vertices[i], Vertices[(i + 1) % boxes.Length]);
        // Edges in the order in which they begin along the widest axis: only those that have not ended yet can meet the next one.
        var along = WidestAxis();
        var order = Enumerable.Range(0, boxes.Length).OrderBy(i => along(boxes[i].Low)).ToArray();
        var open = new List<int>();
        foreach (var edge in order)
        {
            throwIfStopped();
            var start = along(boxes[edge].Low);
            open.RemoveAll(other => along(boxes[other].High) < start);
            foreach (var other in open)
            {
                if (boxes[edge].Meets(boxes[other]) && EdgesMeet(Math.Min(edge, other), Math.Max(edge, other)))
                    return true;
            }
            open.Add(edge);
        }
        return false;
    }

    private Func<UnitVector, double> WidestAxis()
    {
        Func<UnitVector, double>[] axes = [vertex => vertex.X, vertex => vertex.Y, vertex => vertex.Z];
        return axes.MaxBy(along => Vertices.Max(along) - Vertices.Min(along))!;
    }

    private bool EdgesMeet(int first, int second)
    {
        var count = Vertices.Length;
        var (a, b) = (Vertices[first], Vertices[first + 1]);
        var (c, d) = (Vertices[second], Vertices[(second + 1) % count]);
        var isNext = second == first + 1;
        if (!isNext && (second + 1) % count != first)
            return SphereGeometry.ArcsCross(a, b, c, d) || SphereGeometry.IsOnArc(c, a, b) || SphereGeometry.IsOnArc(a, c, d);
        // Neighbours share a vertex; the far end of either must not lie on the other.
        return count > 3 && (isNext ? SphereGeometry.IsOnArc(d, a, b) || SphereGeometry.IsOnArc(a, c, d) : SphereGeometry.IsOnArc(c, a, b) || SphereGeometry.IsOnArc(b, c, d));
    }

    /// <summary>
    /// How far the direction to the line turns when it is followed all around, seen from a place: a full turn to the left from inside, one
    /// to the right from the opposite side of the globe, none otherwise.
    /// </summary>
    private double TurnsAround(UnitVector place)
    {
        double turned = 0;
        for (var i = 0; i < Vertices.Length; i++)
        {
            var from = Vertices[i] - (place * Vertices[i].Dot(place));
            var next = Vertices[(i + 1) % Vertices.Length];
            var to = next - (place * next.Dot(place));
            turned += Math.Atan2(place.Dot(from.Cross(to)), from.Dot(to));
        }
        return turned;
    }

    /// <summary>Signed area of a triangle, positive when its vertices are counter-clockwise (Van Oosterom and Strackee).</summary>
    private static double TriangleArea(UnitVector a, UnitVector b, UnitVector c) =>
        2 * Math.Atan2(a.Dot(b.Cross(c)), 1 + a.Dot(b) + b.Dot(c) + c.Dot(a));
}
