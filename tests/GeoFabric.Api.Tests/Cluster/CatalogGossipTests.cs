using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class CatalogGossipTests
{
    [Fact]
    public async Task What_the_home_changes_is_everywhere_and_each_region_says_where_it_is()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();

        await regions[0].Databases.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default);

        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Databases.TryGetFabric(TenantName.Root, FabricName.Parse("shop"), out _)));
        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Membership.Cluster.Members.All(
            member => member.PublicUrl == $"http://{member.Name}.example" && member.PeerUrl == regions[member.Id - 1].Network.Url)));
    }

    [Fact]
    public async Task A_region_takes_over_and_the_old_home_follows()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();
        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Databases.Catalog.Version == regions[0].Databases.Catalog.Version));

        Assert.Empty(await regions[1].Network.CollectCatalogsAsync(TestContext.Current.CancellationToken));
        await regions[1].Membership.PromoteAsync("region2");
        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Membership.Cluster.HomeRegion.Name.Text == "region2"));
        await regions[1].Databases.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default);

        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Databases.TryGetFabric(TenantName.Root, FabricName.Parse("shop"), out _)));
        await regions.ConnectedAsync();
    }

    [Fact]
    public async Task A_certificate_that_runs_out_is_renewed_at_the_home_and_goes_on_to_count()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        var old = regions[1].Membership.Credentials.Own.SerialNumber;

        await regions[1].Membership.RenewOwnAsync(request => regions[0].Membership.RenewCertificateAsync("region2", request));
        regions[0].LinkTo(regions[1]).Close("to connect with the new certificate");
        await TestRegions.EventuallyAsync(() => regions[0].Events.Count(text => text == "connected 2") == 2);

        Assert.NotEqual(old, regions[1].Membership.Credentials.Own.SerialNumber);
        Assert.Equal([old, regions[1].Membership.Credentials.Own.SerialNumber], regions[0].Membership.Cluster.GetRegion("region2").CertificateSerials);
        Assert.False(regions[1].Membership.NeedsRenewal);
    }

    [Fact]
    public async Task Two_homes_of_one_term_are_told_apart_from_news_until_one_is_promoted_again()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();
        foreach (var region in regions.All)
            await region.Network.CollectCatalogsAsync(TestContext.Current.CancellationToken);

        await Task.WhenAll(regions[1].Membership.PromoteAsync("region2"), regions[2].Membership.PromoteAsync("region3"));
        if (regions[1].Databases.IsHome && regions[2].Databases.IsHome)
        {
            await TestRegions.EventuallyAsync(() => regions[1].Network.Counters.Refusals.ContainsKey("catalog: TwoHomes") || regions[2].Network.Counters.Refusals.ContainsKey("catalog: TwoHomes"));
            await regions[1].Membership.PromoteAsync("region1");
        }

        await TestRegions.EventuallyAsync(() => regions.All.Select(region => region.Membership.Cluster.Home).Distinct().Count() == 1);
    }
}
