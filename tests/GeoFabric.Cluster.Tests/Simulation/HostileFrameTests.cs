using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What a peer must not get away with: each is refused for its own reason, counted, and changes nothing.</summary>
public sealed class HostileFrameTests
{
    private readonly RegionHarness _region = new(1, 2, 3);

    [Fact]
    public void Every_flipped_bit_of_a_frame_is_noticed()
    {
        var frame = FrameCodec.Encode(BatchOf(2, 1, 7));
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            _region.Greet(2);
            var flipped = (byte[])frame.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            _region.Step(new FrameReceived(2, flipped));
        }

        Assert.Equal(frame.Length * 8, _region.Refused(2, RefusalReason.DamagedFrame));
        Assert.Equal(AppliedVector.Empty, _region.Applied);
    }

    [Fact]
    public void Every_frame_that_is_cut_short_is_noticed()
    {
        var frame = FrameCodec.Encode(BatchOf(2, 1, 7));
        for (var length = 0; length < frame.Length; length++)
        {
            _region.Greet(2);
            _region.Step(new FrameReceived(2, frame.AsMemory(0, length)));
        }

        Assert.Equal(frame.Length, _region.Refused(2, RefusalReason.DamagedFrame));
        Assert.Equal(AppliedVector.Empty, _region.Applied);
    }

    [Fact]
    public void Random_bodies_with_a_right_checksum_never_break_the_core()
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < 20_000; i++)
        {
            _region.Greet(2);
            var body = new byte[random.Below(60)];
            for (var at = 0; at < body.Length; at++)
                body[at] = (byte)random.Bits();
            _region.Step(new FrameReceived(2, FrameEnvelope.Wrap((FrameKind)random.Between(1, 12), body)));
            _region.Outputs.Clear();
        }

        Assert.Equal(AppliedVector.Empty, _region.Applied);
        Assert.True(_region.Refused(2, RefusalReason.MalformedFrame) > 10_000);
    }

    [Fact]
    public void A_peer_that_goes_on_without_a_greeting_has_to_connect_anew()
    {
        _region.Step(new PeerConnected(2));
        for (var i = 0; i < 20; i++)
        {
            _region.Receive(2, BatchOf(2, 1, 7));
            _region.Wait(TimeSpan.FromMilliseconds(500));
        }

        Assert.Contains(_region.Outputs, output => output is CloseLink { Peer: 2, Reason: CloseReason.Silent });
        Assert.Equal(AppliedVector.Empty, _region.Applied);
    }

    [Fact]
    public void Lengths_out_of_bounds_are_refused_before_anything_is_allocated()
    {
        Assert.Throws<InvalidDataException>(() => FrameEnvelope.TryReadLength([0xFF, 0xFF, 0xFF, 0x7F], out _));
        Assert.Throws<InvalidDataException>(() => FrameEnvelope.TryReadLength([3, 0, 0, 0], out _));
        Assert.False(FrameEnvelope.TryReadLength([1, 2, 3], out _));
    }

    [Fact]
    public void Kinds_that_are_not_known_are_skipped_and_the_link_stays()
    {
        _region.Greet(2);

        _region.Step(new FrameReceived(2, FrameEnvelope.Wrap((FrameKind)200, [1, 2, 3])));
        _region.Receive(2, BatchOf(2, 1, 7));

        Assert.Equal(1, _region.Refused(2, RefusalReason.UnknownKind));
        Assert.Equal(7, _region.Register(1));
    }

    [Fact]
    public void Replayed_and_reordered_batches_are_applied_once_and_in_order()
    {
        var (first, second) = (BatchOf(2, 1, 7), BatchOf(2, 2, 8));
        _region.Greet(2);

        _region.Receive(2, second);
        Assert.Equal(0, _region.Register(1));
        _region.Receive(2, first);
        _region.Receive(2, first);
        _region.Receive(2, second);

        Assert.Equal(8, _region.Register(1));
        Assert.Equal(2UL, _region.Applied[2].Sequence);
        Assert.Equal(2, _region.Core.Links.Single(link => link.Peer == 2).Counters.Duplicates);
    }

    [Fact]
    public void Records_said_to_be_own_are_refused()
    {
        _region.Greet(2);

        _region.Receive(2, BatchOf(1, 1, 7));

        AssertClosed(RefusalReason.ForgedOwnRecord, CloseReason.Forged);
        Assert.Contains(_region.Outputs.OfType<AlarmRaised>(), alarm => alarm.Kind == AlarmKind.ForgedRecords);
    }

    [Fact]
    public void Records_of_regions_nobody_declared_are_refused()
    {
        _region.Greet(2);

        _region.Receive(2, BatchOf(9, 1, 7));

        AssertClosed(RefusalReason.UnknownOrigin, CloseReason.Forged);
    }

    [Fact]
    public void A_peer_may_serve_the_log_of_another()
    {
        _region.Greet(2);

        _region.Receive(2, BatchOf(3, 1, 7));

        Assert.Equal(7, _region.Register(1));
    }

    [Fact]
    public void A_record_whose_timestamp_does_not_grow_is_refused()
    {
        _region.Greet(2);

        _region.Receive(2, BatchOf(2, 1, 7, second: 2));
        _region.Receive(2, BatchOf(2, 2, 8, second: 1));

        AssertClosed(RefusalReason.OutOfOrder, CloseReason.Forged, expectedValue: 7);
    }

    [Fact]
    public void A_peer_that_claims_another_number_is_refused()
    {
        _region.Greet(2, Hello(new ChangeOrigin(3, 0)));

        AssertClosed(RefusalReason.ForeignIdentity, CloseReason.NotAccepted);
    }

    [Fact]
    public void An_incarnation_that_was_not_admitted_is_refused()
    {
        _region.Greet(2, Hello(new ChangeOrigin(2, 1)));

        AssertClosed(RefusalReason.ForeignIdentity, CloseReason.NotAccepted);
    }

    [Fact]
    public void A_region_that_was_not_declared_is_refused()
    {
        _region.Greet(9, Hello(new ChangeOrigin(9, 0)));

        Assert.Equal(1, _region.Refused(9, RefusalReason.ForeignIdentity));
        Assert.Contains(new CloseLink(9, CloseReason.NotAccepted), _region.Outputs);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        _region.Greet(2, Hello(new ChangeOrigin(2, 0)) with { Version = 99 });

        AssertClosed(RefusalReason.UnknownVersion, CloseReason.NotAccepted);
    }

    [Fact]
    public void A_configuration_that_is_not_known_is_fetched_first()
    {
        _region.Greet(9, Hello(new ChangeOrigin(9, 0)) with { Epoch = 5 });

        Assert.Equal(1, _region.Refused(9, RefusalReason.UnknownEpoch));
        Assert.Contains(new ConfigurationWanted(9, 5), _region.Outputs);
        Assert.Contains(new CloseLink(9, CloseReason.EpochUnknown), _region.Outputs);
    }

    [Fact]
    public void A_record_of_a_configuration_that_is_not_known_waits_for_it()
    {
        _region.Greet(2);

        _region.Receive(2, BatchOf(2, 1, 7, epoch: 2));
        Assert.Equal(0, _region.Register(1));
        _region.Step(new ConfigurationChanged(new ClusterConfiguration(2, _region.Configuration.Members)));

        Assert.Equal(7, _region.Register(1));
    }

    [Fact]
    public void Records_behind_the_end_of_an_origin_are_refused()
    {
        _region.Greet(2);
        _region.Receive(2, BatchOf(3, 1, 7));
        var members = _region.Configuration.Members.Where(member => member.Region != 3);
        _region.Step(new ConfigurationChanged(new ClusterConfiguration(2, members, [new ClosedMember(new ChangeOrigin(3, 0), 1)])));

        _region.Receive(2, BatchOf(3, 2, 8));

        Assert.Equal(1, _region.Refused(2, RefusalReason.ClosedOrigin));
        Assert.Equal(7, _region.Register(1));
    }

    [Fact]
    public void Frames_before_the_greeting_are_refused()
    {
        _region.Step(new PeerConnected(2));

        _region.Receive(2, BatchOf(2, 1, 7));

        Assert.Equal(1, _region.Refused(2, RefusalReason.NotGreeted));
        Assert.Equal(0, _region.Register(1));
    }

    [Fact]
    public void A_clock_far_ahead_is_quarantined_until_it_is_right()
    {
        _region.Greet(2, Hello(new ChangeOrigin(2, 0)) with { WallMilliseconds = (_region.Now + TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds() });
        AssertClosed(RefusalReason.ClockAhead, CloseReason.ClockAhead);

        _region.Greet(2);
        _region.Receive(2, BatchOf(2, 1, 7, second: 60));
        Assert.Equal(0, _region.Register(1));

        _region.Now += TimeSpan.FromMinutes(1);
        _region.Greet(2);
        _region.Receive(2, BatchOf(2, 1, 7, second: 60));
        Assert.Equal(7, _region.Register(1));
    }

    private HelloFrame Hello(ChangeOrigin origin) => new(
        HelloFrame.CurrentVersion, origin, 1, true, _region.Now.ToUnixTimeMilliseconds(), 0, default, 1 << 20, AppliedVector.Empty);

    private void AssertClosed(RefusalReason reason, CloseReason close, long expectedValue = 0)
    {
        Assert.Equal(1, _region.Refused(2, reason));
        Assert.Contains(new CloseLink(2, close), _region.Outputs);
        Assert.Equal(expectedValue, _region.Register(1));
    }

    /// <summary>A batch of one record that sets register 1.</summary>
    private static BatchFrame BatchOf(ushort origin, ulong sequence, long value, int? second = null, ulong epoch = 1)
    {
        var timestamp = HybridTimestamp.FromUnixMilliseconds((SimulationRun.Start + TimeSpan.FromSeconds(second ?? (int)sequence)).ToUnixTimeMilliseconds());
        var change = new ModelChange(new ModelKey(ModelKind.Register, 1, 0), ChangeVerb.Set, value);
        var record = ModelRecord.Write(new ChangeOrigin(origin, 0), sequence, timestamp, default, epoch, false, [], [change]);
        return BatchCodec.Encode([record], 512, false);
    }
}
