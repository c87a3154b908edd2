using GeoFabric.Database.Layout;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Where logs end when a region leaves, by what the members say to hold.</summary>
public sealed class OriginClosingTests
{
    private static readonly ChangeOrigin s_ended = new(1, 0);

    /// <summary>Region 1 came back once; region 3 is about to leave.</summary>
    private static readonly ClusterConfiguration s_frozen = OriginClosing.Freeze(
        new ClusterConfiguration(4, [new RegionMember(1, 1, 3), new RegionMember(2, 0), new RegionMember(3, 0), new RegionMember(4, 0)], [new ClosedMember(s_ended, 9)]), 3);

    [Fact]
    public void A_log_ends_at_the_furthest_that_remains()
    {
        var ends = Ends((1, Live(At(1, 1, 0))), (2, Live(At(3, 0, 4))), (3, Live(At(3, 0, 7))), (4, Live(At(3, 0, 5))));

        Assert.Equal([9ul, 5ul], ends);
    }

    [Fact]
    public void A_log_that_had_ended_ends_earlier_when_the_last_copy_leaves()
    {
        var ends = Ends((1, Live(At(1, 0, 3))), (2, Live(At(1, 0, 6))), (3, Live(At(1, 0, 9))), (4, Live()));

        Assert.Equal([6ul, 0ul], ends);
    }

    [Fact]
    public void While_a_member_is_silent_a_log_that_had_ended_ends_where_it_did()
    {
        var ends = Ends((1, Live(At(1, 0, 3))), (2, Live(At(1, 0, 6))), (4, new MemberReport(4, true, AppliedVector.Empty)));

        Assert.Equal([9ul, 0ul], ends);
    }

    /// <summary>What region 1 writes now is on top of it.</summary>
    [Fact]
    public void What_a_region_wrote_before_it_came_back_counts_although_it_is_catching_up()
    {
        var ends = Ends((1, CatchingUp(At(1, 1, 2))), (2, CatchingUp(At(3, 0, 8))), (4, Live(At(1, 0, 6), At(3, 0, 2))));

        Assert.Equal([9ul, 2ul], ends);
    }

    [Fact]
    public void What_a_region_still_has_when_it_returns_counts()
    {
        var reports = Reports((1, Live()), (2, Live()), (4, Live(At(3, 0, 1))));

        var closed = OriginClosing.Close(s_frozen, 3, reports, 1, AppliedVector.Of([At(1, 0, 7), At(3, 0, 2)]))!;

        Assert.Equal((7ul, 2ul, 1), (closed.LastSequence(s_ended), closed.LastSequence(new ChangeOrigin(3, 0)), closed.Member(3)!.Incarnation));
    }

    [Theory]
    [InlineData(0, 8, false)]
    [InlineData(0, 9, true)]
    [InlineData(1, 0, true)]
    public void What_ended_is_held_elsewhere_when_another_has_come_as_far(byte incarnation, ulong sequence, bool isHeld)
    {
        Assert.Equal(isHeld, OriginClosing.HoldsWhatEnded(s_frozen, AppliedVector.Of([At(1, 1, 5), At(2, 0, 7)]), AppliedVector.Of([At(1, incarnation, sequence)])));
    }

    private static IEnumerable<ulong> Ends(params (ushort Region, MemberReport Report)[] reports) => OriginClosing.FindEnds(s_frozen, 3, Reports(reports)).Select(end => end.LastSequence);

    private static Dictionary<ushort, MemberReport> Reports(params (ushort Region, MemberReport Report)[] reports) => reports.ToDictionary(entry => entry.Region, entry => entry.Report);

    private static MemberReport Live(params OriginPosition[] applied) => new(s_frozen.Epoch, true, AppliedVector.Of(applied));

    private static MemberReport CatchingUp(params OriginPosition[] applied) => new(s_frozen.Epoch, false, AppliedVector.Of(applied));

    private static OriginPosition At(ushort region, byte incarnation, ulong sequence) => new(region, incarnation, sequence, default);
}
