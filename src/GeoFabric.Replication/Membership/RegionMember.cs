using GeoFabric.Database.Layout;

namespace GeoFabric.Replication.Membership;

/// <summary>A region that takes part.</summary>
/// <param name="Incarnation">Grows whenever the end of the region's own log may have been lost: restored from a backup, disk replaced.</param>
/// <param name="AdmittedIn">The epoch that admitted this incarnation; 0 for regions that were there when the fabric was made.</param>
/// <param name="IsFrozen">No further record of it is accepted until an epoch says where its log ends: the first step of closing an origin.</param>
public sealed record RegionMember(ushort Region, byte Incarnation, ulong AdmittedIn = 0, bool IsFrozen = false)
{
    public ChangeOrigin Origin => new(Region, Incarnation);
}

/// <summary>An origin that has ended: its region was removed, or goes on under a new incarnation.</summary>
/// <param name="LastSequence">The furthest any member had of it when it was closed; nothing beyond is accepted from anybody.</param>
public sealed record ClosedMember(ChangeOrigin Origin, ulong LastSequence);
