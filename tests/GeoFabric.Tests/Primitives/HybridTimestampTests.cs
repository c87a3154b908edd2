using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Tests.Primitives;

public sealed class HybridTimestampTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(90_000, 90_000)]
    [InlineData(-1, 0)]
    [InlineData(-5_000, 0)]
    public void Age_is_the_time_since_and_never_less_than_none(int millisecondsAgo, int expected) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expected), HybridTimestamp.FromUnixMilliseconds(Now.ToUnixTimeMilliseconds() - millisecondsAgo).AgeAt(Now));

    [Fact]
    public void The_counter_does_not_make_it_older() =>
        Assert.Equal(TimeSpan.FromMilliseconds(3), new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(Now.ToUnixTimeMilliseconds() - 3).Bits | 0xFFFF).AgeAt(Now));
}
