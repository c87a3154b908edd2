using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Links;

/// <summary>One connection to a peer, and what the peer said of itself on it.</summary>
internal sealed class PeerLink(ushort peer, LinkCounters counters, DateTimeOffset now)
{
    public ushort Peer => peer;

    public LinkCounters Counters => counters;

    public bool IsOpen { get; set; } = true;

    public bool IsGreeted { get; private set; }

    /// <summary>When something came last that counts: since the link is up, or behind the peer's greeting.</summary>
    public DateTimeOffset LastHeard { get; set; } = now;

    /// <summary>The incarnation the peer greeted under.</summary>
    public ChangeOrigin Origin { get; private set; }

    public ulong Epoch { get; private set; }

    public bool IsLive { get; private set; }

    /// <summary>What the peer has applied, with its watermarks.</summary>
    public AppliedVector Applied { get; private set; } = AppliedVector.Empty;

    /// <summary>What this region has told the peer of its own vector; the next frame tells only what changed.</summary>
    public AppliedVector Told { get; set; } = AppliedVector.Empty;

    /// <summary>Bytes of batches the peer may have on their way.</summary>
    public int WindowBytes { get; private set; }

    /// <summary>Bytes of received batches that are done with.</summary>
    public long ConsumedBytes { get; set; }

    /// <summary>The acknowledged <see cref="ConsumedBytes"/>.</summary>
    public long ToldConsumedBytes { get; set; }

    /// <summary>Last sequence of the peer's own log, as far as it told.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>The peer's promise about its own log behind <see cref="LastSequence"/>.</summary>
    public HybridTimestamp Watermark { get; private set; }

    /// <summary>Wall clock in the peer's last beat, and when it came.</summary>
    public (long WallMilliseconds, DateTimeOffset CameAt)? LastBeat { get; set; }

    public void Greet(HelloFrame hello)
    {
        IsGreeted = true;
        Origin = hello.Origin;
        Epoch = hello.Epoch;
        IsLive = hello.IsLive;
        LastSequence = hello.LastSequence;
        WindowBytes = hello.WindowBytes;
        Applied = hello.Applied;
    }

    public void Learn(BeatFrame beat)
    {
        Epoch = Math.Max(Epoch, beat.Epoch);
        IsLive = beat.IsLive;
        LastSequence = beat.LastSequence;
        Watermark = beat.Watermark;
        Applied = Applied.Join(beat.Changes);
    }

    public void Learn(AppliedVector changes) => Applied = Applied.Join(changes);

    /// <summary>What changed of the own vector since the peer was told; it counts as told from now on.</summary>
    public AppliedVector TellChanges(AppliedVector own)
    {
        var changes = own.ChangesSince(Told);
        Told = own;
        return changes;
    }
}
