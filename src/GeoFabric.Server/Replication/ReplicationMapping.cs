using GeoFabric.Database;
using GeoFabric.Database.Layout;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using ClusterState = GeoFabric.Database.Catalog.ClusterConfiguration;

namespace GeoFabric.Server.Replication;

/// <summary>What the database says in its words, in those of the replication core.</summary>
internal static class ReplicationMapping
{
    /// <summary>The cluster as one fabric's replication sees it.</summary>
    public static ClusterConfiguration ToConfiguration(ClusterState cluster, uint fabricId) => new(
        cluster.Epoch.Bits,
        cluster.Members.Select(region => new RegionMember(region.Id, region.Incarnation, region.AdmittedIn.Bits, region.IsFrozen)),
        cluster.Regions.Values.SelectMany(region => region.Closed.Select(
            closed => new ClosedMember(new ChangeOrigin(region.Id, closed.Incarnation), closed.LastSequences.GetValueOrDefault(fabricId)))),
        cluster.Groups.Values.Concat(cluster.Regions.Keys.Where(region => region <= ChangeScope.RegionMax).Select(region => ChangeScope.Of([region])))
            .Distinct().OrderBy(scope => scope.Number).Select(scope => new ReplicationScope(scope.Number, [.. scope.Regions])));

    /// <summary>Everything that has been applied, the own log included; of each region its latest incarnation.</summary>
    /// <remarks>An own log without records says nothing: a region that came back under this incarnation may lack what it wrote under earlier ones.</remarks>
    public static AppliedVector ToVector(ReplicaState state)
    {
        var others = state.Vector.Positions.Values.Where(position => position.Origin != state.Own.Origin && position.Sequence > 0);
        // A new incarnation that has written nothing has still to get what the one before it wrote.
        return ToVector(state.Own.Sequence > 0 ? others.Append(state.Own) : others);
    }

    /// <summary>Of each region its latest incarnation.</summary>
    public static AppliedVector ToVector(IEnumerable<AppliedPosition> positions) => AppliedVector.Of(positions
        .GroupBy(position => position.Origin.Region)
        .Select(ofRegion => ofRegion.MaxBy(position => position.Origin.Incarnation)!)
        .Select(position => new OriginPosition(position.Origin.Region, position.Origin.Incarnation, position.Sequence, position.Timestamp)));

    public static IReadOnlyCollection<AppliedPosition> ToPositions(AppliedVector vector) =>
        [.. vector.Positions.Select(position => AppliedPosition.None(position.Origin) with { Sequence = position.Sequence, Timestamp = position.Timestamp })];

    public static RegionState ToRegionState(FabricReplica replica)
    {
        var state = replica.ReadState();
        return new RegionState(
            replica.Origin, ToVector(state), state.LastSequence, state.Stable, replica.ReadIsEstablished(), state.Target.Count == 0 ? null : ToVector(state.Target), state.SnapshotToken);
    }
}
