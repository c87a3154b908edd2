using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Server.Consistency;

/// <summary>How far this region's copy of a fabric has got.</summary>
/// <param name="Stable">Everything up to here has been applied everywhere.</param>
/// <param name="Regions">Of each region, this one included, the timestamp up to which nothing of it is missing here.</param>
internal sealed record FabricPositions(HybridTimestamp Stable, IReadOnlyDictionary<ushort, HybridTimestamp> Regions)
{
    /// <summary>The position of a region; the earliest for one nothing was heard of.</summary>
    public HybridTimestamp this[ushort region] => Regions.TryGetValue(region, out var timestamp) ? timestamp : default;
}
