using GeoFabric.Server.Hosting;

namespace GeoFabric.Api.Tests;

public sealed class SecureRandomTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-3, 4)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Integers_stay_inside_their_range(long minimum, long maximum)
    {
        var random = new SecureRandom();

        for (var draw = 0; draw < 1000; draw++)
            Assert.InRange(random.NextInt64(minimum, maximum), minimum, maximum - 1);
    }

    [Fact]
    public void Every_value_of_a_small_range_comes_up_and_doubles_fill_the_unit_interval()
    {
        var random = new SecureRandom();

        var values = Enumerable.Range(0, 2000).Select(_ => random.Next(-2, 3)).ToHashSet();
        var doubles = Enumerable.Range(0, 2000).Select(_ => random.NextDouble()).ToList();

        Assert.Equal([-2, -1, 0, 1, 2], values.Order());
        Assert.All(doubles, number => Assert.InRange(number, 0, 1 - 1e-16));
        Assert.Contains(doubles, number => number < 0.1);
        Assert.Contains(doubles, number => number > 0.9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(255)]
    [InlineData(1000)]
    public void Bytes_never_repeat(int length)
    {
        var random = new SecureRandom();
        var first = new byte[Math.Max(length, 16)];
        var second = new byte[first.Length];

        random.NextBytes(first);
        random.NextBytes(second);

        Assert.NotEqual(first, second);
        Assert.NotEqual(new byte[first.Length], first);
    }
}
