using GeoFabric.Database.Layout;

namespace GeoFabric.Database.Salvage;

/// <summary>A removed region's log of one fabric.</summary>
/// <param name="Region">What the region is called.</param>
/// <param name="End">The last record that counts for the others: what is behind it is salvaged.</param>
/// <param name="IsMember">Whether a region belongs to the cluster now.</param>
public sealed record SalvageSource(ChangeOrigin Origin, string Region, ulong End, Func<ushort, bool> IsMember);

/// <summary>A record of the log.</summary>
/// <param name="IsTakenBack">
/// Whether its request turned out to have been carried out elsewhere before and a later record of the log takes it back: the two belong together.
/// </param>
public readonly record struct SalvagedRecord(ReadOnlyMemory<byte> Bytes, bool IsTakenBack);

/// <summary>What a removed region's log still holds.</summary>
public sealed record SalvageTail(long Records, long Operations, long Documents, long Requests);

/// <param name="Through">How far the log has been taken over.</param>
/// <param name="Notes">What people have to look at, for instance a collection that was dropped there.</param>
public sealed record SalvageResult(SalvageCounts Counts, ulong Through, IReadOnlyList<string> Notes);
