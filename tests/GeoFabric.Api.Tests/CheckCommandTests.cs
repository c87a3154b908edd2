using GeoFabric.Server.Commands;
using GeoFabric.Server.Hosting;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Api.Tests;

/// <summary><c>geofabric check</c> on a directory, and the call a running server answers it with.</summary>
public sealed class CheckCommandTests(ServerFixture server)
{
    [Fact]
    public async Task A_running_server_compares_each_index_with_its_documents()
    {
        var fabric = await server.NewCollectionAsync();
        await FillAsync(fabric);

        var result = (await fabric.GetAsync("/check"))["result"]!;
        var ofOne = (await fabric.GetAsync("/check?collection=c"))["result"]!;

        Assert.Equal(0, (long)result["differences"]!);
        Assert.Equal(2, (long)ofOne["documents"]!);
        Assert.Equal(
            ["byName/persistent/2", "byPlace/geo/2", "byText/inverted/4"],
            ofOne["collections"]![0]!["indexes"]!.AsArray().Select(index => $"{index!["name"]}/{index["type"]}/{index["entries"]}"));
        (await fabric.GetAsync("/check?collection=none")).AssertError(404, 1203);
    }

    [Fact]
    public async Task A_directory_is_sound_until_an_entry_is_taken_away_which_is_then_named()
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            await using (var running = await ServerHost.StartAsync(ServerFixture.Options with { DataDirectory = directory.FullName }, TimeProvider.System, TestContext.Current.CancellationToken))
            {
                using var root = await ApiClient.LogInAsync(running.Url, "_mm", "root", ServerFixture.Password);
                var fabric = root.In("/_fabric/_system/_api");
                await fabric.PostAsync("/collection", """{"name":"c"}""");
                await FillAsync(fabric);
            }
            Assert.Equal(0, await CommandLine.RunAsync(["check", "--data", directory.FullName]));

            var environment = Assert.Single(Directory.GetDirectories(Path.Combine(directory.FullName, "fabrics")));
            await using (var engine = LmdbEngine.Open(new LmdbOptions { DirectoryPath = environment, MapSizeBytes = 1 << 24, MapSizeMaxBytes = 1 << 30 }))
                await engine.WriteAsync(transaction => transaction.DeleteRange(new KeyRange([0x20], [0x21]), 1), TestContext.Current.CancellationToken);
            Assert.Equal(1, await CommandLine.RunAsync(["check", "--json", "--data", directory.FullName]));
            var fabrics = await CheckCommand.CheckDirectoryAsync(directory.FullName, TestContext.Current.CancellationToken);

            var report = fabrics[0]!;
            Assert.Equal("_system", (string)report["fabric"]!);
            Assert.Contains("_mm/_system: c/a: its entry in index byName is missing", CheckCommand.Describe(fabrics), StringComparison.Ordinal);
            Assert.Contains(report["disagreements"]!.AsArray(), sentence => (string)sentence! == "c/a: its entry in index byName is missing");
            var collection = report["collections"]!.AsArray().Single(collection => (string)collection!["name"]! == "c")!;
            Assert.Equal(["True", "False", "False"], collection["indexes"]!.AsArray().Select(index => ((long)index!["differences"]! > 0).ToString()));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_directory_that_is_none_ends_with_1() =>
        Assert.Equal(1, await CommandLine.RunAsync(["check", "--data", "/dev/null/data"]));

    private static async Task FillAsync(ApiClient fabric)
    {
        foreach (var index in new[]
        {
            """{"type":"persistent","name":"byName","fields":["name"]}""",
            """{"type":"geo","name":"byPlace","fields":["place"],"geoJson":true}""",
            """{"type":"inverted","name":"byText","fields":["text"]}""",
        })
            Assert.Equal(201, (await fabric.PostAsync("/index?collection=c", index)).Status);
        foreach (var document in new[] { """{"_key":"a","name":1,"place":[1,2],"text":"one"}""", """{"_key":"b","name":2,"text":"two"}""" })
            await fabric.PostAsync("/document/c", document);
    }
}
