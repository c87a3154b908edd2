using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A snapshot takes the place of what is here, so it comes from a region that has all of it.</summary>
public sealed class DonorTests
{
    private static readonly ChangeOrigin s_second = new(2, 0);
    private static readonly ChangeOrigin s_third = new(3, 0);
    private readonly RegionHarness _region = new(1, 2, 3);
    private readonly HybridTimestamp _timestamp;

    public DonorTests()
    {
        _timestamp = new HybridTimestamp(HybridTimestamp.FromUnixMilliseconds(_region.Now.ToUnixTimeMilliseconds()).Bits + 1);
        _region.Greet(2);
        _region.Receive(2, BatchCodec.Encode(
            [ModelRecord.Write(s_second, 1, _timestamp, default, 1, false, [], [new ModelChange(new ModelKey(ModelKind.Register, 1, 0), ChangeVerb.Set, 7)])], 512, isPulled: false));
    }

    [Fact]
    public void A_region_that_lacks_what_was_applied_here_fetches_it_before_it_is_a_donor()
    {
        _region.Greet(3);
        LosesTheBeginningOfItsLog();
        Assert.Empty(_region.Sent(3).OfType<SnapshotRequestFrame>());
        Assert.Equal(RegionStanding.Live, _region.Core.Standing);

        Says(new OriginPosition(2, 0, 1, _timestamp));

        Assert.Single(_region.Sent(3).OfType<SnapshotRequestFrame>());
        Assert.Equal(RegionStanding.CatchingUp, _region.Core.Standing);
    }

    /// <summary>The one that cannot be reached may have what the others have dropped.</summary>
    [Fact]
    public void A_member_that_is_out_of_reach_is_waited_for()
    {
        _region.Greet(3);
        Says(new OriginPosition(2, 0, 2, _timestamp));
        _region.Step(new PeerDisconnected(2));
        _region.Wait(new ReplicationOptions().SilenceBeforePull * 2);
        _region.Receive(3, new UnavailableFrame(s_second, 2, IsDropped: true));
        BeatFor(new ReplicationOptions().SnapshotPatience / 2);
        Assert.DoesNotContain(_region.Outputs, output => output is SnapshotBegun);

        BeatFor(new ReplicationOptions().SnapshotPatience);
        Assert.Contains(_region.Outputs, output => output is SnapshotBegun);
    }

    private void LosesTheBeginningOfItsLog()
    {
        Says(new OriginPosition(3, 0, 5, _timestamp));
        _region.Wait(new ReplicationOptions().SilenceBeforePull * 2);
        Assert.Equal(1ul, _region.Sent(3).OfType<PullFrame>().Last().FromSequence);
        _region.Receive(3, new UnavailableFrame(s_third, 1, IsDropped: true));
        _region.Wait(new ReplicationOptions().SilenceBeforePull);
    }

    private void Says(OriginPosition applied)
    {
        _region.Receive(3, new AcknowledgementFrame(0, 0, AppliedVector.Of([applied])));
        _region.Wait(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>A link on which nothing comes would be closed.</summary>
    private void BeatFor(TimeSpan time)
    {
        for (var end = _region.Now + time; _region.Now < end;)
        {
            _region.Receive(3, new AcknowledgementFrame(0, 0, AppliedVector.Empty));
            _region.Wait(TimeSpan.FromSeconds(1));
        }
    }
}
