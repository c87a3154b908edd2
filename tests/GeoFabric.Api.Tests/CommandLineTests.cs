using GeoFabric.Server.Commands;
using GeoFabric.Server.Demonstration;
using GeoFabric.Server.Hosting;

namespace GeoFabric.Api.Tests;

[Collection(nameof(Cluster.RegionCommandTests))]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(0, "version")]
    [InlineData(0, "--help")]
    [InlineData(0, "start", "--help")]
    [InlineData(0)]
    [InlineData(0, "--version")]
    [InlineData(0, "demo", "--help")]
    [InlineData(2, "nonsense")]
    [InlineData(2, "start", "--data", "")]
    [InlineData(3, "start", "--data", "/dev/null/data")]
    [InlineData(2, "start", "--port", "abc")]
    [InlineData(2, "start", "--port", "70000")]
    [InlineData(2, "start", "--nonsense")]
    [InlineData(2, "start", "--host", "not an address")]
    public async Task Commands_end_with_the_exit_code_of_their_outcome(int code, params string[] arguments) =>
        Assert.Equal(code, await CommandLine.RunAsync(arguments));

    [Fact]
    public async Task A_data_directory_in_use_ends_with_3_and_an_address_in_use_with_4()
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            await using var running = await ServerHost.StartAsync(ServerFixture.Options with { DataDirectory = directory.FullName }, TimeProvider.System, TestContext.Current.CancellationToken);
            var port = new Uri(running.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

            Assert.Equal(3, await CommandLine.RunAsync(["start", "--data", directory.FullName, "--port", "0"]));
            Assert.Equal(4, await CommandLine.RunAsync(["start", "--data", Path.Combine(directory.FullName, "other"), "--port", port, "--root-password", "Secret-123"]));
            Assert.Equal(4, await CommandLine.RunAsync(["start", "--data", Path.Combine(directory.FullName, "other"), "--host", "203.0.113.1", "--port", "0"]));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_the_demo_prints_is_plain_text_without_a_terminal_and_the_same_with_colours()
    {
        string Describe(bool hasColours) => DemoText.Describe(
            new Terminal(hasColours), [.. DemoPlace.All.Select((place, index) => new DemoRegion(place, 8529 + (10 * index), 8530 + (10 * index), "/data/" + place.Region))],
            "header.claims.signature", "/data", isAnew: true, restarts: true, TimeSpan.FromSeconds(1.5));

        var plain = Describe(hasColours: false);
        var coloured = Describe(hasColours: true);

        Assert.DoesNotContain('\e', plain);
        Assert.NotEqual(plain, coloured);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]*m", ""));
        Assert.Contains("\nTOKEN=header.claims.signature\n", plain, StringComparison.Ordinal);
    }
}
