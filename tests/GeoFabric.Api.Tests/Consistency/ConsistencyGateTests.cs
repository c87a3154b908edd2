using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;

namespace GeoFabric.Api.Tests.Consistency;

public sealed class ConsistencyGateTests
{
    private readonly TestClock _clock = new();
    private readonly TestReplication _replication = new();
    private readonly ConsistencyGate _gate;

    public ConsistencyGateTests() => _gate = new ConsistencyGate(_replication, () => [1, 2, 3], region => $"r{region}", self: 1, _clock);

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void A_session_goes_on_at_once_where_nothing_is_missing()
    {
        _replication.Set(0, (1, 10), (2, 20), (3, 30));

        Assert.True(_gate.WaitForSessionAsync(Token(10, (2, 20)), CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_session_waits_for_what_it_has_seen_elsewhere()
    {
        _replication.Set(0, (1, 10), (2, 19), (3, 30));

        var waiting = _gate.WaitForSessionAsync(Token(10, (2, 20)), CancellationToken.None);
        _replication.Set(0, (1, 11), (2, 19), (3, 31));
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(waiting.IsCompleted);
        _replication.Set(0, (1, 11), (2, 20), (3, 31));

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task After_a_second_it_says_what_is_missing()
    {
        _replication.Set(0, (1, 10), (2, 19), (3, 30));

        var waiting = _gate.WaitForSessionAsync(Token(10, (2, 20)), CancellationToken.None);
        _clock.Advance(ConsistencyGate.WaitMax);

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => waiting);
        Assert.Equal((ErrorCodes.NotRecentEnough, 503), (error.Code, error.HttpStatus));
        Assert.Contains("'r2'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_that_it_took_too_long()
    {
        using var aborted = new CancellationTokenSource();

        var waiting = _gate.WaitForSessionAsync(Token(10), aborted.Token);
        await aborted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Bounded_staleness_counts_every_other_region_by_what_was_last_heard_of_it()
    {
        _replication.SetTime((2, Now - 400), (3, Now - 100));

        await _gate.WaitForFreshnessAsync(7, TimeSpan.FromMilliseconds(400), CancellationToken.None);
        var waiting = _gate.WaitForFreshnessAsync(7, TimeSpan.FromMilliseconds(399), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        // A beat of the region that was silent lets it through.
        _replication.SetTime((2, Now), (3, Now - 100));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Bounded_staleness_is_not_to_be_had_while_a_region_is_cut_off()
    {
        _replication.SetTime((2, Now));

        var waiting = _gate.WaitForFreshnessAsync(7, TimeSpan.FromSeconds(5), CancellationToken.None);
        _clock.Advance(ConsistencyGate.WaitMax);

        Assert.Contains("'r3' was last heard of never", (await Assert.ThrowsAsync<GeoFabricException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    private static SessionToken Token(ulong floor, params (ushort Region, ulong Timestamp)[] entries) =>
        new(7, new HybridTimestamp(floor), entries.ToImmutableSortedDictionary(entry => entry.Region, entry => new HybridTimestamp(entry.Timestamp)));

    /// <summary>Positions that change when a test says so.</summary>
    private sealed class TestReplication : IReplicationView
    {
        private FabricPositions _positions = new(default, new Dictionary<ushort, HybridTimestamp>());
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RegionReadiness Readiness => RegionReadiness.Ready;

        public void Set(ulong stable, params (ushort Region, ulong Timestamp)[] regions)
        {
            _positions = new FabricPositions(new HybridTimestamp(stable), regions.ToDictionary(entry => entry.Region, entry => new HybridTimestamp(entry.Timestamp)));
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        public void SetTime(params (ushort Region, long UnixMilliseconds)[] regions) =>
            Set(0, [.. regions.Select(entry => (entry.Region, HybridTimestamp.FromUnixMilliseconds(entry.UnixMilliseconds).Bits))]);

        public FabricPositions ReadPositions(uint fabricId) => _positions;

        public Task WaitForChangeAsync(uint fabricId, FabricPositions seen, CancellationToken cancellationToken) =>
            ReferenceEquals(seen, _positions) ? _changed.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        public TimeSpan? LagBehind(ushort region) => null;

        public Task<IReadOnlyList<FabricLinks>> ReadLinksAsync() => throw new NotSupportedException();

        public Arrival FindArrival(uint fabricId, ushort region, HybridTimestamp written) => default;

        public Task DrainAsync(ushort target, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task TakeOverAsync(ushort region, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<LogEnds> CloseAsync(ushort region, bool isGone, CancellationToken cancellationToken) => Task.FromResult(LogEnds.None);
    }
}
