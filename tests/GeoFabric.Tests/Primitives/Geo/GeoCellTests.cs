using GeoFabric.Primitives.Geo;

namespace GeoFabric.Tests.Primitives.Geo;

public sealed class GeoCellTests
{
    private static readonly Random s_random = new(7);

    [Theory]
    [InlineData(0, 0, "1800000000001")]
    [InlineData(10.75, 59.91, "5A625233FE791")]
    public void Numbers_are_part_of_the_storage_format(double longitude, double latitude, string expected) =>
        Assert.Equal(expected, GeoCell.Of(UnitVector.FromDegrees(longitude, latitude)).Id.ToString("X", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Numbers_are_positive_and_whole_as_doubles()
    {
        foreach (var place in Places(2000))
            Assert.InRange(GeoCell.Of(place).Id, 1, 1L << 53);
    }

    [Fact]
    public void Every_place_is_near_the_centre_of_each_cell_around_it()
    {
        foreach (var place in Places(5000))
        {
            var smallest = GeoCell.Of(place);
            Assert.Equal(smallest.First, smallest.Last);
            for (var level = 0; level <= GeoCell.LevelMax; level++)
            {
                var cell = smallest.Ancestor(level);
                Assert.Equal(level, cell.Level);
                Assert.InRange(smallest.Id, cell.First, cell.Last);
                Assert.InRange(cell.Centre.AngleTo(place), 0, GeoCell.AngleOf(level) * 0.999);
                Assert.Equal(cell, GeoCell.Of(cell.Centre).Ancestor(level));
            }
        }
    }

    [Fact]
    public void Quarters_share_the_numbers_of_their_cell_among_them()
    {
        foreach (var place in Places(200))
        {
            for (var level = 0; level < GeoCell.LevelMax; level++)
            {
                var cell = GeoCell.Of(place).Ancestor(level);
                var quarters = cell.Quarters().ToList();

                Assert.Equal(4, quarters.Distinct().Count());
                Assert.All(quarters, quarter => Assert.Equal(cell, quarter.Ancestor(level)));
                Assert.Equal([cell.First, cell.Last], [quarters.Min(quarter => quarter.First), quarters.Max(quarter => quarter.Last)]);
            }
        }
    }

    [Fact]
    public void Faces_cover_the_globe() => Assert.All(Places(1000), place => Assert.Contains(GeoCell.Of(place).Ancestor(0), GeoCell.Faces));

    [Fact]
    public void A_covering_holds_every_place_of_its_cap()
    {
        foreach (var centre in Places(500))
        {
            var cap = new GeoCap(centre, Math.Pow(10, (s_random.NextDouble() * 10) - 9));
            var covering = GeoCovering.Of(cap, 32);
            Assert.InRange(covering.Count, 1, 32);
            Assert.Equal(covering.OrderBy(cell => cell.Id), covering);
            for (var i = 0; i < 50; i++)
            {
                var inside = (centre + (Direction() * (cap.Angle * s_random.NextDouble()))).Normalize();
                if (cap.Contains(inside))
                    Assert.Contains(covering, cell => GeoCell.Of(inside).Ancestor(cell.Level) == cell);
            }
        }
    }

    /// <summary>Anywhere, and at the places where faces meet.</summary>
    private static IEnumerable<UnitVector> Places(int count)
    {
        foreach (var x in (double[])[-1, -0.5, 0, 0.5, 1])
        {
            foreach (var y in (double[])[-1, -1e-9, 0, 1])
            {
                foreach (var z in (double[])[-1, 0, 1 - 1e-15, 1])
                {
                    if (x != 0 || y != 0 || z != 0)
                        yield return new UnitVector(x, y, z).Normalize();
                }
            }
        }
        for (var i = 0; i < count; i++)
            yield return Direction();
    }

    private static UnitVector Direction() => new UnitVector(s_random.NextDouble() - 0.5, s_random.NextDouble() - 0.5, s_random.NextDouble() - 0.5).Normalize();
}
