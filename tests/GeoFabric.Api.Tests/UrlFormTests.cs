using GeoFabric.Server.Tenancy;

namespace GeoFabric.Api.Tests;

public sealed class UrlFormTests(ServerFixture server)
{
    [Theory]
    [InlineData("/_fabric/_system/_api/collection")]
    [InlineData("/_fabric/_system/collection")]
    [InlineData("/_fabric/_system/_admin/collection")]
    [InlineData("/_fabric/_system/_api/collection/")]
    [InlineData("/_tenant/_mm/_fabric/_system/_api/collection")]
    [InlineData("/_tenant/_mm/_fabric/_system/collection")]
    [InlineData("/_tenant/_mm/_fabric/_system/collection/")]
    [InlineData("//_tenant//_mm//_fabric///_system/collection//")]
    [InlineData("/_fabric/_system/_api/collection?excludeSystem=True&unknown=1")]
    [InlineData("/_fabric/_system/_api/collection?")]
    [InlineData("/_fabric/%5Fsystem/_api/collection")]
    [InlineData("/_api/tenants")]
    [InlineData("/tenants")]
    [InlineData("/_tenant/_mm/_api/tenants/")]
    [InlineData("/_tenant/_mm/_admin/version")]
    [InlineData("/_api/datacenter/local")]
    public async Task Every_accepted_form_reaches_the_same_call(string path) => (await server.Root.GetAsync(path)).AssertStatus(200);

    [Theory]
    [InlineData("/_tenant/other/_fabric/_system/_api/collection")]
    [InlineData("/_tenant/other/_api/version")]
    public async Task A_prefix_of_another_tenant_is_403_11(string path) => (await server.Root.GetAsync(path)).AssertError(403, 11);

    [Theory]
    [InlineData("/_fabric/none/_api/collection")]
    [InlineData("/_fabric/none/anything/at/all")]
    [InlineData("/_fabric/none")]
    [InlineData("/_fabric/a b/collection")]
    [InlineData("/_tenant/_mm/_fabric/none/collection")]
    [InlineData("/_fabric/_system%2F_api/collection")]
    public async Task Every_call_below_an_unknown_fabric_is_404_1228(string path) => (await server.Root.GetAsync(path)).AssertError(404, 1228);

    [Fact]
    public async Task An_unknown_call_is_404_404_and_a_wrong_method_405_with_the_right_ones()
    {
        var unknown = (await server.Root.GetAsync("/_fabric/_system/_api/nothing?otp=secret")).AssertError(404, 404);
        Assert.Contains("'/_fabric/_system/_api/nothing'", (string)unknown["errorMessage"]!, StringComparison.Ordinal);
        (await server.Root.GetAsync("/nothing")).AssertError(404, 404);
        var wrong = (await server.Root.PatchAsync("/_fabric/_system/_api/collection", "{}")).AssertError(405, 405);
        Assert.Contains("GET", wrong.Headers["Allow"], StringComparison.Ordinal);
        Assert.Contains("POST", wrong.Headers["Allow"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_of_the_contract()
    {
        foreach (var path in (string[])["/_fabric/_system/_api/collection", "/_fabric/none/x", "/health", "/nothing"])
        {
            var answer = await server.Root.GetAsync(path);

            Assert.Equal("test-region", answer.Headers["x-gdn-region"]);
            Assert.NotEmpty(answer.Headers["x-gdn-requestid"]);
            Assert.Matches("^[0-9.]+$", answer.Headers["x-gdn-responsetime"]);
            Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
            Assert.Equal("x-gdn-region, x-gdn-requestid, x-gdn-responsetime", answer.Headers["access-control-expose-headers"]);
            Assert.Equal("application/json; charset=utf-8", answer.Headers["content-type"]);
            Assert.False(answer.Headers.ContainsKey("Server"));
        }
    }

    [Theory]
    [InlineData("/_fabric/f/_api/document/c/k", null, "f", "/_tenant/-/_fabric/f/document/c/k")]
    [InlineData("/_tenant/t/_fabric/f/document//c/k/", "t", "f", "/_tenant/t/_fabric/f/document/c/k")]
    [InlineData("/_fabric/f", null, "f", "/_tenant/-/_fabric/f/")]
    [InlineData("/_tenant/t/_api/version", "t", null, "/version")]
    [InlineData("/_admin/version", null, null, "/version")]
    [InlineData("/datacenter/local/", null, null, "/datacenter/local")]
    [InlineData("/", null, null, "/")]
    [InlineData("", null, null, "/")]
    [InlineData("/_fabric/f/document/c/a.b", null, "f", "/_tenant/-/_fabric/f/document/c/a.b")]
    [InlineData("/_fabric/f/document/c/a%2Fb", null, "f", "/_tenant/-/_fabric/f/document/c/a%2Fb")]
    public void A_path_is_brought_to_one_form(string path, string? tenant, string? fabric, string canonical) =>
        Assert.Equal(new RequestPath(tenant, fabric, canonical), RequestPath.Parse(path));
}
