using GeoFabric.Database.Layout;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Shipping;

/// <summary>
/// Knows whether somebody may still hold a record with the operations of a scope that were removed from the copy here. If not, waiting for the
/// whole record would be waiting for ever: its writer's disk is lost, and with it what only the writer had.
/// </summary>
internal sealed class WholeCopies(StepContext context)
{
    /// <param name="asker">The region that wants the record, this one or another; it does not have it.</param>
    public bool MayExist(ulong scopeId, ChangeOrigin origin, ulong sequence, ushort asker)
    {
        var regions = context.Configuration.RegionsOf(scopeId);
        var others = regions.Where(region => region != asker && context.Configuration.Member(region) is not null);
        // Asked by its writer, who needs it for the rest only: what nobody else holds, no snapshot has taken away.
        if (asker == origin.Region && !others.Any())
            return false;
        if (context.Configuration.LastSequence(origin) == ulong.MaxValue)
            return true;
        // A region of the scope, as this one would be, took a reduced copy only when no whole one was left.
        if (asker != context.Self.Region && regions.Contains(context.Self.Region))
            return false;
        return others.Any(region => MayHave(region, origin, sequence));
    }

    /// <summary>Since the origin was closed nobody gets whole records of it but from those that have them, so a member that lacked it then still does.</summary>
    private bool MayHave(ushort region, ChangeOrigin origin, ulong sequence) =>
        context.Links.FindGreeted(region) is not { } link
        || link.Epoch < context.Configuration.Epoch
        || !link.Applied[origin.Region].IsBehind(new OriginPosition(origin.Region, origin.Incarnation, sequence, default));
}
