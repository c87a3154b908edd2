using System.Collections.Immutable;

namespace GeoFabric.Replication.Membership;

/// <summary>The regions that hold the collections of a scope. Scope 0 is every region and is not listed.</summary>
public sealed record ReplicationScope(ulong Id, ImmutableArray<ushort> Regions);
