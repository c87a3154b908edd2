using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Bootstrap;

/// <summary>
/// Says whose state may take the place of this region's. A snapshot takes away what the donor has not applied, and what was applied here may be in no
/// log any more: so a donor has all of it, but for own records that lie in the own log and are replayed.
/// </summary>
/// <remarks>
/// Regions that hold less fetch it from here meanwhile. When each of two has what the other lacks and no log reaches back that far, neither takes the
/// other's state: they stay apart until a third one comes that has both, rather than lose either.
/// </remarks>
internal sealed class DonorChoice(StepContext context)
{
    private DateTimeOffset? _soughtSince;

    /// <summary>Begins to look for one that is further than these positions.</summary>
    public void Begin() => _soughtSince = context.Now;

    /// <summary>Whether none was found for so long that it is worth trying something else.</summary>
    public bool IsExhausted => context.Now - _soughtSince >= context.Options.SnapshotTimeout;

    /// <summary>Whether a snapshot can be had now or soon that brings what is missing.</summary>
    /// <param name="missing">Where the logs stand here of which nobody can serve what follows.</param>
    public bool Exists(IReadOnlyCollection<OriginPosition> missing) => context.Links.All.Any(link => IsUsable(link, missing) && HasOrCanFetchWhatIsHere(link));

    /// <summary>The next live peer that holds every collection this region shares with anybody; after a while of none, any live peer.</summary>
    /// <param name="missing">What the donor has to be further than, in one of them at least.</param>
    /// <param name="failed">The one that was asked last.</param>
    public PeerLink? Choose(IReadOnlyCollection<OriginPosition> missing, ushort? failed)
    {
        var live = context.Links.All.Where(link => IsUsable(link, missing) && HasWhatIsHere(link)).ToList();
        var donors = live.FindAll(link => HoldsAllShared(link.Peer));
        _soughtSince ??= context.Now;
        if (donors.Count > 0)
            _soughtSince = context.Now;
        else if (IsExhausted)
            donors = live;
        else
            context.WakeAt(_soughtSince.Value + context.Options.SnapshotTimeout);
        return donors.Find(link => link.Peer > failed) ?? donors.FirstOrDefault();
    }

    public bool IsHeldHere(ReplicationScope scope) => scope.Regions.Contains(context.Self.Region);

    public bool IsShared(ReplicationScope scope) => scope.Regions.Any(region => region != context.Self.Region && context.Configuration.Member(region) is not null);

    private static bool IsUsable(PeerLink link, IReadOnlyCollection<OriginPosition> missing) =>
        link.IsGreeted && link.IsLive && (missing.Count == 0 || missing.Any(position => position.IsBehind(link.Applied[position.Region])));

    private bool HasWhatIsHere(PeerLink link) => Irreplaceable().All(position => !Reached(link, position).IsBehind(position));

    private bool HasOrCanFetchWhatIsHere(PeerLink link)
    {
        return Irreplaceable().All(position => Reached(link, position) is var reached && (!reached.IsBehind(position) || IsInLog(reached, position)));

        bool IsInLog(OriginPosition from, OriginPosition to) =>
            to.Origin != context.Self
            && context.Source.FirstSequence(from.Origin) <= from.Sequence + 1
            && (from.Origin == to.Origin || context.Source.FirstSequence(to.Origin) == 1);
    }

    /// <summary>What has been applied here but is not replayed from the own log. What lies behind an end is nobody's to give, and goes.</summary>
    private IEnumerable<OriginPosition> Irreplaceable()
    {
        foreach (var position in context.Configuration.WithinEnds(context.Applied))
        {
            var needed = context.Configuration.Normalize(position);
            yield return needed.Origin == context.Self ? needed with { Sequence = Math.Min(needed.Sequence, context.Source.FirstSequence(context.Self) - 1) } : needed;
        }
    }

    private OriginPosition Reached(PeerLink link, OriginPosition position) => context.Configuration.Normalize(link.Applied[position.Region]);

    private bool HoldsAllShared(ushort peer) => context.Configuration.Scopes.All(scope => !IsHeldHere(scope) || !IsShared(scope) || scope.Regions.Contains(peer));
}
