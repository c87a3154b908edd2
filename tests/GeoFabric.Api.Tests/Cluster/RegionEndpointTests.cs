using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class RegionEndpointTests
{
    private const string System = "/_fabric/_system/_api";

    [Fact]
    public async Task Every_region_tells_the_same_of_all_of_them()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        (await servers.Roots[1].PatchAsync("/_api/region/eu-west", """{"displayName":"Ireland","city":"Dublin","countryCode":"IE","country":"Ireland","latitude":53.35,"longitude":-6.26}""")).AssertStatus(200);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Membership.Cluster.GetRegion("eu-west").Place.City == "Dublin");
        await TestRegions.EventuallyAsync(() => servers.All.All(server => server.Services.Network!.Links.All(link => link.IsConnected)));

        foreach (var (root, index) in servers.Roots.Select((root, index) => (root, index)))
        {
            var list = (await root.GetAsync("/_api/region"))["result"]!;
            Assert.Equal(("us-east", new[] { "us-east", "eu-west" }[index]), ((string)list["home"]!, (string)list["self"]!));
            var regions = list["regions"]!.AsArray();
            Assert.Equal(["us-east", "eu-west"], regions.Select(region => (string)region!["name"]!));
            Assert.Equal(("live", "Ireland", 53.35), ((string)regions[1]!["state"]!, (string)regions[1]!["displayName"]!, (double)regions[1]!["latitude"]!));
            Assert.True((bool)regions[1 - index]!["link"]!["isConnected"]!);

            var all = (await root.GetAsync("/datacenter/all")).Body!.AsArray();
            Assert.Equal([index == 0, index == 1], all.Select(region => (bool)region!["local"]!));
            Assert.Equal("Dublin", (string)all[1]!["locationInfo"]!["city"]!);
            Assert.Equal("53.35", (string)all[1]!["locationInfo"]!["latitude"]!);
            Assert.Equal(new Uri(servers.All[1 - index].Url).Authority, (string)all[1 - index]!["tags"]!["url"]!);
            Assert.Equal("eu-west", (string)(await root.GetAsync("/datacenter/eu-west"))["name"]!);
            Assert.Equal(2, (await root.GetAsync("/_api/members")).Body!.AsArray().Count);
            var options = (await root.GetAsync(System + "/database/current"))["result"]!["options"]!;
            Assert.Equal(("us-east,eu-west", """["us-east","eu-west"]"""), ((string)options["dcList"]!, options["associated_regions"]!.ToJsonString()));
            var health = (await root.GetAsync("/health")).AssertStatus(200);
            Assert.Equal(("live", index == 0), ((string)health["state"]!, (bool)health["isHome"]!));
            Assert.True((bool)health["peers"]!.AsArray().Single()!["isConnected"]!);
        }
        (await servers.Roots[0].GetAsync("/datacenter/nowhere")).AssertError(404, 102024);
    }

    [Fact]
    public async Task A_region_out_of_service_serves_nobody_until_it_is_healed()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var abroad = servers.Roots[1];

        (await servers.Roots[0].PostAsync("/_api/region/eu-west/fail")).AssertStatus(200);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Membership.Self.State == Database.Catalog.RegionState.Failed);

        var refused = (await abroad.GetAsync(System + "/collection")).AssertError(503, 1477);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal((503, "failed"), ((await abroad.GetAsync("/health")).Status, (string)(await abroad.GetAsync("/health"))["state"]!));
        Assert.Equal(503, (await abroad.SendAsync("HEAD", "/health", null)).Status);
        Assert.Equal(1, (int)(await servers.Roots[0].GetAsync("/datacenter/eu-west"))["status"]!);
        (await servers.Roots[0].PostAsync("/_api/region/eu-west/fail")).AssertError(409, 1454);
        // Asked at the failed region itself, which passes it on to the home.
        (await abroad.PostAsync("/_api/region/eu-west/heal")).AssertStatus(200);
        (await abroad.GetAsync(System + "/collection")).AssertStatus(200);
        (await abroad.GetAsync("/health")).AssertStatus(200);
    }

    [Fact]
    public async Task The_home_hands_over_and_what_is_written_there_only_goes_to_the_new_one()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        await servers.CreateAsync(System, """{"name":"orders","isSpot":true}""");

        (await servers.Roots[1].PostAsync("/_api/region/nowhere/promote")).AssertError(404, 102024);
        (await servers.Roots[1].PostAsync("/_api/region/us-east/promote")).AssertError(409, 1454);
        var promoted = (await servers.Roots[1].PostAsync("/_api/region/eu-west/promote")).AssertStatus(200);

        Assert.True((bool)promoted["result"]!["isHome"]!);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Databases.IsHome && !servers.All[0].Services.Databases.IsHome);
        Assert.Equal("eu-west", (await servers.Roots[0].PostAsync(System + "/document/orders", "{}")).AssertStatus(202).Headers["x-gdn-region"]);
        (await servers.Roots[0].PostAsync(System + "/database", """{"name":"shop"}""")).AssertStatus(201);
        // The authority's key stays where it was made; the new home says what is missing.
        Assert.Contains("authority.key", (await servers.Roots[1].PostAsync("/_api/region", """{"name":"ap-southeast"}""")).AssertError(409, 1454).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_takes_over_by_force_when_the_home_is_gone_and_only_by_itself()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west", "ap-southeast");
        await servers.StopAsync(0);
        (await servers.Roots[1].PostAsync("/_api/region/eu-west/promote")).AssertError(503, 1477);
        (await servers.Roots[2].PostAsync("/_api/region/eu-west/promote?force=true")).AssertError(400, 10);

        var promoted = (await servers.Roots[1].PostAsync("/_api/region/eu-west/promote?force=true")).AssertStatus(200);

        Assert.Equal("""["us-east"]""", promoted["silent"]!.ToJsonString());
        await TestRegions.EventuallyAsync(() => servers.All[2].Services.Membership.Cluster.HomeRegion.Name.Text == "eu-west");
        (await servers.Roots[2].PostAsync(System + "/database", """{"name":"shop"}""")).AssertStatus(201);
        (await servers.Roots[2].GetAsync("/_fabric/shop/_api/collection")).AssertStatus(200);
    }

    [Fact]
    public async Task A_region_is_removed_and_comes_back_as_another_incarnation()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");

        (await servers.Roots[0].DeleteAsync("/_api/region/us-east")).AssertError(409, 1454);
        (await servers.Roots[0].DeleteAsync("/_api/region/eu-west?isGone=true")).AssertStatus(200);

        Assert.Single((await servers.Roots[0].GetAsync("/datacenter/all")).Body!.AsArray());
        (await servers.Roots[0].DeleteAsync("/_api/region/eu-west")).AssertError(409, 1454);
        var again = (await servers.Roots[0].PostAsync("/_api/region", """{"name":"eu-west"}""")).AssertStatus(201);
        Assert.Equal((2, 1), ((int)again["result"]!["number"]!, (int)again["result"]!["incarnation"]!));
        Assert.Equal(1, (int)JsonNode.Parse((string)again["joinFile"]!)!["incarnation"]!);
        (await servers.Roots[0].PostAsync("/_api/region", """{"name":"eu-west"}""")).AssertError(409, 1207);
        (await servers.Roots[0].PostAsync("/_api/region", """{"name":"no spaces"}""")).AssertError(400, 1208);
        (await servers.Roots[0].PostAsync("/_api/region", """{"name":"x","latitude":91}""")).AssertError(400, 10);
    }

    /// <summary>Acknowledged, and still under way to the others when the region is removed: the removal waits for it.</summary>
    [Fact]
    public async Task A_region_that_leaves_has_given_the_others_all_that_it_wrote()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west", "ap-south");
        await servers.CreateAsync("/_fabric/_system/_api", """{"name":"orders"}""");
        foreach (var link in servers.All[1].Services.Network!.Links)
            link.Fault = link.Fault with { OneWayDelay = TimeSpan.FromSeconds(1) };
        (await servers.Roots[1].PostAsync("/_fabric/_system/_api/document/orders", """{"_key":"last"}""")).AssertStatus(202);

        (await servers.Roots[0].DeleteAsync("/_api/region/eu-west")).AssertStatus(200);

        foreach (var other in new[] { servers.Roots[0], servers.Roots[2] })
            (await other.GetAsync("/_fabric/_system/_api/document/orders/last")).AssertStatus(200);
    }

    /// <summary>What it wrote under an earlier incarnation is no record of the later one: members would wait for it for ever, and forget nothing.</summary>
    [Fact]
    public async Task A_region_that_came_back_and_wrote_nothing_ends_at_nothing()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        (await servers.Roots[0].PostAsync(System + "/database", """{"name":"shop"}""")).AssertStatus(201);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Databases.Catalog.AllFabrics.Any(fabric => fabric.Name.Text == "shop"));
        await servers.ReadyAsync();
        (await servers.Roots[1].PostAsync("/_fabric/shop/_api/collection", """{"name":"orders"}""")).AssertStatus(200);
        var services = servers.All[0].Services;
        var shop = services.Databases.Catalog.AllFabrics.Single(fabric => fabric.Name.Text == "shop").Id;
        (await servers.Roots[0].DeleteAsync("/_api/region/eu-west")).AssertStatus(200);
        (await servers.Roots[0].PostAsync("/_api/region", """{"name":"eu-west"}""")).AssertStatus(201);
        (await servers.Roots[0].DeleteAsync("/_api/region/eu-west?isGone=true")).AssertStatus(200);

        var closed = services.Membership.Cluster.GetRegion("eu-west").Closed;
        Assert.True(closed[0].LastSequences[shop] > 0);
        Assert.Equal(0ul, closed[1].LastSequences[shop]);
    }

    [Fact]
    public async Task Spot_regions_are_marked_and_a_fabric_is_led_by_the_one_it_names()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var root = servers.Roots[0];
        (await root.PostAsync(System + "/database", """{"name":"bad","options":{"dcList":"nowhere"}}""")).AssertError(404, 102024);
        (await root.PostAsync(System + "/database", """{"name":"shop","options":{"dcList":"us-east,eu-west","spotDc":""}}""")).AssertStatus(201);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Databases.Catalog.AllFabrics.Any(fabric => fabric.Name.Text == "shop"));
        await servers.ReadyAsync();
        await servers.CreateAsync("/_fabric/shop/_api", """{"name":"orders","isSpot":true}""");

        (await root.PutAsync("/_api/datacenter/eu-west/false")).AssertStatus(200);
        Assert.False((bool)(await root.GetAsync("/datacenter/all")).Body!.AsArray()[1]!["spot_region"]!);
        (await root.PutAsync("/_tenant/_mm/_fabric/shop/database/eu-west")).AssertError(409, 1454);
        (await root.PutAsync("/_api/datacenter/eu-west/true")).AssertStatus(200);
        (await root.PutAsync("/_api/datacenter/eu-west/perhaps")).AssertError(400, 10);
        (await root.PutAsync("/_tenant/_mm/_fabric/shop/database/eu-west")).AssertStatus(200);

        Assert.Equal("eu-west", (await root.PostAsync("/_fabric/shop/_api/document/orders", "{}")).AssertStatus(202).Headers["x-gdn-region"]);
        Assert.Equal("eu-west", (string)(await root.GetAsync("/_fabric/shop/_api/database/current"))["result"]!["options"]!["spotDc"]!);
    }

    [Fact]
    public async Task Links_are_disturbed_by_administrators_of_demonstrations_only()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        await TestRegions.EventuallyAsync(() => servers.All[0].Services.Network!.Links.All(link => link.IsConnected));

        var delayed = (await servers.Roots[0].PutAsync("/_api/region/eu-west/link", """{"delayMilliseconds":40}""")).AssertStatus(200);
        Assert.Equal((40, false), ((int)delayed["result"]!["link"]!["delayMilliseconds"]!, (bool)delayed["result"]!["link"]!["isCut"]!));
        (await servers.Roots[0].PutAsync("/_api/region/eu-west/link", """{"isCut":true}""")).AssertStatus(200);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Network!.Links.All(link => !link.IsConnected));
        Assert.False((bool)(await servers.Roots[1].GetAsync("/health"))["peers"]![0]!["isConnected"]!);
        (await servers.Roots[0].PutAsync("/_api/region/us-east/link", """{"isCut":true}""")).AssertError(409, 1454);
        (await servers.Roots[0].PutAsync("/_api/region/eu-west/link", """{"delayMilliseconds":-1}""")).AssertError(400, 10);
        (await servers.Roots[0].PutAsync("/_api/region/eu-west/link", """{"delayMilliseconds":0,"isCut":false}""")).AssertStatus(200);
        await TestRegions.EventuallyAsync(() => servers.All[1].Services.Network!.Links.All(link => link.IsConnected));
    }
}

