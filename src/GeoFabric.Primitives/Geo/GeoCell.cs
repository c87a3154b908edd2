namespace GeoFabric.Primitives.Geo;

/// <summary>
/// A piece of the globe: a face of a cube around it, or a quarter of a larger cell. Edges are arcs of great circles. Sides of faces are cut at equal
/// angles, so that cells of a level are of much the same size.
/// </summary>
/// <param name="Id">
/// Part of the storage format: 3 bits of the face, 2 for each level (of the two directions on the face), a one and zeros. So the cells inside of
/// another one have the ids around its own, and every id is a whole number that a double holds.
/// </param>
public readonly record struct GeoCell(long Id)
{
    /// <summary>Level of the smallest cells, which are some 0.6 m wide.</summary>
    public const int LevelMax = 24;

    private const int FaceShift = (2 * LevelMax) + 1;
    private const int FaceCount = 6;

    /// <summary>From its centre to its farthest corner, for a cell of level 0; each level halves it. A little more than it is, on the safe side.</summary>
    private const double AngleOfFace = 1.3;

    public static IEnumerable<GeoCell> Faces => Enumerable.Range(0, FaceCount).Select(face => new GeoCell(((long)face << FaceShift) | (1L << (2 * LevelMax))));

    public int Level => LevelMax - (System.Numerics.BitOperations.TrailingZeroCount(Id) / 2);

    /// <summary>The least id of a cell inside.</summary>
    public long First => Id - (LowestBit - 1);

    /// <summary>The greatest id of a cell inside.</summary>
    public long Last => Id + (LowestBit - 1);

    /// <summary>A cap that holds the cell.</summary>
    public GeoCap Cap => new(Centre, AngleOf(Level));

    public UnitVector Centre
    {
        get
        {
            var path = (ulong)(Id - LowestBit) >> 1;
            var half = (1L << (LevelMax - Level)) / 2.0;
            var u = FromStep(Gather(path) + half);
            var v = FromStep(Gather(path >> 1) + half);
            var face = (int)(Id >> FaceShift);
            var w = face < 3 ? 1.0 : -1.0;
            return (face % 3) switch
            {
                0 => new UnitVector(w, u, v).Normalize(),
                1 => new UnitVector(v, w, u).Normalize(),
                _ => new UnitVector(u, v, w).Normalize(),
            };
        }
    }

    private long LowestBit => Id & -Id;

    /// <summary>The smallest cell with a place inside.</summary>
    public static GeoCell Of(UnitVector place)
    {
        var (x, y, z) = (Math.Abs(place.X), Math.Abs(place.Y), Math.Abs(place.Z));
        var axis = x >= y && x >= z ? 0 : y >= z ? 1 : 2;
        var (w, u, v) = axis switch
        {
            0 => (place.X, place.Y, place.Z),
            1 => (place.Y, place.Z, place.X),
            _ => (place.Z, place.X, place.Y),
        };
        long face = w < 0 ? axis + 3 : axis;
        var size = Math.Abs(w);
        return new GeoCell((face << FaceShift) | (long)((Spread(ToStep(u / size)) | (Spread(ToStep(v / size)) << 1)) << 1) | 1);
    }

    /// <summary>From the centre of a cell to its farthest corner at most, in radians.</summary>
    public static double AngleOf(int level) => AngleOfFace / (1L << level);

    /// <summary>The cell of a level that this one is inside of, or itself.</summary>
    /// <param name="level">At most <see cref="Level"/>.</param>
    public GeoCell Ancestor(int level)
    {
        var bit = 1L << (2 * (LevelMax - level));
        return new GeoCell((Id & -bit) | bit);
    }

    /// <summary>The four cells of the next level inside.</summary>
    public IEnumerable<GeoCell> Quarters()
    {
        var bit = LowestBit >> 2;
        for (var i = -3; i <= 3; i += 2)
            yield return new GeoCell(Id + (i * bit));
    }

    /// <summary>From -1 to 1 on the face to a column of the smallest cells.</summary>
    private static ulong ToStep(double position)
    {
        const int Count = 1 << LevelMax;
        var step = (int)((Math.Atan(position) * (4 / Math.PI) + 1) * (Count / 2));
        return (ulong)Math.Clamp(step, 0, Count - 1);
    }

    private static double FromStep(double step) => Math.Tan(((step / (1 << (LevelMax - 1))) - 1) * (Math.PI / 4));

    /// <summary>Puts a zero before each of 24 bits.</summary>
    private static ulong Spread(ulong bits)
    {
        bits = (bits | (bits << 16)) & 0x0000FFFF0000FFFF;
        bits = (bits | (bits << 8)) & 0x00FF00FF00FF00FF;
        bits = (bits | (bits << 4)) & 0x0F0F0F0F0F0F0F0F;
        bits = (bits | (bits << 2)) & 0x3333333333333333;
        return (bits | (bits << 1)) & 0x5555555555555555;
    }

    /// <summary>Takes every other one of 48 bits: the reverse of <see cref="Spread"/>.</summary>
    private static double Gather(ulong bits)
    {
        bits &= 0x0000555555555555;
        bits = (bits | (bits >> 1)) & 0x3333333333333333;
        bits = (bits | (bits >> 2)) & 0x0F0F0F0F0F0F0F0F;
        bits = (bits | (bits >> 4)) & 0x00FF00FF00FF00FF;
        bits = (bits | (bits >> 8)) & 0x0000FFFF0000FFFF;
        return (bits | (bits >> 16)) & 0x0000000000FFFFFF;
    }
}
