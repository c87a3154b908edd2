using System.Collections.Frozen;
using System.Collections.Immutable;
using GeoFabric.Database.Layout;

namespace GeoFabric.Replication.Membership;

/// <summary>Who takes part, which logs have ended and where, and who holds what. One state for all regions, numbered by its epoch. Immutable.</summary>
public sealed class ClusterConfiguration
{
    private readonly ImmutableArray<ClosedMember> _closed;
    private readonly ImmutableArray<ReplicationScope> _scopes;
    private readonly FrozenDictionary<ushort, RegionMember> _members;
    private readonly bool _isClosing;

    /// <exception cref="ArgumentException">A region or an origin stands in it twice.</exception>
    public ClusterConfiguration(ulong epoch, IEnumerable<RegionMember> members, IEnumerable<ClosedMember>? closed = null, IEnumerable<ReplicationScope>? scopes = null)
    {
        Epoch = epoch;
        Members = [.. members.OrderBy(member => member.Region)];
        _closed = [.. (closed ?? []).OrderBy(end => end.Origin.Region).ThenBy(end => end.Origin.Incarnation)];
        _scopes = [.. scopes ?? []];
        Regions = [.. Members.Select(member => member.Region).Concat(_closed.Select(end => end.Origin.Region)).Distinct().Order()];
        _members = Members.DistinctBy(member => member.Region).ToFrozenDictionary(member => member.Region);
        _isClosing = Members.Any(member => member.IsFrozen);
        if (_members.Count != Members.Length || _closed.DistinctBy(end => end.Origin).Count() != _closed.Length)
            throw new ArgumentException("A region or an origin stands twice in the configuration.", nameof(members));
    }

    public ulong Epoch { get; }

    /// <summary>In the order of their numbers.</summary>
    public ImmutableArray<RegionMember> Members { get; }

    /// <summary>Every region that ever took part, in the order of their numbers: their records stay in the logs.</summary>
    public ImmutableArray<ushort> Regions { get; }

    public ImmutableArray<ClosedMember> Closed => _closed;

    public ImmutableArray<ReplicationScope> Scopes => _scopes;

    public RegionMember? Member(ushort region) => _members.GetValueOrDefault(region);

    /// <summary>Whether records of the origin may be in anybody's log.</summary>
    public bool Knows(ChangeOrigin origin) => Member(origin.Region)?.Origin == origin || End(origin) is not null;

    /// <summary>The last sequence that will ever be accepted of an origin; the largest number while it is open.</summary>
    public ulong LastSequence(ChangeOrigin origin) => End(origin)?.LastSequence ?? ulong.MaxValue;

    /// <summary>
    /// Whether nothing more of an origin is accepted for now: while a region is frozen it is being found out what the others have of its log, and of those
    /// that have ended, of which the last copy may leave with it.
    /// </summary>
    public bool IsHalted(ChangeOrigin origin) =>
        _isClosing && (End(origin) is not null || (Member(origin.Region) is { IsFrozen: true } member && member.Origin == origin));

    /// <summary>The same place in the region's log; behind the last record of an incarnation it is the start of the next.</summary>
    public OriginPosition Normalize(OriginPosition position)
    {
        var first = FirstIncarnation(position.Region);
        if (position.Incarnation < first)
            position = new OriginPosition(position.Region, first, 0, position.Timestamp);
        while (End(position.Origin) is { } end && position.Sequence >= end.LastSequence && NextIncarnation(position.Origin) is { } next)
            position = new OriginPosition(position.Region, next, 0, position.Timestamp);
        return position;
    }

    /// <summary>Whether something that this vector has applied was lost: records behind the end of their origin.</summary>
    public bool EndsBefore(AppliedVector applied)
    {
        foreach (var end in _closed)
        {
            var position = applied[end.Origin.Region];
            if (position.Origin == end.Origin && position.Sequence > end.LastSequence)
                return true;
        }
        return false;
    }

    /// <summary>The same without what was lost: no origin is further than its end.</summary>
    public AppliedVector WithinEnds(AppliedVector applied) => EndsBefore(applied)
        ? AppliedVector.Of(applied.Positions.Select(position => position with { Sequence = Math.Min(position.Sequence, LastSequence(position.Origin)) }))
        : applied;

    /// <summary>Whether nothing of the region can come after this position.</summary>
    public bool IsFinished(OriginPosition position) =>
        End(position.Origin) is { } end && position.Sequence >= end.LastSequence && NextIncarnation(position.Origin) is null;

    /// <summary>Whether a region may see operations of a scope. A scope that is not listed is nobody's.</summary>
    public bool Allows(ulong scopeId, ushort region) => scopeId == 0 || RegionsOf(scopeId).Contains(region);

    /// <summary>The regions of a listed scope.</summary>
    public ImmutableArray<ushort> RegionsOf(ulong scopeId)
    {
        foreach (var scope in _scopes)
        {
            if (scope.Id == scopeId)
                return scope.Regions;
        }
        return [];
    }

    private ClosedMember? End(ChangeOrigin origin)
    {
        foreach (var end in _closed)
        {
            if (end.Origin == origin)
                return end;
        }
        return null;
    }

    private byte FirstIncarnation(ushort region)
    {
        foreach (var end in _closed)
        {
            if (end.Origin.Region == region)
                return end.Origin.Incarnation;
        }
        return Member(region)?.Incarnation ?? 0;
    }

    private byte? NextIncarnation(ChangeOrigin origin)
    {
        foreach (var end in _closed)
        {
            if (end.Origin.Region == origin.Region && end.Origin.Incarnation > origin.Incarnation)
                return end.Origin.Incarnation;
        }
        return Member(origin.Region) is { } member && member.Incarnation > origin.Incarnation ? member.Incarnation : null;
    }
}
