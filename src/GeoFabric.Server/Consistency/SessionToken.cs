using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Server.Consistency;

/// <summary>
/// What a session has seen of a fabric, in a form that any region can compare with what it has: everything of every region up to a floor, and more of
/// some. A region that has all of it shows the session nothing older than it has seen before, and its own writes.
/// </summary>
/// <param name="FabricId">A token says nothing about other fabrics.</param>
/// <param name="Entries">Timestamps above the floor, by region.</param>
internal sealed record SessionToken(uint FabricId, HybridTimestamp Floor, ImmutableSortedDictionary<ushort, HybridTimestamp> Entries)
{
    /// <summary>More regions than a session meets. With more entries the floor is raised: the next region waits longer than it has to, and nothing is missed.</summary>
    public const int EntriesMax = 32;

    public static SessionToken Empty(uint fabricId) => new(fabricId, default, ImmutableSortedDictionary<ushort, HybridTimestamp>.Empty);

    /// <summary>A token of at least what the positions say.</summary>
    public static SessionToken Of(uint fabricId, FabricPositions positions) => new SessionToken(
        fabricId, positions.Stable, positions.Regions.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value)).Compact();

    /// <summary>What both have seen.</summary>
    public SessionToken Merge(SessionToken other)
    {
        if (other.FabricId != FabricId)
            throw new ArgumentException($"A token of fabric {other.FabricId} says nothing about fabric {FabricId}.", nameof(other));
        var entries = Entries.ToBuilder();
        foreach (var (region, timestamp) in other.Entries)
        {
            if (!entries.TryGetValue(region, out var own) || own < timestamp)
                entries[region] = timestamp;
        }
        return new SessionToken(FabricId, Floor > other.Floor ? Floor : other.Floor, entries.ToImmutable()).Compact();
    }

    /// <summary>The first thing the positions lack; null when they lack nothing.</summary>
    /// <param name="members">The regions whose logs the floor is about.</param>
    /// <returns>The region whose writes are missing, and up to where the session has seen them.</returns>
    public (ushort Region, HybridTimestamp Needed)? MissingFrom(FabricPositions positions, IEnumerable<ushort> members)
    {
        foreach (var region in members.Concat(Entries.Keys))
        {
            var needed = Entries.TryGetValue(region, out var entry) ? entry : Floor;
            // What is stable has been applied everywhere, so it lacks nothing even of regions that are no members any more.
            if (needed > positions.Stable && needed > positions[region])
                return (region, needed);
        }
        return null;
    }

    private SessionToken Compact()
    {
        var floor = Floor;
        var above = Entries.Values.Where(timestamp => timestamp > floor).Order().ToList();
        if (above.Count > EntriesMax)
            floor = above[^(EntriesMax + 1)];
        return new SessionToken(FabricId, floor, Entries.RemoveRange(Entries.Where(entry => entry.Value <= floor).Select(entry => entry.Key)));
    }
}
