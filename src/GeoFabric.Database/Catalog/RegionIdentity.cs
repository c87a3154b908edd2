using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Catalog;

/// <summary>Whose data a directory holds. Its number is in every stamp and log record, so a directory never changes it.</summary>
/// <param name="Id">Never reused for another region.</param>
/// <param name="IsNamed">Whether somebody chose the name; until then a start may name the region.</param>
/// <param name="Incarnation">Bumped whenever the tail of the region's own log may have been lost, so that sequence numbers never mean two things.</param>
public sealed record RegionIdentity(ushort Id, RegionName Name, byte Incarnation, bool IsNamed);

/// <summary>What an empty directory needs to become that of a region of a cluster. Made at the home region; secret.</summary>
/// <param name="TokenKey">The key that all regions of the cluster sign session tokens with.</param>
/// <param name="Catalog">Tenants, users, fabrics and regions as of the admission.</param>
public sealed record RegionAdmission(RegionIdentity Region, ReadOnlyMemory<byte> TokenKey, ServerCatalog Catalog);
