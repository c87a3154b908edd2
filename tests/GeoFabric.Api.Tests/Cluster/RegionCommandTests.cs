using GeoFabric.Server.Cluster;
using GeoFabric.Server.Commands;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Commands against running servers. They share the process's variables and its output, so all of it is one test, and no other class runs beside it that does.</summary>
[Collection(nameof(RegionCommandTests))]
public sealed class RegionCommandTests
{
    [Fact]
    public async Task Regions_are_added_listed_failed_healed_promoted_and_removed_from_the_command_line()
    {
        await using var servers = await TestServers.StartAsync("us-east");
        var files = Directory.CreateTempSubdirectory("geofabric-test-");
        var server = servers.All[0].Url;
        var joinFile = Path.Combine(files.FullName, "eu.join");
        try
        {
            Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", null);
            Assert.Equal(1, await RunAsync("list", server));
            Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", ServerFixture.Password);

            Assert.Equal(0, await CommandLine.RunAsync(["region", "add", "eu-west", "--server", server, "--out", joinFile, "--city", "Dublin", "--latitude", "53.35", "--spot", "true"]));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(joinFile));
            Assert.Equal("eu-west", AdmissionFile.Parse(await File.ReadAllTextAsync(joinFile)).Region.Name.Text);
            Assert.Equal("Dublin", servers.All[0].Services.Membership.Cluster.GetRegion("eu-west").Place.City);
            Assert.Equal(1, await CommandLine.RunAsync(["region", "add", "eu-west", "--server", server, "--out", joinFile]));
            await using var joined = await ServerHost.StartAsync(
                ServerFixture.Options with { Region = null, JoinFile = joinFile, Peers = new PeerOptions { Port = 0, IsPlain = true, AllowsFaults = true } }, TimeProvider.System);
            await TestRegions.EventuallyAsync(() => servers.All[0].Services.Membership.Cluster.GetRegion("eu-west").PublicUrl == joined.Url);

            Assert.Equal(0, await RunAsync("list", server));
            Assert.Equal(0, await RunAsync("list", joined.Url, "--json"));
            Assert.Equal(0, await RunAsync("verify", server));
            Assert.Equal(0, await RunAsync("verify", joined.Url, "--json"));
            Assert.Equal(1, await RunAsync("verify", server, "--fabric", "none"));
            Assert.Equal((0, 0), await VerifyAsync("equal"));
            Assert.Equal((0, 0), await VerifyAsync("moving"));
            Assert.Equal((1, 1), await VerifyAsync("different"));
            Assert.Equal(0, await CommandLine.RunAsync(["region", "describe", "eu-west", "--server", joined.Url, "--country", "Ireland"]));
            Assert.Equal("Ireland", servers.All[0].Services.Membership.Cluster.GetRegion("eu-west").Place.Country);
            var link = servers.All[0].Services.Network!.Find(joined.Services.Databases.Region.Id)!;
            Assert.Equal(0, await RunAsync("cut", server, "eu-west"));
            Assert.True(link.Fault.IsCut && joined.Services.Network!.Links[0].Fault.IsCut);
            // Nothing passes: neither what the home has to answer nor a catalog.
            using (var abroad = await ApiClient.LogInAsync(joined.Url, "_mm", "root", ServerFixture.Password))
                (await abroad.PostAsync("/_fabric/_system/_api/database", """{"name":"shop"}""")).AssertError(503, 1477);
            Assert.Equal(1, await RunAsync("cut", server, "nowhere"));
            Assert.Equal(0, await RunAsync("mend", joined.Url, "eu-west", "--from", "us-east"));
            await TestRegions.EventuallyAsync(() => link.IsConnected);
            Assert.Equal(0, await RunAsync("fail", server, "eu-west"));
            Assert.Equal(1, await RunAsync("fail", server, "eu-west"));
            Assert.Equal(0, await RunAsync("heal", server, "eu-west"));
            Assert.Equal(1, await RunAsync("promote", server, "nowhere"));
            Assert.Equal(1, await RunAsync("promote", server, "eu-west", "--force"));
            Assert.Equal(0, await RunAsync("promote", server, "eu-west"));
            await TestRegions.EventuallyAsync(() => joined.Services.Databases.IsHome);
            Assert.Equal(0, await RunAsync("promote", server, "us-east"));
            await TestRegions.EventuallyAsync(() => servers.All[0].Services.Databases.IsHome);
            Assert.Equal(0, await CommandLine.RunAsync(["region", "certificate", "eu-west", "--server", server, "--out", joinFile]));
            Assert.Equal(0, await RunAsync("remove", server, "eu-west", "--gone"));
            Assert.False(servers.All[0].Services.Membership.Cluster.GetRegion("eu-west").IsMember);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", null);
            files.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0, "region", "--help")]
    [InlineData(0, "region", "add", "--help")]
    [InlineData(0, "region", "promote", "--help")]
    [InlineData(0, "region", "salvage", "--help")]
    [InlineData(2, "region", "salvage")]
    [InlineData(2, "region", "nonsense")]
    [InlineData(2, "region", "add")]
    [InlineData(2, "region", "list", "--server", "nonsense")]
    [InlineData(2, "region", "fail", "x", "--nonsense")]
    [InlineData(2, "region", "verify", "--json", "--nonsense")]
    public async Task Wrong_usage_ends_with_2(int code, params string[] arguments) => Assert.Equal(code, await CommandLine.RunAsync(arguments));

    /// <summary>Asks a server that says this of another region, which no real one can be brought to say.</summary>
    /// <returns>How the command ends, and how with <c>--json</c>.</returns>
    private static async Task<(int Plain, int Json)> VerifyAsync(string verdict)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapPost("/_open/auth", () => Results.Text("""{"jwt":"token"}""", "application/json"));
        var root = new string('0', 32);
        server.MapGet(
            "/_tenant/_mm/_fabric/_system/_api/_replication/verify",
            () => Results.Text($$$"""{"result":{"collections":[{"name":"c","documents":1,"root":"{{{root}}}","regions":{"eu-west":"{{{verdict}}}"}}],"silent":{} } }""", "application/json"));
        await server.StartAsync();
        return (await RunAsync("verify", server.Urls.Single()), await RunAsync("verify", server.Urls.Single(), "--json"));
    }

    private static Task<int> RunAsync(string verb, string server, params string[] more) => CommandLine.RunAsync(["region", verb, .. more, "--server", server]);
}
