using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Verification;

/// <summary>A collection in one number, to compare regions by. Order plays no part: it is a sum of hashes modulo 2 to the 128th.</summary>
/// <param name="WireId">What all regions call the collection.</param>
/// <param name="Root">Over all documents: key, body, revision, what each region has added to counters, the places of list elements.</param>
/// <param name="StableRoot">As <paramref name="Root"/>, over the documents that nobody can still change without having seen them as they are.</param>
/// <param name="Frontier">Everything up to here has been applied everywhere, as far as this region knows.</param>
/// <param name="Applied">What had been applied: regions that have applied the same must have the same root.</param>
public sealed record CollectionRoot(
    string Name, ulong WireId, long Documents, UInt128 Root, long StableDocuments, UInt128 StableRoot, HybridTimestamp Frontier, IReadOnlyList<AppliedPosition> Applied);
