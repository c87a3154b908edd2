namespace GeoFabric.Primitives.Geo;

/// <summary>A box in space that holds an arc of a great circle, with what its ends and the arcs are compared with as a margin.</summary>
public readonly record struct ArcBox(UnitVector Low, UnitVector High)
{
    private const double Margin = 1e-14;

    /// <summary>An arc leaves the straight line between its ends by no more than in its middle.</summary>
    public static ArcBox Around(UnitVector from, UnitVector to)
    {
        var rise = 1 - ((from + to).Length / 2) + Margin;
        return new ArcBox(
            new UnitVector(Math.Min(from.X, to.X) - rise, Math.Min(from.Y, to.Y) - rise, Math.Min(from.Z, to.Z) - rise),
            new UnitVector(Math.Max(from.X, to.X) + rise, Math.Max(from.Y, to.Y) + rise, Math.Max(from.Z, to.Z) + rise));
    }

    public bool Meets(in ArcBox other) =>
        Low.X <= other.High.X && other.Low.X <= High.X && Low.Y <= other.High.Y && other.Low.Y <= High.Y && Low.Z <= other.High.Z && other.Low.Z <= High.Z;
}
