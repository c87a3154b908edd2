using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Server.Consistency;

/// <summary>Replication of one fabric as operators see it.</summary>
/// <param name="Positions">How far this region's copy has got.</param>
/// <param name="LastAlarm">What last went wrong; null when nothing has since the server started.</param>
/// <param name="Links">One for each region there ever was a link to.</param>
internal sealed record FabricLinks(uint FabricId, string Tenant, string Fabric, RegionStanding Standing, FabricPositions Positions, string? LastAlarm, IReadOnlyList<LinkStatus> Links);
