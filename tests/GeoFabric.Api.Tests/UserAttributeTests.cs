namespace GeoFabric.Api.Tests;

public sealed class UserAttributeTests(ServerFixture server)
{
    /// <summary>The only user that a tenant has.</summary>
    private const string User = "root";

    private const string Attributes = $"/_api/user/{User}/attributes";

    [Fact]
    public async Task Attributes_are_added_read_removed_and_cleared()
    {
        using var root = await NewTenantAsync("attributes@example.com");

        Assert.Equal("{}", (await root.GetAsync(Attributes)).AssertStatus(200)["result"]!.ToJsonString());
        var put = (await root.PutAsync(Attributes, """{"foo":"bar","boo":"baz","soo":"kon"}""")).AssertStatus(200);
        Assert.Equal("""{"foo":"bar","boo":"baz","soo":"kon"}""", put["result"]!.ToJsonString());
        Assert.Equal("""{"foo":"baz"}""", (await root.PutAsync($"/_fabric/_system/_admin/user/{User}/attributes", """{"foo":"baz"}""")).AssertStatus(200)["result"]!.ToJsonString());
        var merged = (await root.GetAsync("/_fabric/_system" + Attributes)).AssertStatus(200)["result"]!;
        Assert.Equal(("baz", "baz", "kon"), ((string)merged["foo"]!, (string)merged["boo"]!, (string)merged["soo"]!));
        (await root.DeleteAsync(Attributes + "/soo")).AssertStatus(202);
        (await root.DeleteAsync(Attributes + "/soo")).AssertStatus(202);
        Assert.Null((await root.GetAsync(Attributes))["result"]!["soo"]);
        (await root.DeleteAsync(Attributes + "/truncate")).AssertStatus(202);
        Assert.Equal("{}", (await root.GetAsync(Attributes))["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Queries_find_the_attributes_of_whoever_runs_them_and_of_nobody_else()
    {
        using var north = await NewTenantAsync("north@example.com");
        using var south = await NewTenantAsync("south@example.com");
        (await north.PutAsync(Attributes, """{"team":"north","levels":[1,2]}""")).AssertStatus(200);
        (await south.PutAsync(Attributes, """{"team":"south"}""")).AssertStatus(200);

        const string query = """{"query":"FOR d IN [{t: 'north'}, {t: 'south'}] FILTER d.t == CURRENT_USER_ATTRIBUTE('team') RETURN [d.t, CURRENT_USER_ATTRIBUTE('levels'), CURRENT_USER_ATTRIBUTE('nope')]"}""";
        Assert.Equal("""[["north",[1,2],null]]""", await RowsAsync(north, query));
        Assert.Equal("""[["south",null,null]]""", await RowsAsync(south, query));

        // The plan that is kept by now must not have kept the attribute.
        (await north.PutAsync(Attributes, """{"team":"south"}""")).AssertStatus(200);
        Assert.Equal("""[["south",[1,2],null]]""", await RowsAsync(north, query));
    }

    [Fact]
    public async Task Nonsense_is_refused_and_says_what_would_be_right()
    {
        using var root = await NewTenantAsync("nonsense@example.com");

        (await root.GetAsync("/_api/user/nobody/attributes")).AssertError(404, 1703);
        (await root.PutAsync("/_api/user/nobody/attributes", """{"a":"b"}""")).AssertError(404, 1703);
        (await root.DeleteAsync("/_api/user/nobody/attributes/a")).AssertError(404, 1703);
        (await root.PutAsync(Attributes, "[1]")).AssertError(400, 10);
        (await root.PutAsync(Attributes, "")).AssertError(400, 10);
        (await root.PutAsync(Attributes, $$"""{"a":"{{new string('x', 17_000)}}"}""")).AssertError(400, 10);
        (await root.PutAsync(Attributes, """{"a":""")).AssertError(400, 600);
        (await server.Root.GetAsync("/_tenant/nonsense_example.com/_fabric/_system" + Attributes)).AssertError(403, 11);
    }

    private async Task<ApiClient> NewTenantAsync(string email)
    {
        (await server.Root.PostAsync("/_api/tenant", $$"""{"email":"{{email}}","passwd":"Secret-456"}""")).AssertStatus(201);
        return await ApiClient.LogInAsync(server.Url, email.Replace('@', '_'), User, "Secret-456");
    }

    private static async Task<string> RowsAsync(ApiClient client, string query) =>
        (await client.PostAsync("/_fabric/_system/_api/cursor", query)).AssertStatus(201)["result"]!.ToJsonString();
}
