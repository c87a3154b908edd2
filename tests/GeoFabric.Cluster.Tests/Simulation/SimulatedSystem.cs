using GeoFabric.Database.Layout;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What the simulated regions store things in, and the plans it can take.</summary>
internal sealed record SimulatedSystem(string Name, Func<ulong, SimulationPlan> Generate, Func<SimulationPlan, ChangeOrigin, ClusterConfiguration, ISimulatedReplica> NewReplica)
{
    /// <summary>Runs spent on making a failing plan small.</summary>
    public int MinimizingRunsMax { get; private init; } = 600;

    /// <summary>The simplest replicated types: what is tested is the protocol.</summary>
    public static SimulatedSystem Model { get; } = new("model", PlanGenerator.Generate, (plan, origin, known) => new ModelReplica(origin, known, plan.Replica));

    /// <summary>Real fabrics in memory: what is tested is everything below the network.</summary>
    public static SimulatedSystem Database { get; } = new(
        "database", seed => WithoutSnapshots(PlanGenerator.Generate(seed)), (plan, origin, known) => new DatabaseReplica(origin, known, keepsLogs: plan.MayNeedSnapshots))
    {
        MinimizingRunsMax = 200,
    };

    /// <summary>
    /// The same plan in one scope, and without what needs a snapshot: logs that are dropped by force. Who loses a disk returns with an empty one and gets
    /// everything from the others.
    /// </summary>
    private static SimulationPlan WithoutSnapshots(SimulationPlan plan) => plan with
    {
        Scopes = [],
        Faults = [.. plan.Faults.Where(fault => fault is not ForcedTruncation).Select(fault => fault is RegionRestored restored ? restored with { BackupTime = TimeSpan.Zero } : fault)],
        Operations = [.. plan.Operations.Select(WithoutScopes)],
    };

    private static ClientOperation WithoutScopes(ClientOperation operation) => operation with
    {
        Changes = [.. operation.Changes.Select(change => change with { Key = change.Key with { Scope = 0 } })],
        Reads = [.. operation.Reads.Select(key => key with { Scope = 0 })],
    };
}
