using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Primitives;

public sealed class ZOrderTests
{
    [Fact]
    public void Coordinates_never_order_two_values_the_wrong_way_round_and_are_shared_only_where_it_is_said()
    {
        var generator = new ValueGenerator(5);
        for (var i = 0; i < 40_000; i++)
        {
            var (left, right) = (generator.Next(), generator.Next());
            var values = Math.Sign(ValueComparer.Compare(left, right));
            var coordinates = ZOrder.Coordinate(left).CompareTo(ZOrder.Coordinate(right));

            Assert.True(coordinates == values || (coordinates == 0 && !(ZOrder.IsExact(left) && ZOrder.IsExact(right))), $"{left} against {right}: values {values}, coordinates {coordinates}");
        }
    }

    [Fact]
    public void Golden_keys()
    {
        Assert.Equal("8000000000000000", Hex(Value.FromInteger(0)));
        Assert.Equal("8000000000000000", Hex(Value.FromDouble(-0.0)));
        Assert.Equal("BFF0000000000000", Hex(Value.FromInteger(1)));
        Assert.Equal("400FFFFFFFFFFFFF", Hex(Value.FromInteger(-1)));
        Assert.Equal(("0000000000000000", "0000000000000001", "0000000000000002"), (Hex(Value.Null), Hex(Value.False), Hex(Value.True)));
        Assert.Equal("FFFFFFFFFFFFFFFF", Hex(Value.FromString("x")));
        // The bits of both in turn.
        Assert.Equal("9AAAAA55555555555555555555555555", Hex(Value.FromInteger(1), Value.FromInteger(-1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Keys_are_read_back(int dimensions)
    {
        var random = new Random(dimensions);
        Span<byte> key = new byte[dimensions * ZOrder.BytesPerDimension];
        for (var i = 0; i < 1000; i++)
        {
            var written = Enumerable.Range(0, dimensions).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)).ToArray();
            var read = new ulong[dimensions];

            ZOrder.Write(written, key);
            ZOrder.Read(key, read);

            Assert.Equal(written, read);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_next_point_of_a_box_is_the_one_that_looking_at_all_of_them_finds(int dimensions)
    {
        var random = new Random(dimensions);
        // The same small numbers at the lowest and at the highest bits.
        foreach (var shift in new[] { 0, 60 })
        {
            var all = All(dimensions, shift).Select(point => (Point: point, Key: Key(point))).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
            for (var i = 0; i < 300; i++)
            {
                var (lower, upper) = (new ulong[dimensions], new ulong[dimensions]);
                for (var d = 0; d < dimensions; d++)
                {
                    var (a, b) = ((ulong)random.Next(16), (ulong)random.Next(16));
                    (lower[d], upper[d]) = (Math.Min(a, b) << shift, Math.Max(a, b) << shift);
                }
                var start = random.Next(all.Count);
                if (IsInside(all[start].Point, lower, upper))
                    continue;
                var next = new ulong[dimensions];

                var isFound = ZOrder.TryFindNext(all[start].Point, lower, upper, next);

                var expected = all.Skip(start + 1).FirstOrDefault(entry => IsInside(entry.Point, lower, upper));
                Assert.Equal(expected.Point is not null, isFound);
                if (isFound)
                    Assert.Equal(expected.Point, next);
            }
        }
    }

    private static IEnumerable<ulong[]> All(int dimensions, int shift)
    {
        for (var i = 0; i < 1 << (4 * dimensions); i++)
            yield return [.. Enumerable.Range(0, dimensions).Select(d => ((ulong)(i >> (4 * d)) & 15) << shift)];
    }

    private static bool IsInside(ulong[] point, ulong[] lower, ulong[] upper) => point.Zip(lower, upper).All(side => side.First >= side.Second && side.First <= side.Third);

    private static string Key(params ulong[] coordinates)
    {
        var key = new byte[coordinates.Length * ZOrder.BytesPerDimension];
        ZOrder.Write(coordinates, key);
        return Convert.ToHexString(key);
    }

    private static string Hex(params Value[] values) => Key([.. values.Select(ZOrder.Coordinate)]);
}
