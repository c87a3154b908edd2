using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Stability;

/// <summary>
/// Computes the stable timestamp: the least that any member is known to have of any origin. Everything up to it has been applied everywhere, and
/// all that can still come was written by somebody who had observed it, so stamps and tombstones up to it have done their work.
/// </summary>
internal sealed class StabilityTracker(StepContext context)
{
    private readonly SortedDictionary<ushort, MemberVector> _members = [];
    private AppliedVector _droppedByAll = AppliedVector.Empty;
    private AppliedVector _droppedByMajority = AppliedVector.Empty;

    /// <summary>
    /// Notes what a member said to have applied, and where its own log stood then: no earlier than the vector says itself. A watermark is taken, and a commit
    /// reported, apart from what is applied, so the sequence that comes with it may be of a moment before: a record between the two had seen less.
    /// </summary>
    public void Say(ChangeOrigin member, ulong epoch, AppliedVector applied, ulong lastSequence)
    {
        if (!context.Rules.CountsEpoch(epoch, context.Configuration.Epoch))
            return;
        if (!_members.TryGetValue(member.Region, out var vector) || vector.Incarnation != member.Incarnation)
            _members[member.Region] = vector = new MemberVector(member.Incarnation);
        var saidAt = new OriginPosition(member.Region, member.Incarnation, lastSequence, default);
        vector.Say(applied, saidAt.IsBehind(applied[member.Region]) ? applied[member.Region] : saidAt);
    }

    /// <summary>Computes the stable timestamp anew, and tells when it has moved.</summary>
    /// <param name="own">This region's vector with watermarks.</param>
    public void Advance(AppliedVector own)
    {
        if (!context.HasCaughtUp || Compute(own) is not { } stable || stable <= context.Stable)
            return;
        context.Stable = stable;
        context.Ask(new StableAdvanced(stable));
    }

    /// <summary>Tells what may leave the logs, when that has moved.</summary>
    /// <param name="pins">Positions from which donors promised to keep their logs.</param>
    public void DropLogs(AppliedVector own, IReadOnlyCollection<AppliedVector> pins)
    {
        var byAll = new List<OriginPosition>();
        var byMajority = new List<OriginPosition>();
        foreach (var here in own)
        {
            var positions = context.Configuration.Members.Select(member => PositionOf(member, here)).ToList();
            positions.Sort((left, right) => left.IsBehind(right) ? -1 : right.IsBehind(left) ? 1 : 0);
            var held = pins.Select(pin => pin[here.Region]).Append(here).Aggregate(Least);
            var least = Least(positions[0], held);
            byAll.Add(least with { Sequence = context.Rules.DroppableThrough(least.Sequence, here.Sequence), Timestamp = default });
            byMajority.Add(Least(Least(positions[(positions.Count - 1) / 2], held), LeastOfScopeMates(here)) with { Timestamp = default });
        }
        var (all, majority) = (AppliedVector.Of(byAll), AppliedVector.Of(byMajority));
        if (all.Equals(_droppedByAll) && majority.Equals(_droppedByMajority))
            return;
        (_droppedByAll, _droppedByMajority) = (all, majority);
        context.Ask(new LogDroppable(all, majority));
    }

    private HybridTimestamp? Compute(AppliedVector own)
    {
        // The last records of a region that was removed may have observed less than anybody who is still asked: they have to be applied first.
        foreach (var region in context.Configuration.Regions)
        {
            if (context.Configuration.Member(region) is null && !context.Configuration.IsFinished(own[region]))
                return null;
        }
        var stable = HybridTimestampMax;
        foreach (var member in context.Configuration.Members)
        {
            if (!context.Rules.HoldsStability(member.Region, context.Self.Region))
                continue;
            if (VectorOf(member, own) is not { } vector)
                return null;
            foreach (var region in context.Configuration.Regions)
            {
                var position = context.Configuration.Normalize(vector[region]);
                if (!context.Configuration.IsFinished(position) && position.Timestamp < stable)
                    stable = position.Timestamp;
            }
        }
        return stable == HybridTimestampMax ? null : stable;
    }

    private AppliedVector? VectorOf(RegionMember member, AppliedVector own)
    {
        if (member.Origin == context.Self)
            return own;
        if (!_members.TryGetValue(member.Region, out var said) || said.Incarnation != member.Incarnation)
            return null;
        said.Reach(own[member.Region], context.Rules);
        return said.Counting;
    }

    /// <summary>How far a member is known to be in the log of a region; one that said nothing has nothing.</summary>
    private OriginPosition PositionOf(RegionMember member, OriginPosition here)
    {
        if (member.Origin == context.Self)
            return here;
        return _members.TryGetValue(member.Region, out var said) && said.Incarnation == member.Incarnation
            ? said.Newest[here.Region]
            : new OriginPosition(here.Region, 0, 0, default);
    }

    /// <summary>A majority that holds own records without the operations of a narrow scope is no reason to drop the whole ones.</summary>
    private OriginPosition LeastOfScopeMates(OriginPosition here)
    {
        if (here.Origin != context.Self)
            return here;
        return context.Configuration.Members
            .Where(member => context.Configuration.Scopes.Any(scope => scope.Regions.Contains(context.Self.Region) && scope.Regions.Contains(member.Region)))
            .Select(member => PositionOf(member, here))
            .Append(here)
            .Aggregate(Least);
    }

    private static OriginPosition Least(OriginPosition left, OriginPosition right) => left.IsBehind(right) ? left : right;

    private static HybridTimestamp HybridTimestampMax { get; } = new(ulong.MaxValue);
}
