using System.Collections.Immutable;
using GeoFabric.Database.Layout;

namespace GeoFabric.Server.Cluster;

/// <summary>Where logs end once a region is no member any more, by fabric.</summary>
/// <param name="Own">The last record of the region's own log that any member holds.</param>
/// <param name="Earlier">Logs that had ended before and end earlier now: the last copy of their last records was the region's.</param>
internal sealed record LogEnds(ImmutableSortedDictionary<uint, ulong> Own, IReadOnlyDictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>> Earlier)
{
    public static LogEnds None { get; } = new(ImmutableSortedDictionary<uint, ulong>.Empty, ImmutableDictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>>.Empty);
}
