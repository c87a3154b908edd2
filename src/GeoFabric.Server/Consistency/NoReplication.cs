using GeoFabric.Database;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Server.Consistency;

/// <summary>A region alone: what it has written is all there is.</summary>
internal sealed class NoReplication(DatabaseHost databases) : IReplicationView
{
    public RegionReadiness Readiness => RegionReadiness.Ready;

    public FabricPositions ReadPositions(uint fabricId)
    {
        var last = databases.FindFabric(fabricId)?.LastTimestamp ?? default;
        return new FabricPositions(default, new Dictionary<ushort, HybridTimestamp> { [databases.Region.Id] = last });
    }

    /// <summary>Nothing comes that could be waited for.</summary>
    public Task WaitForChangeAsync(uint fabricId, FabricPositions seen, CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    public TimeSpan? LagBehind(ushort region) => null;

    public Task<IReadOnlyList<FabricLinks>> ReadLinksAsync() => Task.FromResult<IReadOnlyList<FabricLinks>>([]);

    public Arrival FindArrival(uint fabricId, ushort region, HybridTimestamp written) => new(ReadPositions(fabricId)[region] >= written, null);

    public Task DrainAsync(ushort target, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task TakeOverAsync(ushort region, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<LogEnds> CloseAsync(ushort region, bool isGone, CancellationToken cancellationToken) => Task.FromResult(LogEnds.None);
}
