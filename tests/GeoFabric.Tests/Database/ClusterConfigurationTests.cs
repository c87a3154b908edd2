using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Tests.Database;

public sealed class ClusterConfigurationTests
{
    private static readonly ImmutableSortedDictionary<uint, ulong> s_nothing = ImmutableSortedDictionary<uint, ulong>.Empty;

    [Fact]
    public void Regions_get_ascending_numbers_and_each_change_a_later_epoch()
    {
        var first = Found();
        var second = Admit(first, "eu-west");
        var third = Admit(second, "ap-southeast");

        Assert.Equal([(ushort)1, (ushort)2, (ushort)3], third.Regions.Keys);
        Assert.True(first.Epoch < second.Epoch && second.Epoch < third.Epoch);
        Assert.Equal(("us-east", 1u), (third.HomeRegion.Name.Text, third.Epoch.Term));
        Assert.True(third.IsSound());
    }

    [Fact]
    public void A_removed_region_comes_back_under_its_number_with_a_new_incarnation()
    {
        var cluster = Admit(Admit(Found(), "eu-west"), "ap-southeast").Freeze("eu-west").Remove("eu-west", s_nothing.Add(1, 17));

        var returned = Admit(cluster, "eu-west");

        Assert.Equal(["us-east", "ap-southeast"], cluster.Members.Select(member => member.Name.Text));
        Assert.Equal(17ul, Assert.Single(returned.GetRegion("eu-west").Closed).LastSequences[1]);
        Assert.Equal(returned.Epoch, returned.GetRegion("eu-west").AdmittedIn);
        Assert.Equal((2, 1, RegionState.Live), (returned.GetRegion("eu-west").Id, returned.GetRegion("eu-west").Incarnation, returned.GetRegion("eu-west").State));
        Assert.Equal(4, Admit(returned, "sa-east").GetRegion("sa-east").Id);
    }

    [Fact]
    public void A_removal_may_end_logs_earlier_that_had_ended_before()
    {
        var cluster = Admit(Admit(Found(), "eu-west"), "ap-southeast").Freeze("eu-west").Remove("eu-west", s_nothing.Add(1, 17).Add(2, 5)).Freeze("ap-southeast");

        var removed = cluster.Remove("ap-southeast", s_nothing, new Dictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>> { [new(2, 0)] = s_nothing.Add(1, 16) });

        Assert.Equal([(1u, 16ul), (2u, 5ul)], Assert.Single(removed.GetRegion("eu-west").Closed).LastSequences.Select(end => (end.Key, end.Value)));
        Assert.Empty(Assert.Single(removed.GetRegion("ap-southeast").Closed).LastSequences);
    }

    [Fact]
    public void A_region_fails_and_heals_only_from_the_other_state()
    {
        var cluster = Admit(Found(), "eu-west");

        var failed = cluster.Fail("eu-west");

        Assert.Equal(RegionState.Failed, failed.GetRegion("eu-west").State);
        Assert.Equal(RegionState.Live, failed.Heal("eu-west").GetRegion("eu-west").State);
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Heal("eu-west"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => failed.Fail("eu-west"));
        AssertRefused(ErrorCodes.DatacenterNotFound, () => cluster.Fail("nowhere"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Freeze("eu-west").Remove("eu-west", s_nothing).Heal("eu-west"));
    }

    [Fact]
    public void Names_of_members_are_unique()
    {
        var cluster = Admit(Found(), "eu-west");

        AssertRefused(ErrorCodes.DuplicateName, () => Admit(cluster, "eu-west"));
        AssertRefused(ErrorCodes.DuplicateName, () => Admit(cluster, "us-east"));
    }

    [Fact]
    public void Only_a_live_region_that_may_lead_is_promoted_and_the_home_is_never_removed()
    {
        var cluster = Admit(Admit(Found(), "eu-west"), "ap-southeast");

        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Promote("us-east"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Fail("eu-west").Promote("eu-west"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Describe("eu-west", region => region with { IsSpot = false }).Promote("eu-west"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Freeze("us-east"));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Remove("eu-west", s_nothing));
        AssertRefused(ErrorCodes.RegionStateConflict, () => cluster.Freeze("eu-west").Promote("eu-west"));
        Assert.Equal("eu-west", cluster.Promote("eu-west").HomeRegion.Name.Text);
        Assert.False(cluster.Promote("eu-west").Freeze("us-east").Remove("us-east", s_nothing).GetRegion("us-east").IsMember);
    }

    [Fact]
    public void A_new_home_begins_a_term_above_all_epochs_of_the_last_one_and_skips_numbers_it_may_not_have_heard_of()
    {
        var seen = Admit(Found(), "eu-west");
        var unseen = Admit(seen, "lost").Fail("lost").Heal("lost");

        var promoted = seen.Promote("eu-west");

        Assert.Equal(2u, promoted.Epoch.Term);
        Assert.True(promoted.Epoch > unseen.Epoch);
        Assert.True(Admit(promoted, "sa-east").GetRegion("sa-east").Id > unseen.GetRegion("lost").Id);
    }

    [Fact]
    public void Describing_a_region_keeps_who_it_is()
    {
        var cluster = Admit(Found(), "eu-west");

        var described = cluster.Describe("eu-west", region => region with { Id = 9, Incarnation = 9, State = RegionState.Removed, PeerUrl = "https://eu:8530" });

        Assert.Equal((2, 0, RegionState.Live, "https://eu:8530"), (
            described.GetRegion("eu-west").Id, described.GetRegion("eu-west").Incarnation, described.GetRegion("eu-west").State, described.GetRegion("eu-west").PeerUrl));
        Assert.Same(cluster, cluster.Describe("eu-west", region => region));
    }

    private static ClusterConfiguration Found() => ClusterConfiguration.Found("c1", ClusterRegion.Of(1, RegionName.Parse("us-east")));

    private static ClusterConfiguration Admit(ClusterConfiguration cluster, string name) => cluster.Admit(RegionName.Parse(name), region => region);

    private static void AssertRefused(ErrorCode code, Func<ClusterConfiguration> change) =>
        Assert.Equal(code, Assert.Throws<GeoFabricException>(change).Code);
}
