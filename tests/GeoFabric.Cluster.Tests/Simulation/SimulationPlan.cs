using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>All that happens in a run but for the dice of the network, which are thrown in the order of events.</summary>
/// <param name="Regions">Those that take part from the beginning.</param>
internal sealed record SimulationPlan(
    ulong Seed, NetworkSettings Network, ReplicaSettings Replica, ReplicationOptions Options, IReadOnlyList<ushort> Regions,
    IReadOnlyList<ReplicationScope> Scopes, IReadOnlyList<Fault> Faults, IReadOnlyList<ClientOperation> Operations, TimeSpan Duration)
{
    public bool HasClockFaults => Faults.Any(fault => fault is ClockJump or ClockDrift);

    /// <summary>Whether a region that takes part all the time could be made to take a snapshot by what was done to it or others.</summary>
    public bool MayNeedSnapshots => Faults.Any(fault => fault is RegionAdded or RegionRestored or ForcedTruncation);
}

/// <param name="Latency">One-way, by sender and receiver; by default drawn from the range.</param>
/// <param name="DuplicateChance">That a frame arrives a second time, later.</param>
/// <param name="CorruptChance">That a byte of a frame is changed.</param>
/// <param name="GhostChance">That a frame of a broken connection arrives on the next one.</param>
/// <param name="BulkDelayMax">How much later than control frames those of the bulk lane arrive, by sender and receiver.</param>
internal sealed record NetworkSettings(
    TimeSpan LatencyMin, TimeSpan LatencyMax, TimeSpan Jitter, double BytesPerSecond, double DuplicateChance, double CorruptChance, double GhostChance,
    TimeSpan BulkDelayMax, Func<ushort, ushort, TimeSpan>? Latency = null);

/// <param name="ApplyTimeMax">Between a hand-over and its being durable.</param>
/// <param name="ChangesPerRecord">Larger transactions are cut into several records.</param>
/// <param name="PieceKeys">Documents in a piece of a snapshot.</param>
internal sealed record ReplicaSettings(TimeSpan ApplyTimeMax, int ChangesPerRecord, int PieceKeys);
