using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What a peer has dropped since it was asked for, because all had got it, is not what is missing.</summary>
public sealed class LateAnswerTests
{
    private static readonly ChangeOrigin s_origin = new(2, 0);
    private readonly RegionHarness _region = new(1, 2, 3);

    [Fact]
    public void A_peer_that_has_dropped_what_came_another_way_is_asked_for_what_follows()
    {
        _region.Greet(2);
        _region.Greet(3);
        var first = new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(_region.Now.ToUnixTimeMilliseconds()).Bits + 1);
        SaysToHave(1, first);
        AssertAsked(1);

        _region.Receive(2, BatchCodec.Encode([ModelRecord.Write(s_origin, 1, first, default, 1, false, [], [new ModelChange(new ModelKey(ModelKind.Register, 1, 0), ChangeVerb.Set, 7)])], 512, false));
        _region.Receive(3, new UnavailableFrame(s_origin, 1, IsDropped: true));
        SaysToHave(2, new HybridTimestamp(first.Bits + 1));

        AssertAsked(2);
        Assert.DoesNotContain(_region.Outputs, output => output is SnapshotBegun);
    }

    /// <summary>Otherwise a slow lane would bring one answer for each timeout.</summary>
    [Fact]
    public void An_answer_that_comes_when_another_peer_has_been_asked_leads_to_the_next_pull()
    {
        _region.Greet(2);
        _region.Greet(3);
        var first = new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(_region.Now.ToUnixTimeMilliseconds()).Bits + 1);
        SaysToHave(2, first, by: 2);
        SaysToHave(2, first);
        _region.Wait(new ReplicationOptions().PullTimeout + TimeSpan.FromSeconds(0.5));
        AssertAsked(1);

        _region.Receive(2, Answer(1, first));

        Assert.Equal(2ul, _region.Sent(2).OfType<PullFrame>().Last().FromSequence);
    }

    /// <summary>What the peer tells from then on, it tells beyond the second greeting.</summary>
    [Fact]
    public void A_greeting_of_the_connection_before_does_not_hide_the_present_one()
    {
        _region.Greet(3);
        var timestamp = new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(_region.Now.ToUnixTimeMilliseconds()).Bits + 1);
        var applied = AppliedVector.Of([new OriginPosition(s_origin.Region, s_origin.Incarnation, 1, timestamp)]);

        _region.Receive(3, new HelloFrame(
            HelloFrame.CurrentVersion, new ChangeOrigin(3, 0), 1, true, _region.Now.ToUnixTimeMilliseconds(), 0, default, 1 << 20, applied));
        _region.Wait(new ReplicationOptions().SilenceBeforePull * 2);

        AssertAsked(1);
    }

    [Fact]
    public void A_batch_of_an_incarnation_that_is_lost_is_refused()
    {
        _region.Greet(2);
        var timestamp = new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(_region.Now.ToUnixTimeMilliseconds()).Bits + 1);

        _region.Receive(2, Answer(1, timestamp) with { Incarnation = 1 });
        Assert.Equal((1, 0), (_region.Refused(2, RefusalReason.ForeignIdentity), _region.Register(1)));

        _region.Receive(2, Answer(1, timestamp));
        Assert.Equal(7, _region.Register(1));
    }

    private static BatchFrame Answer(ulong sequence, HybridTimestamp timestamp) => BatchCodec.Encode(
        [ModelRecord.Write(s_origin, sequence, timestamp, default, 1, false, [], [new ModelChange(new ModelKey(ModelKind.Register, 1, 0), ChangeVerb.Set, 7)])], 512, isPulled: true);

    private void SaysToHave(ulong sequence, HybridTimestamp timestamp, ushort by = 3)
    {
        _region.Receive(by, new AcknowledgementFrame(0, 0, AppliedVector.Of([new OriginPosition(s_origin.Region, s_origin.Incarnation, sequence, timestamp)])));
        _region.Wait(new ReplicationOptions().SilenceBeforePull * 2);
    }

    private void AssertAsked(ulong fromSequence) => Assert.Equal(fromSequence, _region.Sent(3).OfType<PullFrame>().Last().FromSequence);
}
