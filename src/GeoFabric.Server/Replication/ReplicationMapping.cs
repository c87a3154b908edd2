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
            closed => new ClosedMember(new ChangeOrigin(region.Id, closed.Incarnation), closed.LastSequences.GetValueOrDefault(fabricId)))));

    /// <summary>Everything that has been applied, the own log included; of each region its latest incarnation.</summary>
    public static AppliedVector ToVector(ReplicaState state)
    {
        var positions = new Dictionary<ushort, OriginPosition>();
        foreach (var position in state.Vector.Positions.Values.Append(state.Own))
        {
            var converted = new OriginPosition(position.Origin.Region, position.Origin.Incarnation, position.Sequence, position.Timestamp);
            if (position.Origin == state.Own.Origin)
                converted = new OriginPosition(state.Own.Origin.Region, state.Own.Origin.Incarnation, state.Own.Sequence, state.Own.Timestamp);
            if (!positions.TryGetValue(converted.Region, out var known) || known.Incarnation <= converted.Incarnation)
                positions[converted.Region] = converted;
        }
        return AppliedVector.Of(positions.Values);
    }

    public static RegionState ToRegionState(FabricReplica replica)
    {
        var state = replica.ReadState();
        return new RegionState(replica.Origin, ToVector(state), state.Own.Sequence, state.Stable, replica.ReadIsEstablished());
    }
}
