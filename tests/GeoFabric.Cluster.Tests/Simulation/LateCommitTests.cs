using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Commits end on many threads, so the core may hear of one after it has heard of the next.</summary>
public sealed class LateCommitTests
{
    private readonly RegionHarness _region = new(1, 2);

    [Fact]
    public void A_commit_that_is_reported_late_does_not_take_the_own_position_back()
    {
        var (earlier, later) = CommitTwo();

        _region.Step(later);
        _region.Step(earlier);

        Assert.Equal(later.LastSequence, _region.Core.Applied[1].Sequence);
    }

    [Fact]
    public void A_record_that_had_seen_the_later_commit_is_applied_although_the_earlier_one_is_reported_last()
    {
        _region.Greet(2);
        var (earlier, later) = CommitTwo();
        _region.Step(later);
        _region.Step(earlier);

        _region.Receive(2, BatchAfter(later.Timestamp));

        Assert.Equal(7, _region.Register(9));
    }

    /// <summary>Else stamps would be forgotten that a record still on its way has not seen, and it would undo what it should leave.</summary>
    [Fact]
    public void What_a_peer_has_applied_counts_only_behind_all_that_it_had_written_by_then()
    {
        _region.Greet(2);
        var (_, later) = CommitTwo();
        _region.Step(later);
        var timestamp = new HybridTimestamp(later.Timestamp.Bits + 1);

        // The watermark was taken before the peer wrote its first record and applied what is said here.
        _region.Receive(2, new BeatFrame(
            0, 1, true, _region.Now.ToUnixTimeMilliseconds(), 0, 0, default, 0, new HybridTimestamp(later.Timestamp.Bits - 1),
            AppliedVector.Of([new OriginPosition(1, 0, later.LastSequence, later.Timestamp), new OriginPosition(2, 0, 1, timestamp)])));
        _region.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(default, _region.Core.Stable);

        _region.Receive(2, BatchAfter(later.Timestamp));
        _region.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(later.Timestamp, _region.Core.Stable);
    }

    private (LocalCommitted Earlier, LocalCommitted Later) CommitTwo() => (_region.Commit([Set(1, 5)]), _region.Commit([Set(1, 6)]));

    private static ModelChange Set(int register, long value) => new(new ModelKey(ModelKind.Register, register, 0), ChangeVerb.Set, value);

    /// <summary>A record of region 2 that sets register 9 and was written after a commit of this region was applied there.</summary>
    private BatchFrame BatchAfter(HybridTimestamp observed)
    {
        var timestamp = new HybridTimestamp(observed.Bits + 1);
        return BatchCodec.Encode([ModelRecord.Write(new ChangeOrigin(2, 0), 1, timestamp, default, 1, false, [new ChangeDependency(1, observed)], [Set(9, 7)])], 512, false);
    }
}
