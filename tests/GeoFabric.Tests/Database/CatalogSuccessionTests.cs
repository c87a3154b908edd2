using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Tests.Database;

public sealed class CatalogSuccessionTests
{
    private static readonly ClusterConfiguration s_three = ClusterConfiguration.Found("c1", ClusterRegion.Of(1, RegionName.Parse("us-east")))
        .Admit(RegionName.Parse("eu-west"), region => region)
        .Admit(RegionName.Parse("ap-southeast"), region => region);

    [Fact]
    public void Of_one_term_the_later_version_counts()
    {
        var own = Catalog(s_three, 10);

        Assert.Equal(CatalogVerdict.Newer, CatalogSuccession.Judge(own, Catalog(s_three, 11)));
        Assert.Equal(CatalogVerdict.Newer, CatalogSuccession.Judge(own, Catalog(s_three.Fail("eu-west"), 11)));
        Assert.Equal(CatalogVerdict.Same, CatalogSuccession.Judge(own, Catalog(s_three, 10)));
        Assert.Equal(CatalogVerdict.Older, CatalogSuccession.Judge(own, Catalog(s_three, 9)));
    }

    [Fact]
    public void A_later_term_stands_above_every_version_of_the_one_before()
    {
        var promoted = Catalog(s_three.Promote("eu-west"), 11);
        var stale = Catalog(s_three.Fail("ap-southeast").Heal("ap-southeast"), 5000);

        Assert.Equal(CatalogVerdict.Newer, CatalogSuccession.Judge(stale, promoted));
        Assert.Equal(CatalogVerdict.Older, CatalogSuccession.Judge(promoted, stale));
    }

    [Fact]
    public void Two_homes_of_one_term_are_refused_until_one_is_promoted_again()
    {
        var first = s_three.Promote("eu-west");
        var second = s_three.Promote("ap-southeast");

        Assert.Equal(CatalogVerdict.TwoHomes, CatalogSuccession.Judge(Catalog(first, 20), Catalog(second, 30)));
        Assert.Equal(CatalogVerdict.TwoHomes, CatalogSuccession.Judge(Catalog(second, 30), Catalog(first, 20)));
        Assert.Equal(CatalogVerdict.Newer, CatalogSuccession.Judge(Catalog(first, 20), Catalog(second.Promote("us-east"), 31)));
    }

    [Fact]
    public void A_catalog_of_another_cluster_or_of_none_is_refused()
    {
        var other = ClusterConfiguration.Found("c2", ClusterRegion.Of(1, RegionName.Parse("us-east")));

        Assert.Equal(CatalogVerdict.ForeignCluster, CatalogSuccession.Judge(Catalog(s_three, 10), Catalog(other, 99)));
        Assert.Equal(CatalogVerdict.ForeignCluster, CatalogSuccession.Judge(Catalog(s_three, 10), ServerCatalog.Empty with { Version = 99 }));
        Assert.Equal(CatalogVerdict.ForeignCluster, CatalogSuccession.Judge(ServerCatalog.Empty, Catalog(other, 99)));
    }

    [Fact]
    public void A_catalog_that_contradicts_itself_or_its_own_line_is_refused()
    {
        var later = s_three.Fail("eu-west");
        var unsound = new[]
        {
            s_three with { Home = 9 },
            s_three with { ClusterId = "c1", Epoch = default },
            s_three with { LastRegionId = 1 },
            s_three with { Regions = s_three.Regions.SetItem(2, s_three.Regions[2] with { Id = 3 }) },
            s_three with { Regions = s_three.Regions.SetItem(2, s_three.Regions[2] with { Name = RegionName.Parse("us-east") }) },
            s_three with { Regions = s_three.Regions.SetItem(1, s_three.Regions[1] with { State = RegionState.Removed }) },
        };

        Assert.All(unsound, cluster => Assert.Equal(CatalogVerdict.Contradiction, CatalogSuccession.Judge(Catalog(s_three, 10), Catalog(cluster, 99))));
        // An older set of regions under a later version, another one under the same version, and more epochs than there were versions.
        Assert.Equal(CatalogVerdict.Contradiction, CatalogSuccession.Judge(Catalog(later, 10), Catalog(s_three, 11)));
        Assert.Equal(CatalogVerdict.Contradiction, CatalogSuccession.Judge(Catalog(later, 10), Catalog(s_three, 10)));
        Assert.Equal(CatalogVerdict.Contradiction, CatalogSuccession.Judge(Catalog(s_three, 1), Catalog(later, 2)));
    }

    [Fact]
    public void Only_the_home_writes_and_only_one_that_takes_over_writes_instead()
    {
        var next = s_three.Fail("eu-west");
        var promoted = s_three.Promote("eu-west");

        Assert.True(CatalogSuccession.MayWrite(1, s_three, next));
        Assert.False(CatalogSuccession.MayWrite(2, s_three, next));
        Assert.True(CatalogSuccession.MayWrite(1, s_three, promoted));
        Assert.True(CatalogSuccession.MayWrite(2, s_three, promoted));
        Assert.False(CatalogSuccession.MayWrite(3, s_three, promoted));
        Assert.False(CatalogSuccession.MayWrite(1, next, s_three));
        Assert.True(CatalogSuccession.MayWrite(1, null, ClusterConfiguration.Found("c1", s_three.Regions[1])));
        Assert.False(CatalogSuccession.MayWrite(2, null, ClusterConfiguration.Found("c1", s_three.Regions[1])));
    }

    [Fact]
    public void A_catalog_travels_whole_and_damage_is_seen()
    {
        var cluster = s_three.Freeze("ap-southeast").Remove("ap-southeast", ImmutableSortedDictionary<uint, ulong>.Empty.Add(1, 5).Add(7, ulong.MaxValue))
            .Describe("eu-west", region => region with
            {
                Place = new RegionPlace("Dublin", "IE", "Ireland", 53.35, -6.26),
                CertificateSerials = ["0A", "0B"],
                PeerUrl = "https://eu:8530",
            });
        var bytes = CatalogTransfer.Write(Catalog(cluster, 12));

        var read = CatalogTransfer.Read(bytes);

        Assert.Equal(bytes, CatalogTransfer.Write(read));
        Assert.Equal((12, cluster.Epoch, (ushort)1), (read.Version, read.Cluster!.Epoch, read.Cluster.Home));
        Assert.Equal(["0A", "0B"], read.Cluster.GetRegion("eu-west").CertificateSerials);
        Assert.Equal("Dublin", read.Cluster.GetRegion("eu-west").Place.City);
        Assert.Equal(ulong.MaxValue, read.Cluster.GetRegion("ap-southeast").Closed[0].LastSequences[7]);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Equal(10, Assert.Throws<GeoFabricException>(() => CatalogTransfer.Read(bytes)).ErrorNumber);
            bytes[i] ^= 1;
        }
        Assert.Equal(10, Assert.Throws<GeoFabricException>(() => CatalogTransfer.Read([])).ErrorNumber);
    }

    private static ServerCatalog Catalog(ClusterConfiguration cluster, long version) => ServerCatalog.Empty with { Version = version, Cluster = cluster };
}
