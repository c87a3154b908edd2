using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Maintenance;
using GeoFabric.Database.Verification;

namespace GeoFabric.Tests.Database;

public sealed class ExpiryTests
{
    private const long Start = 1_767_225_600; // 2026-01-01T00:00:00Z, where the manual clock starts.

    [Fact]
    public async Task Documents_go_when_their_time_has_come_and_not_a_moment_before()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["at"]) { ExpireAfterSeconds = 10 });
        await test.InsertAsync(c, $$"""{"_key":"number","at":{{Start}}}""");
        await test.InsertAsync(c, """{"_key":"text","at":"2026-01-01T00:00:05Z"}""");
        await test.InsertAsync(c, """{"_key":"none"}""");
        await test.InsertAsync(c, """{"_key":"word","at":"soon"}""");

        test.Clock.Advance(TimeSpan.FromSeconds(9.999));
        await test.Fabric.SweepAsync();
        Assert.NotNull(test.Read(c, "number"));
        test.Clock.Advance(TimeSpan.FromSeconds(0.001));
        await test.Fabric.SweepAsync();
        Assert.Null(test.Read(c, "number"));
        Assert.NotNull(test.Read(c, "text"));
        await test.UpdateAsync(c, "text", $$"""{"at":{{Start + 100}}}""");
        test.Clock.Advance(TimeSpan.FromSeconds(90));
        await test.Fabric.SweepAsync();
        Assert.NotNull(test.Read(c, "text"));
        test.Clock.Advance(TimeSpan.FromDays(1000));
        await test.Fabric.SweepAsync();

        Assert.Null(test.Read(c, "text"));
        Assert.NotNull(test.Read(c, "none"));
        Assert.NotNull(test.Read(c, "word"));
        test.AssertSound();
    }

    [Fact]
    public async Task More_documents_than_one_turn_takes_all_go()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["at"]));
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < (2 * ExpirySweeper.DocumentsPerTurn) + 5; i++)
                transaction.Insert(c, TestFabric.Json($$"""{"at":{{Start - i}}}"""), InsertOptions.Default);
            return 0;
        });

        await test.Fabric.SweepAsync();

        Assert.Equal(0, test.Fabric.GetFigures(test.Scope, c).Count);
        test.AssertSound();
    }

    [Fact]
    public async Task What_expires_leaves_nothing_behind_in_any_kind_of_index()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var search = SearchSettings.Nothing.With(["text"], [BuiltInAnalyzers.ByName["text_en"], AnalyzerDefinition.Identity], includesAllFields: false);
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["at"]));
        await test.IndexAsync("c", "persistent", "tags[*]", "x");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["x"]) { IsUnique = true });
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("geo", ["area"]) { IsGeoJson = true });
        await test.IndexAsync("c", "geo", "place");
        await test.IndexAsync("c", "mdi", "x", "y");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("mdi-prefixed", ["x"]) { PrefixFields = ["text"] });
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("inverted", ["text"]) { Search = search });
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("vector", ["place"]) { Vector = new VectorSettings(VectorSettings.Euclidean, 2, 3) });
        await test.IndexAsync("c", "fulltext", "text");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal) { ["c"] = search }));
        for (var i = 0; i < 20; i++)
        {
            var area = $$"""{"type":"LineString","coordinates":[[{{i}},0],[0,{{i + 1}}]]}""";
            await test.InsertAsync(c, $$"""{"at":{{Start + i}},"tags":["a",{{i}}],"x":{{i}},"y":{{-i}},"text":"word{{i % 3}} and more","place":[{{i}},{{i}}],"area":{{area}}}""");
        }
        var before = FabricVerifier.Verify(test.Fabric).Collections.Single(collection => collection.Name == "c").Indexes;
        Assert.All(before, index => Assert.InRange(index.Entries, 20, 1000));

        test.Clock.Advance(TimeSpan.FromSeconds(9.5));
        await test.Fabric.SweepAsync();
        Assert.Equal(10, test.Fabric.GetFigures(test.Scope, c).Count);
        test.AssertSound();
        test.Clock.Advance(TimeSpan.FromSeconds(100));
        await test.Fabric.SweepAsync();

        var after = FabricVerifier.Verify(test.Fabric).Collections.Single(collection => collection.Name == "c").Indexes;
        Assert.Equal(before.Select(index => (index.Name, 0L)), after.Select(index => (index.Name, index.Entries)));
        test.AssertSound();
    }

    [Fact]
    public async Task A_damaged_document_does_not_keep_the_others_alive()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["at"]));
        await test.InsertAsync(c, """{"_key":"a","at":0}""");
        await test.InsertAsync(c, """{"_key":"b","at":0}""");
        await test.Fabric.RunAsync(test.Scope, transaction =>
        {
            Assert.True(transaction.TryGetDocument(c, "a"u8, out var document));
            var record = document.Record.ToArray();
            record[^1] ^= 1;
            Span<byte> key = stackalloc byte[GeoFabric.Database.Layout.KeyLayout.DocumentKeySizeMax];
            var size = GeoFabric.Database.Layout.KeyLayout.WriteDocumentKey(key, GeoFabric.Database.Layout.KeyLayout.DocumentPrefix(c.ContentsId), "a"u8);
            transaction.Storage.Put(key[..size], record);
            return 0;
        }, isMaintenance: false);

        await test.Fabric.SweepAsync();

        Assert.Equal(1, test.Fabric.GetFigures(test.Scope, c).Count);
        Assert.Null(test.Read(c, "b"));
    }

    [Theory]
    [InlineData("\"1970-01-01T00:00:00Z\"", 0.0)]
    [InlineData("\"1970-01-02\"", 86400.0)]
    [InlineData("\"1970-02\"", 2678400.0)]
    [InlineData("\"1971\"", 31536000.0)]
    [InlineData("\"1970-01-01 00:01:00.250\"", 60.25)]
    [InlineData("\"1970-01-01T02:00:00+02:00\"", 0.0)]
    [InlineData("\"1970-01-01T00:00:00-0130\"", 5400.0)]
    [InlineData("\"1970-1-1T1:2:3\"", 3723.0)]
    [InlineData("12.5", 12.5)]
    public void Times_are_read_from_numbers_and_dates(string json, double seconds)
    {
        Assert.True(ExpiryTime.TryRead(TestFabric.Json(json), out var read));

        Assert.Equal(seconds, read, 6);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[5]")]
    [InlineData("\"\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"2026-13-01\"")]
    [InlineData("\"2026-02-30\"")]
    [InlineData("\"2026-01-01T25:00\"")]
    [InlineData("\"2026-01-01T10:00X\"")]
    [InlineData("\"1234567\"")]
    public void Other_values_have_no_time(string json) => Assert.False(ExpiryTime.TryRead(TestFabric.Json(json), out _));
}
