using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;

namespace GeoFabric.Api.Tests.Consistency;

public sealed class SpotLeadershipTests
{
    private static readonly ClusterRegion s_target = ClusterRegion.Of(2, RegionName.Parse("eu-west"));

    private readonly TestClock _clock = new();
    private readonly DrainedReplication _replication = new();
    private readonly SpotLeadership _leadership;

    public SpotLeadershipTests() => _leadership = new SpotLeadership(_replication, _clock);

    [Fact]
    public async Task The_lead_goes_when_requests_have_ended_and_the_other_region_has_everything_and_not_before()
    {
        var steps = new List<string>();
        var first = _leadership.Enter(7);
        var second = _leadership.Enter(7);
        using var other = _leadership.Enter(8);

        var handOver = _leadership.HandOverAsync([7], s_target, _ => Note("changed"), CancellationToken.None);
        Assert.Equal(ErrorCodes.RegionUnavailable, Assert.Throws<GeoFabricException>(() => _leadership.Enter(7)).Code);
        using (_leadership.Enter(8))
            first.Dispose();
        first.Dispose();
        Assert.Equal(0, _replication.Drains);
        second.Dispose();
        await TestWaitAsync(() => _replication.Drains == 1);
        Assert.Empty(steps);
        _replication.Drained.SetResult();
        await handOver.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal(["changed"], steps);
        _leadership.Enter(7).Dispose();

        Task Note(string step)
        {
            Assert.Throws<GeoFabricException>(() => _leadership.Enter(7));
            steps.Add(step);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_lead_stays_when_the_other_region_does_not_catch_up()
    {
        var handOver = _leadership.HandOverAsync([7], s_target, _ => throw new InvalidOperationException("must not be called"), CancellationToken.None);
        await Assert.ThrowsAsync<GeoFabricException>(() => _leadership.HandOverAsync([7, 8], s_target, _ => Task.CompletedTask, CancellationToken.None));
        await TestWaitAsync(() => _replication.Drains == 1);

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(ErrorCodes.RegionUnavailable, (await Assert.ThrowsAsync<GeoFabricException>(() => handOver)).Code);
        _leadership.Enter(7).Dispose();
    }

    private static async Task TestWaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
            await Task.Delay(5);
        Assert.True(condition());
    }

    private sealed class DrainedReplication : IReplicationView
    {
        private int _drains;

        public int Drains => Volatile.Read(ref _drains);

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RegionReadiness Readiness => RegionReadiness.Ready;

        public FabricPositions ReadPositions(uint fabricId) => throw new NotSupportedException();

        public Task WaitForChangeAsync(uint fabricId, FabricPositions seen, CancellationToken cancellationToken) => throw new NotSupportedException();

        public TimeSpan? LagBehind(ushort region) => null;

        public Task<IReadOnlyList<FabricLinks>> ReadLinksAsync() => throw new NotSupportedException();

        public Arrival FindArrival(uint fabricId, ushort region, HybridTimestamp written) => default;

        public Task DrainAsync(ushort target, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _drains);
            return Drained.Task.WaitAsync(cancellationToken);
        }

        public Task TakeOverAsync(ushort region, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<LogEnds> CloseAsync(ushort region, bool isGone, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
