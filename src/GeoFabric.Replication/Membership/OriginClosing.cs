namespace GeoFabric.Replication.Membership;

/// <summary>
/// Closes an origin in two epochs. The first freezes its region: members accept nothing more of it, so what they report from then on is final.
/// The second closes the origin at the furthest report; members fetch from each other what they lack up to there.
/// </summary>
public static class OriginClosing
{
    /// <summary>The epoch that freezes a region.</summary>
    public static ClusterConfiguration Freeze(ClusterConfiguration configuration, ushort region) => new(
        configuration.Epoch + 1,
        configuration.Members.Select(member => member.Region == region ? member with { IsFrozen = true } : member),
        configuration.Closed,
        configuration.Scopes);

    /// <summary>The epoch that closes a frozen region's origin, or null while a member has not yet reported in the epoch that froze it.</summary>
    /// <param name="reports">
    /// The last epoch and applied vector heard of each region, and whether it may be relied on. The frozen one's own does not count. What one that is
    /// catching up has may be part of a snapshot, which nobody could fetch from it: it counts as nothing, and begins anew if it has more than the end.
    /// </param>
    /// <param name="successor">The incarnation under which the region goes on; null when it is removed.</param>
    /// <param name="heldBySuccessor">Last sequence of the old incarnation that the region still has when it goes on. What only it held beyond is lost.</param>
    public static ClusterConfiguration? Close(
        ClusterConfiguration configuration, ushort region, IReadOnlyDictionary<ushort, (ulong Epoch, bool IsLive, AppliedVector Applied)> reports,
        byte? successor = null, ulong heldBySuccessor = 0)
    {
        var leaving = configuration.Member(region) ?? throw new ArgumentException($"Region {region} is not a member.", nameof(region));
        var last = heldBySuccessor;
        var others = configuration.Members.Where(member => member.Region != region).ToList();
        foreach (var member in others)
        {
            if (!reports.TryGetValue(member.Region, out var report) || report.Epoch < configuration.Epoch)
                return null;
            var position = report.Applied[region];
            if (report.IsLive && position.Incarnation == leaving.Incarnation)
                last = Math.Max(last, position.Sequence);
        }
        var epoch = configuration.Epoch + 1;
        return new ClusterConfiguration(
            epoch,
            successor is { } incarnation ? others.Append(new RegionMember(region, incarnation, epoch)) : others,
            configuration.Closed.Append(new ClosedMember(leaving.Origin, last)),
            configuration.Scopes);
    }
}
