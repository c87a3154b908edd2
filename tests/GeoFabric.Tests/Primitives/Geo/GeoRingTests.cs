using GeoFabric.Primitives.Geo;

namespace GeoFabric.Tests.Primitives.Geo;

public sealed class GeoRingTests
{
    private static readonly Random s_random = new(11);

    [Theory]
    [InlineData(10, 20, 5)]
    [InlineData(179, 0, 8)]
    [InlineData(0, 89, 6)]
    [InlineData(-120, -40, 80)]
    [InlineData(0, 0, 0.001)]
    public void A_ring_crosses_itself_exactly_when_two_edges_do(double longitude, double latitude, double degrees)
    {
        var centre = UnitVector.FromDegrees(longitude, latitude);
        var crossing = 0;
        for (var round = 0; round < 600; round++)
        {
            var vertices = Star(centre, degrees, 4 + s_random.Next(9));
            if (round % 2 == 1)
            {
                var (one, other) = (s_random.Next(vertices.Length), s_random.Next(vertices.Length));
                (vertices[one], vertices[other]) = (vertices[other], vertices[one]);
            }
            var ring = GeoRing.Create(vertices);

            var expected = AnyTwoEdgesCross(ring.Vertices);

            Assert.True(expected == ring.CrossesItself(() => { }), string.Join(' ', ring.Vertices));
            crossing += expected ? 1 : 0;
        }
        // Both kinds must have come.
        Assert.InRange(crossing, 60, 300);
    }

    [Fact]
    public void An_edge_that_touches_another_one_crosses_it()
    {
        var touching = GeoRing.Create([.. new[] { (0.0, 0.0), (10, 0), (10, 5), (5, 0), (0, 5) }.Select(place => UnitVector.FromDegrees(place.Item1, place.Item2))]);
        var apart = GeoRing.Create([.. new[] { (0.0, 0.0), (10, 0), (10, 5), (5, 1), (0, 5) }.Select(place => UnitVector.FromDegrees(place.Item1, place.Item2))]);

        Assert.True(touching.CrossesItself(() => { }));
        Assert.False(apart.CrossesItself(() => { }));
    }

    [Fact]
    public void A_long_ring_is_looked_through_in_time_that_grows_little_more_than_it()
    {
        var ring = GeoRing.Create(Star(UnitVector.FromDegrees(10, 20), 5, 10_000, 0.9));

        // Each pair of its edges would be fifty million.
        Assert.False(ring.CrossesItself(TestContext.Current.CancellationToken.ThrowIfCancellationRequested));
    }

    [Fact]
    public void Looking_for_crossings_stops_when_told()
    {
        var ring = GeoRing.Create(Star(UnitVector.FromDegrees(10, 20), 5, 50, 0.9));
        var asked = 0;
        void StopLater()
        {
            if (++asked == 20)
                throw new OperationCanceledException();
        }

        Assert.Throws<OperationCanceledException>(() => ring.CrossesItself(StopLater));
    }

    /// <summary>Places all around another one, in order, each as far from it as chance has it.</summary>
    private static UnitVector[] Star(UnitVector centre, double degrees, int count, double least = 0.2)
    {
        var across = centre.Cross(Math.Abs(centre.Z) < 0.9 ? new UnitVector(0, 0, 1) : new UnitVector(1, 0, 0)).Normalize();
        var up = centre.Cross(across);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var turn = 2 * Math.PI * i / count;
            var away = Math.Tan(degrees * Math.PI / 180) * (least + ((1 - least) * s_random.NextDouble()));
            return (centre + (across * (away * Math.Cos(turn))) + (up * (away * Math.Sin(turn)))).Normalize();
        })];
    }

    private static bool AnyTwoEdgesCross(UnitVector[] vertices)
    {
        for (var i = 0; i < vertices.Length; i++)
        {
            for (var j = i + 1; j < vertices.Length; j++)
            {
                if (SphereGeometry.ArcsCross(vertices[i], vertices[i + 1 == vertices.Length ? 0 : i + 1], vertices[j], vertices[(j + 1) % vertices.Length]))
                    return true;
            }
        }
        return false;
    }
}