/// <summary>What a server on its own, and somebody who does not administer it, are told.</summary>
public sealed class RegionRefusalTests(ServerFixture server)
{
    [Fact]
    public async Task A_server_on_its_own_has_no_regions_to_change()
    {
        (await server.Root.GetAsync("/_api/region")).AssertError(409, 1454);
        (await server.Root.PostAsync("/_api/region", """{"name":"eu-west"}""")).AssertError(409, 1454);
        (await server.Root.PutAsync("/_api/region/eu-west/link", """{"isCut":true}""")).AssertError(403, 11);
        Assert.Equal("live", (string)(await server.Root.GetAsync("/health"))["state"]!);
    }

    [Fact]
    public async Task Only_root_of_the_root_tenant_administers_regions()
    {
        (await server.Root.PostAsync("/_api/tenant", """{"email":"regions@example.com","passwd":"Secret-456"}""")).AssertStatus(201);
        using var tenant = await ApiClient.LogInAsync(server.Url, "regions_example.com", "root", "Secret-456");

        foreach (var (method, path) in new[]
        {
            ("GET", "/_api/region"), ("POST", "/_api/region"), ("POST", "/_api/region/x/certificate"), ("PATCH", "/_api/region/x"), ("POST", "/_api/region/x/fail"),
            ("POST", "/_api/region/x/heal"), ("POST", "/_api/region/x/promote"), ("DELETE", "/_api/region/x"), ("PUT", "/_api/region/x/link"), ("PUT", "/_api/datacenter/x/true"),
        })
        {
            Assert.Equal(403, (await tenant.SendAsync(method, path, method == "GET" ? null : "{}")).Status);
        }
    }
}
