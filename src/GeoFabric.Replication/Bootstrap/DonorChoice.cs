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
    private readonly KeptState _kept = new(context);
    private DateTimeOffset? _soughtSince;

    /// <summary>Since when there was none at any time, however often it was tried.</summary>
    private DateTimeOffset? _noneSince;

    /// <summary>Begins to look for one that is further than these positions.</summary>
    public void Begin()
    {
        _soughtSince = context.Now;
        _noneSince ??= context.Now;
    }

    /// <summary>Whether none was found for so long that it is worth trying something else.</summary>
    public bool IsExhausted => context.Now - _soughtSince >= context.Options.SnapshotTimeout;

    /// <summary>Whether a snapshot can be had now or soon that brings what is missing.</summary>
    /// <param name="missing">Where the logs stand here of which nobody can serve what follows.</param>
    public bool Exists(IReadOnlyCollection<OriginPosition> missing) => context.Links.All.Any(link => IsUsable(link, missing) && HasOrCanFetchWhatIsHere(link));

    /// <summary>
    /// The next live peer that holds every collection this region shares with anybody; after a while of none, any live peer. It takes longer while a member
    /// is out of reach, which may be the one that holds them, and while one that holds them fetches what is here.
    /// </summary>
    /// <param name="missing">What the donor has to be further than, in one of them at least.</param>
    /// <param name="failed">The one that was asked last.</param>
    public PeerLink? Choose(IReadOnlyCollection<OriginPosition> missing, ushort? failed)
    {
        var usable = context.Links.All.Where(link => IsUsable(link, missing) && HasOrCanFetchWhatIsHere(link)).ToList();
        var holders = usable.FindAll(HoldsAllShared);
        var donors = holders.FindAll(HasWhatIsHere);
        _soughtSince ??= context.Now;
        _noneSince ??= context.Now;
        if (donors.Count > 0)
            (_soughtSince, _noneSince) = (context.Now, null);
        else if (IsExhausted && holders.Count == 0 && (context.IsEveryMemberGreeted || context.Now - _noneSince >= context.Options.SnapshotPatience))
            donors = usable.FindAll(HasWhatIsHere);
        else
            context.WakeAt(_soughtSince.Value + context.Options.SnapshotTimeout);
        return donors.Find(link => link.Peer > failed) ?? donors.FirstOrDefault();
    }

    /// <summary>A log that goes on from here whatever the donor has, as the region writes to what is kept, is not helped by its state.</summary>
    private bool IsUsable(PeerLink link, IReadOnlyCollection<OriginPosition> missing)
    {
        if (!link.IsGreeted || !link.IsLive)
            return false;
        if (missing.Count == 0)
            return true;
        var kept = _kept.Of(link.Peer);
        return missing.Any(position => position.IsBehind(link.Applied[position.Region])
            && (!kept.KeptRegions.Contains(position.Region) || kept.LostOrigins.Contains(position.Origin)));
    }

    private bool HoldsAllShared(PeerLink link) => _kept.Of(link.Peer).KeptRegions.Count == 0;

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
}
