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

    private void SaysToHave(ulong sequence, HybridTimestamp timestamp)
    {
        _region.Receive(3, new AcknowledgementFrame(0, 0, AppliedVector.Of([new OriginPosition(s_origin.Region, s_origin.Incarnation, sequence, timestamp)])));
        _region.Wait(new ReplicationOptions().SilenceBeforePull * 2);
    }

    private void AssertAsked(ulong fromSequence) => Assert.Equal(fromSequence, _region.Sent(3).OfType<PullFrame>().Last().FromSequence);
}
