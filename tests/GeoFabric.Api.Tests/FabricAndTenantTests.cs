namespace GeoFabric.Api.Tests;

public sealed class FabricAndTenantTests(ServerFixture server)
{
    [Fact]
    public async Task A_fabric_is_created_listed_described_and_dropped()
    {
        var system = server.Root.In("/_fabric/_system/_api");

        (await system.PostAsync("/database", """{"name":"shop","options":{"dcList":"","metadata":{"a":1}},"users":["root"]}""")).AssertStatus(201);
        (await system.PostAsync("/database", """{"name":"shop"}""")).AssertError(409, 1207);

        var names = (await system.GetAsync("/database"))["result"]!.AsArray().Select(name => (string)name!);
        Assert.Contains("shop", names);
        var current = (await server.Root.GetAsync("/_fabric/shop/_api/database/current")).AssertStatus(200)["result"]!;
        Assert.Equal("shop", (string)current["name"]!);
        Assert.False((bool)current["isSystem"]!);
        Assert.Equal("_mm.shop", (string)current["options"]!["name"]!);
        Assert.Equal(
            ["associated_regions", "clusters", "dcList", "dynamo_local_tables", "metadata", "name", "realTime", "spotDc", "status", "tenant"],
            current["options"]!.AsObject().Select(option => option.Key).Order(StringComparer.Ordinal));
        (await server.Root.PostAsync("/_fabric/shop/_api/database", """{"name":"x"}""")).AssertError(403, 1230);
        (await server.Root.DeleteAsync("/_fabric/shop/_api/database/shop")).AssertError(403, 1230);
        (await system.DeleteAsync("/database/shop")).AssertStatus(200);
        (await system.DeleteAsync("/database/shop")).AssertError(404, 1228);
        (await server.Root.GetAsync("/_fabric/shop/_api/database/current")).AssertError(404, 1228);
    }

    [Fact]
    public async Task Metadata_of_a_fabric_is_replaced_by_PUT_and_merged_by_PATCH()
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PutAsync("/database/metadata", """{"metadata":{"a":"1","b":"2"}}""")).AssertStatus(201);
        (await fabric.PatchAsync("/database/metadata", """{"metadata":{"b":"3"}}""")).AssertStatus(201);

        var metadata = (await fabric.GetAsync("/database/metadata"))["result"]!["options"]!["metadata"]!;
        Assert.Equal("""{"a":"1","b":"3"}""", metadata.ToJsonString());
    }

    [Fact]
    public async Task A_tenant_has_its_own_fabrics_and_root_and_only_the_root_tenant_administers_it()
    {
        var created = (await server.Root.PostAsync("/_api/tenant", """{"email":"anna.b@example.com","passwd":"Secret-456","metadata":{"plan":"free"}}""")).AssertStatus(201);
        Assert.Equal("anna.b_example.com", (string)created["tenant"]!);
        using var anna = await ApiClient.LogInAsync(server.Url, "anna.b_example.com", "root", "Secret-456");

        (await anna.PostAsync("/_fabric/_system/_api/collection", """{"name":"mine"}""")).AssertStatus(200);
        (await server.Root.GetAsync("/_fabric/_system/_api/collection/mine")).AssertError(404, 1203);
        (await server.Root.GetAsync("/_tenant/anna.b_example.com/_fabric/_system/_api/collection")).AssertError(403, 11);
        Assert.Equal(403, (await anna.GetAsync("/_api/tenants")).Status);
        Assert.Equal(403, (await anna.DeleteAsync("/_api/tenant/_mm")).Status);
        (await anna.GetAsync("/_api/tenant/anna.b_example.com")).AssertStatus(200);
        Assert.Contains("anna.b_example.com", (await server.Root.GetAsync("/_api/tenants"))["result"]!.AsArray().Select(tenant => (string)tenant!["tenant"]!));
        (await server.Root.PostAsync("/_api/tenant", """{"email":"anna.b@example.com","passwd":"Secret-456"}""")).AssertError(409, 1207);

        (await server.Root.DeleteAsync("/_api/tenant/anna.b_example.com")).AssertStatus(202);

        (await anna.GetAsync("/_fabric/_system/_api/collection")).AssertError(401, 11);
        (await server.Root.GetAsync("/_api/tenant/anna.b_example.com")).AssertError(404, 404);
    }

    [Fact]
    public async Task A_tenant_made_again_does_not_honour_tokens_of_the_old_one()
    {
        const string body = """{"email":"twice@example.com","passwd":"Secret-456"}""";
        (await server.Root.PostAsync("/_api/tenant", body)).AssertStatus(201);
        using var first = await ApiClient.LogInAsync(server.Url, "twice_example.com", "root", "Secret-456");
        (await first.GetAsync("/_fabric/_system/_api/collection")).AssertStatus(200);

        (await server.Root.DeleteAsync("/_api/tenant/twice_example.com")).AssertStatus(202);
        (await server.Root.PostAsync("/_api/tenant", body)).AssertStatus(201);

        (await first.GetAsync("/_fabric/_system/_api/collection")).AssertError(401, 11);
    }

    [Fact]
    public async Task The_one_region_is_described_without_an_envelope()
    {
        var local = (await server.Root.GetAsync("/datacenter/local")).AssertStatus(200);
        var all = (await server.Root.GetAsync("/datacenter/all")).AssertStatus(200);
        var named = (await server.Root.GetAsync("/datacenter/test-region")).AssertStatus(200);

        Assert.Equal("test-region", (string)local["name"]!);
        Assert.True((bool)local["local"]!);
        Assert.DoesNotContain("http", (string)local["tags"]!["url"]!, StringComparison.Ordinal);
        Assert.Equal(local.Body!.ToJsonString(), Assert.Single(all.Body!.AsArray())!.ToJsonString());
        Assert.Equal("test-region", (string)named["name"]!);
        Assert.Equal(["local", "name", "status", "tags", "locationInfo"], named.Body!.AsObject().Select(attribute => attribute.Key));
        var ofTenant = Assert.Single((await server.Root.GetAsync("/datacenter/_tenant/_mm")).AssertStatus(200).Body!.AsArray())!;
        Assert.Equal("_mm", (string)ofTenant["tenant"]!);
        Assert.Equal("test-region", (string)Assert.Single(ofTenant["dcInfo"]!.AsArray())!["name"]!);
        (await server.Root.GetAsync("/datacenter/_tenant/nobody")).AssertError(404, 404);
        (await server.Root.GetAsync("/datacenter/nowhere")).AssertError(404, 102024);
    }

    [Theory]
    [InlineData("/_api/version")]
    [InlineData("/_tenant/_mm/_admin/version?details=false")]
    [InlineData("/_fabric/_system/_api/version")]
    public async Task The_version_is_told(string path) => Assert.Matches(@"^\d+\.\d+\.\d+$", (string)(await server.Root.GetAsync(path))["version"]!);
}
