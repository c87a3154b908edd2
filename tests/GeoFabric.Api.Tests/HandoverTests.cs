using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests;

public sealed class HandoverTests(ServerFixture server)
{
    private static readonly byte[] s_key = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
    private static readonly Principal s_ada = new(TenantName.Root, "ada");

    [Fact]
    public async Task A_code_opens_one_session_at_the_region_it_was_made_for()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);
        var handover = (await server.Root.PostAsync("/_api/console/handover", """{"region":"test-region"}""")).AssertStatus(201)["result"]!;
        var body = $$"""{"code":"{{(string)handover["code"]!}}"}""";

        var session = (await anonymous.PostAsync("/_open/auth/code", body)).AssertStatus(200);

        Assert.Equal(server.Url + "/", (string)handover["url"]!);
        Assert.Equal(("_mm", "root"), ((string)session["tenant"]!, (string)session["username"]!));
        (await anonymous.WithAuthorization("bearer " + (string)session["jwt"]!).GetAsync("/_api/version")).AssertStatus(200);
        Assert.Contains("used", (await anonymous.PostAsync("/_open/auth/code", body)).AssertError(401, 401).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", 400, 10)]
    [InlineData("""{"code":1}""", 400, 10)]
    [InlineData("""{"code":"x"}""", 401, 401)]
    [InlineData("""{"code":"e30.e30"}""", 401, 401)]
    public async Task What_is_no_code_opens_nothing(string body, int status, int number)
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        (await anonymous.PostAsync("/_open/auth/code", body)).AssertError(status, number);
    }

    [Fact]
    public async Task Codes_are_made_for_regions_that_there_are_by_who_is_logged_in()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        (await server.Root.PostAsync("/_api/console/handover", """{"region":"mars"}""")).AssertError(404, 102024);
        (await anonymous.PostAsync("/_api/console/handover", """{"region":"test-region"}""")).AssertError(401, 11);
    }

    [Fact]
    public async Task The_console_learns_where_it_is_before_anybody_logs_in()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        var console = (await anonymous.GetAsync("/_open/console")).AssertStatus(200);

        Assert.Equal(("", "grey"), ((string)console["label"]!, (string)console["color"]!));
        Assert.Equal(("test-region", false, false), ((string)console["region"]!, (bool)console["isCluster"]!, (bool)console["isDemo"]!));
    }

    [Fact]
    public async Task The_console_learns_what_the_server_is_for()
    {
        await using var production = await ServerHost.StartAsync(ServerFixture.Options with { Environment = new EnvironmentMark("production", "red") }, TimeProvider.System);
        using var anonymous = ApiClient.Anonymous(production.Url);

        var console = (await anonymous.GetAsync("/_open/console")).AssertStatus(200);

        Assert.Equal(("production", "red"), ((string)console["label"]!, (string)console["color"]!));
    }

    [Theory]
    [InlineData("production", "pink", "red, orange, green, blue, grey")]
    [InlineData("a label of more than 24 characters", "red", "24 characters")]
    [InlineData("two\nlines", "red", "one line")]
    [InlineData("", "red", "--label")]
    public void A_mark_that_cannot_be_shown_is_refused(string label, string color, string advice) =>
        Assert.Contains(advice, Assert.Single((ServerFixture.Options with { Environment = new EnvironmentMark(label, color) }).Problems()), StringComparison.Ordinal);

    [Fact]
    public void A_code_is_good_for_half_a_minute_at_one_region_that_was_running_when_it_was_made()
    {
        var clock = new TestClock();
        var here = new HandoverCodes(s_key, "here", clock);
        var there = new HandoverCodes(s_key, "there", clock);
        var stranger = new HandoverCodes(Enumerable.Reverse(s_key).ToArray(), "there", clock);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(s_ada, there.Redeem(here.Issue(s_ada, "there")));
        AssertRefused(() => here.Redeem(here.Issue(s_ada, "there")), "is for region 'there'");
        AssertRefused(() => there.Redeem(stranger.Issue(s_ada, "there")), "not made by a region");
        var code = here.Issue(s_ada, "there");
        AssertRefused(() => there.Redeem(code[..^2] + (code[^2] == 'A' ? 'B' : 'A') + code[^1]), "not made by a region");
        AssertRefused(() => new HandoverCodes(s_key, "there", Later(clock)).Redeem(code), "older");
        clock.Advance(TimeSpan.FromSeconds(31));
        AssertRefused(() => there.Redeem(code), "older");
    }

    private static TestClock Later(TestClock clock)
    {
        var later = new TestClock();
        later.Advance(clock.GetUtcNow() - later.GetUtcNow() + TimeSpan.FromSeconds(1));
        return later;
    }

    private static void AssertRefused(Action action, string why)
    {
        var error = Assert.Throws<GeoFabricException>(action);
        Assert.Equal(401, error.HttpStatus);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
