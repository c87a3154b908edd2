using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Links;

/// <summary>What the parts of a region's core share: who it is, what it knows, what time it is in this step and what the step asks for.</summary>
internal sealed class StepContext(RegionState state, ReplicationOptions options, ProtocolRules rules, IChangeSource source, ClusterConfiguration configuration)
{
    private List<CoreOutput> _outputs = [];
    private readonly SortedSet<AlarmKind> _alarms = [];

    /// <summary>The region and the incarnation it writes under.</summary>
    public ChangeOrigin Self => state.Origin;

    public ReplicationOptions Options => options;

    public ProtocolRules Rules => rules;

    public IChangeSource Source => source;

    public ClusterConfiguration Configuration { get; set; } = configuration;

    public LinkTable Links { get; } = new();

    public DateTimeOffset Now { get; set; }

    /// <summary>What is durable here: records only, watermarks do not count.</summary>
    public AppliedVector Applied { get; set; } = state.Applied;

    /// <summary>Last sequence of the own log. Ahead of <see cref="Applied"/> while own records are replayed on a snapshot.</summary>
    public ulong LastSequence { get; set; } = state.LastSequence;

    public RegionStanding Standing { get; set; } = RegionStanding.CatchingUp;

    public HybridTimestamp Stable { get; set; } = state.Stable;

    /// <summary>When something came from a peer or was written here last: beats are frequent for a while after.</summary>
    public DateTimeOffset LastActivity { get; set; }

    /// <summary>When the core wants to be stepped again at the latest; null when nothing is due.</summary>
    public DateTimeOffset? NextWake { get; private set; }

    /// <summary>Whether the region may be relied on: it has been live, and not begun anew since.</summary>
    public bool HasCaughtUp => Standing != RegionStanding.CatchingUp;

    public bool IsMember => Configuration.Member(Self.Region) is { } member && member.Origin == Self;

    /// <summary>Whether all that are to be reached are reached.</summary>
    public bool IsEveryMemberGreeted => Configuration.Members.All(member => member.Region == Self.Region || Links.FindGreeted(member.Region) is not null);

    public void Begin(DateTimeOffset now)
    {
        Now = now;
        NextWake = null;
    }

    public IReadOnlyList<CoreOutput> End()
    {
        var outputs = _outputs;
        _outputs = [];
        return outputs;
    }

    public void WakeAt(DateTimeOffset time)
    {
        if (NextWake is null || time < NextWake)
            NextWake = time;
    }

    public void Ask(CoreOutput output) => _outputs.Add(output);

    public void Send(PeerLink link, Frame frame, FrameLane lane = FrameLane.Control) => Send(link, FrameCodec.Encode(frame), lane);

    public void Send(PeerLink link, ReadOnlyMemory<byte> frame, FrameLane lane)
    {
        link.Counters.FramesSent++;
        link.Counters.BytesSent += frame.Length;
        Ask(new SendFrame(link.Peer, frame, lane));
    }

    /// <summary>Closes a link and says why to the peer.</summary>
    public void Close(PeerLink link, CloseReason reason)
    {
        if (!link.IsOpen)
            return;
        Send(link, new GoodbyeFrame(reason));
        Ask(new CloseLink(link.Peer, reason));
        Links.Remove(link.Peer);
    }

    /// <summary>Raises an alarm when it begins; <see cref="Calm"/> ends it.</summary>
    public void Raise(AlarmKind kind, string detail)
    {
        if (_alarms.Add(kind))
            Ask(new AlarmRaised(kind, detail));
    }

    public void Calm(AlarmKind kind) => _alarms.Remove(kind);

    /// <summary>Whether a timestamp is further ahead of this region's clock than anything honest can be.</summary>
    public bool IsTooFarAhead(long unixMilliseconds) => unixMilliseconds - Now.ToUnixTimeMilliseconds() > options.ClockAheadMax.TotalMilliseconds;
}
