using GeoFabric.Database.Layout;

namespace GeoFabric.Replication.Membership;

/// <summary>
/// Closes an origin in two epochs. The first freezes its region: members accept nothing more of it, nor of any log that has ended, so what they report from
/// then on is final. The second closes the origin at the furthest report; members fetch from each other what they lack up to there.
/// </summary>
/// <remarks>
/// With the region its copies of other logs leave. What it alone had of one that has ended comes from nobody any more, so that log now ends earlier:
/// else all members would wait for it for ever, and forget nothing. Logs of members go on by themselves and are left as they are.
/// </remarks>
public static class OriginClosing
{
    /// <summary>The epoch that freezes a region.</summary>
    public static ClusterConfiguration Freeze(ClusterConfiguration configuration, ushort region) => new(
        configuration.Epoch + 1,
        configuration.Members.Select(member => member.Region == region ? member with { IsFrozen = true } : member),
        configuration.Closed,
        configuration.Scopes);

    /// <summary>The epoch that closes a frozen region's origin, or null while a member has not yet reported in the epoch that froze it.</summary>
    /// <param name="reports">What was heard of each region last. The frozen one's own does not count.</param>
    /// <param name="successor">The incarnation under which the region goes on; null when it is removed.</param>
    /// <param name="heldBySuccessor">What the region still has when it goes on. What only it had beyond is lost.</param>
    public static ClusterConfiguration? Close(
        ClusterConfiguration configuration, ushort region, IReadOnlyDictionary<ushort, MemberReport> reports, byte? successor = null, AppliedVector? heldBySuccessor = null)
    {
        if (configuration.Members.Any(member => member.Region != region && !HasReported(configuration, member, reports)))
            return null;
        var epoch = configuration.Epoch + 1;
        var others = configuration.Members.Where(member => member.Region != region);
        return new ClusterConfiguration(
            epoch,
            successor is { } incarnation ? others.Append(new RegionMember(region, incarnation, epoch)) : others,
            FindEnds(configuration, region, reports, heldBySuccessor),
            configuration.Scopes);
    }

    /// <summary>Where the log of a frozen region ends, and where those that ended before do from now on.</summary>
    /// <param name="reports">
    /// Of those members that could be asked. One that could not may hold what ended before, so while one is missing the earlier ends stay as they are.
    /// </param>
    /// <param name="heldBySuccessor">What the region still has when it goes on.</param>
    public static IReadOnlyList<ClosedMember> FindEnds(
        ClusterConfiguration configuration, ushort region, IReadOnlyDictionary<ushort, MemberReport> reports, AppliedVector? heldBySuccessor = null)
    {
        var leaving = configuration.Member(region) ?? throw new ArgumentException($"Region {region} is not a member.", nameof(region));
        var others = configuration.Members.Where(member => member.Region != region).ToList();
        var isComplete = others.TrueForAll(member => HasReported(configuration, member, reports));
        var ends = configuration.Closed.Select(end => isComplete ? end with { LastSequence = Furthest(end.Origin, end.LastSequence) } : end);
        return [.. ends, new ClosedMember(leaving.Origin, Furthest(leaving.Origin, ulong.MaxValue))];

        ulong Furthest(ChangeOrigin origin, ulong end) => others
            .Where(member => reports.TryGetValue(member.Region, out var report) && Counts(member, report, origin))
            .Select(member => reports[member.Region].Applied)
            .Append(heldBySuccessor ?? AppliedVector.Empty)
            .Max(held => SequenceOf(held[origin.Region], origin, end));
    }

    /// <summary>Whether another region holds all that one that leaves has of logs that have ended: there may be no other copy.</summary>
    public static bool HoldsWhatEnded(ClusterConfiguration configuration, AppliedVector leaving, AppliedVector other)
    {
        foreach (var end in configuration.Closed)
        {
            var needed = configuration.Normalize(leaving[end.Origin.Region]);
            // Behind the last end the region goes on by itself.
            if (configuration.LastSequence(needed.Origin) == ulong.MaxValue)
                needed = needed with { Sequence = 0 };
            if (configuration.Normalize(other[end.Origin.Region]).IsBehind(needed))
                return false;
        }
        return true;
    }

    /// <summary>Whether a member has said what it holds since it knows that a region is frozen.</summary>
    private static bool HasReported(ClusterConfiguration configuration, RegionMember member, IReadOnlyDictionary<ushort, MemberReport> reports) =>
        reports.TryGetValue(member.Region, out var report) && report.Epoch >= configuration.Epoch;

    /// <summary>
    /// What one that is catching up has may be part of a snapshot, which nobody could fetch from it: it counts as nothing, and begins anew if it has more
    /// than the end. But what it wrote itself before is beneath all that it writes now, and nobody gives it a snapshot that lacks it.
    /// </summary>
    private static bool Counts(RegionMember member, MemberReport report, ChangeOrigin origin) => report.IsLive || member.Region == origin.Region;

    private static ulong SequenceOf(OriginPosition held, ChangeOrigin origin, ulong end) =>
        held.Incarnation == origin.Incarnation ? Math.Min(held.Sequence, end)
        : held.Incarnation > origin.Incarnation && end != ulong.MaxValue ? end
        : 0;
}
