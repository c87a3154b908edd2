using GeoFabric.Database.Layout;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Replication.Shipping;

namespace GeoFabric.Replication.Bootstrap;

/// <summary>Says what a snapshot of a donor leaves as it is: the scopes that the donor does not hold, and the logs of the regions that write to them.</summary>
internal sealed class KeptState(StepContext context)
{
    private readonly WholeCopies _wholeCopies = new(context);

    public SnapshotBegun Of(ushort donor)
    {
        var scopes = context.Configuration.Scopes.Where(scope => scope.Regions.Contains(context.Self.Region) && !scope.Regions.Contains(donor)).ToList();
        // What only this region was meant to have, nobody can send it again.
        var shared = scopes.FindAll(scope => scope.Regions.Any(region => region != context.Self.Region && context.Configuration.Member(region) is not null));
        var regions = shared.SelectMany(scope => scope.Regions).Distinct().Order().ToList();
        return new SnapshotBegun(scopes.ConvertAll(scope => scope.Id), regions, FindLost(shared, regions));
    }

    /// <summary>Logs that have ended and of which no other region of these scopes has more than this one: waiting for it would be waiting for ever.</summary>
    private List<ChangeOrigin> FindLost(List<ReplicationScope> scopes, List<ushort> regions)
    {
        return [.. context.Configuration.Closed.Select(end => end.Origin).Where(origin => regions.Contains(origin.Region) && !scopes.Exists(scope => MayComeOf(origin, scope)))];

        bool MayComeOf(ChangeOrigin origin, ReplicationScope scope)
        {
            var applied = context.Applied[origin.Region];
            return _wholeCopies.MayExist(scope.Id, origin, applied.Origin == origin ? applied.Sequence + 1 : 1, context.Self.Region);
        }
    }
}
