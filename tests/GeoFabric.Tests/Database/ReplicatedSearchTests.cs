using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;

namespace GeoFabric.Tests.Database;

/// <summary>Views and analyzers are shared between regions; each region keeps the indexes they need.</summary>
public sealed class ReplicatedSearchTests
{
    private static readonly SearchField Plain = SearchSettings.Nothing.With(["text"], [AnalyzerDefinition.Identity], includesAllFields: false);

    [Fact]
    public async Task A_view_made_in_one_region_finds_the_documents_of_all_in_each()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (first, second) = (group.Regions[0], group.Regions[1]);
        var c = await first.CreateAsync("c");
        await group.DeliverAllAsync();
        await second.InsertAsync(second.Fabric.Catalog.GetCollection("c"), """{"_key":"b","text":"Two words"}""");
        var stored = new StoredValues([new(["text"], "lz4")], [("at", true)]);
        var (words, _) = await first.Fabric.SaveAnalyzerAsync(first.Scope, new AnalyzerDefinition("words", "text", TestFabric.Json("""{"locale":"en","stemming":false}"""), []));
        await first.Fabric.CreateViewAsync(first.Scope, "v", new ViewSettings(Links(SearchSettings.Nothing.With(["text"], [words], includesAllFields: false))) { Stored = stored });
        await first.InsertAsync(c, """{"_key":"a","text":"Some words"}""");
        await group.DeliverAllAsync();

        foreach (var region in group.Regions)
        {
            Assert.Equal(["a", "b"], await FindAsync(region, "words", "words"));
            Assert.Equal(stored, region.Fabric.Catalog.GetView("v").Stored);
            Assert.Equal(stored, region.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.ViewId != 0).Stored);
            region.AssertSound();
        }
        await second.Fabric.DropViewAsync(second.Scope, "v");
        await group.DeliverAllAsync();
        foreach (var region in group.Regions)
        {
            Assert.Empty(region.Fabric.Catalog.Views);
            Assert.True(region.Fabric.Catalog.TryGetAnalyzer("words", out _));
            Assert.Single(region.Fabric.Catalog.GetCollection("c").Indexes);
            region.AssertSound();
        }
    }

    [Fact]
    public async Task Of_two_views_of_one_name_the_later_counts_everywhere()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        await group.Regions[0].Fabric.CreateViewAsync(group.Regions[0].Scope, "v", new ViewSettings(Links(Plain)));
        group.Regions[1].Clock.Advance(TimeSpan.FromSeconds(1));
        await group.Regions[1].Fabric.CreateViewAsync(group.Regions[1].Scope, "v", new ViewSettings(Links(Plain with { IncludesAllFields = true })));
        await group.DeliverAllAsync();

        var ids = group.Regions.Select(region => region.Fabric.Catalog.GetView("v").Id).ToList();
        Assert.Equal(ids[0], ids[1]);
        foreach (var region in group.Regions)
        {
            var index = region.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.Kind == IndexKind.Inverted);
            Assert.Equal(ids[0], index.ViewId);
            Assert.True(index.Search!.IncludesAllFields);
            region.AssertSound();
        }
    }

    [Fact]
    public async Task A_region_that_takes_a_snapshot_has_the_view_and_its_index()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var first = group.Regions[0];
        var c = await first.CreateAsync("c");
        await first.Fabric.CreateViewAsync(first.Scope, "v", new ViewSettings(Links(Plain)));
        await first.InsertAsync(c, """{"_key":"a","text":"here"}""");

        Assert.True(await group.ReceiveSnapshotAsync(0, 1, 1 << 20));
        await group.CatchUpAsync(1);

        Assert.Equal(["a"], await FindAsync(group.Regions[1], "identity", "here"));
        group.Regions[1].AssertSound();
    }

    [Fact]
    public async Task A_semantic_view_has_the_same_lists_in_all_regions()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (first, second) = (group.Regions[0], group.Regions[1]);
        var c = await first.CreateAsync("c");
        for (var i = 0; i < 30; i++)
            await first.InsertAsync(c, $$"""{"_key":"k{{i}}","v":[{{i}},1],"w":[{{i}}]}""");
        await group.DeliverAllAsync();
        var told = TestFabric.Json("""{"indexConfig":{"type":"ivf"}}""");
        var v = new SemanticField("v", new VectorSettings(VectorSettings.Euclidean, 2, 1), told);
        var w = new SemanticField("w", new VectorSettings(VectorSettings.Cosine, 1, 1), told);
        await first.Fabric.CreateViewAsync(first.Scope, "v", Over(v));
        await second.InsertAsync(second.Fabric.Catalog.GetCollection("c"), """{"_key":"x","v":[3.5,1]}""");
        await group.DeliverAllAsync();
        await FillAsync(second);

        var indexes = group.Regions.Select(region => region.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.Kind == IndexKind.Vector)).ToList();
        Assert.Equal(6, indexes[0].Vector!.Lists);
        Assert.Equal(12, indexes[0].Centroids.Length);
        Assert.Equal(indexes[0].Centroids, indexes[1].Centroids);
        Assert.All(group.Regions, region => region.AssertSound());

        // What stays as it is is not made again.
        await first.Fabric.UpdateViewAsync(first.Scope, "v", Over(v, w));
        await first.Fabric.RenameViewAsync(first.Scope, "v", "renamed");
        await group.DeliverAllAsync();
        await FillAsync(second);
        for (var i = 0; i < 2; i++)
        {
            var kept = group.Regions[i].Fabric.Catalog.GetCollection("c").Indexes.Where(index => index.Kind == IndexKind.Vector).ToList();
            Assert.Equal(["v", "w"], kept.Select(index => index.Fields[0].Text));
            Assert.Equal(indexes[i].Id, kept[0].Id);
            group.Regions[i].AssertSound();
        }
        await second.Fabric.DropViewAsync(second.Scope, "renamed");
        await group.DeliverAllAsync();
        Assert.All(group.Regions, region => Assert.Single(region.Fabric.Catalog.GetCollection("c").Indexes));
        Assert.All(group.Regions, region => region.AssertSound());
    }

    private static ViewSettings Over(params SemanticField[] fields) => new(new Dictionary<string, SearchField>(StringComparer.Ordinal))
    {
        SemanticLinks = new Dictionary<string, System.Collections.Immutable.ImmutableArray<SemanticField>>(StringComparer.Ordinal) { ["c"] = [.. fields] },
    };

    private static async Task FillAsync(TestFabric region)
    {
        while (region.Fabric.Catalog.GetCollection("c").Indexes.Any(index => index.IsBuilding))
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, SearchField> Links(SearchField link) => new(StringComparer.Ordinal) { ["c"] = link };

    /// <summary>Keys of the documents of view v that have a term, once its index is filled.</summary>
    private static async Task<List<string>> FindAsync(TestFabric region, string analyzer, string term)
    {
        await FillAsync(region);
        using var snapshot = region.Fabric.OpenSnapshot(region.Scope);
        var c = snapshot.Catalog.GetCollection("c");
        var reader = snapshot.OpenInverted(c, c.Indexes.Single(index => index.ViewId == snapshot.Catalog.GetView("v").Id));
        var keys = new List<string>();
        using var postings = reader.OpenTerm(new SearchPath(["text"]), analyzer, Encoding.UTF8.GetBytes(term));
        while (postings.MoveNext())
        {
            Assert.True(reader.TryGetDocument(postings.Document, out var document));
            keys.Add(document.GetAttribute("_key"u8).Text);
        }
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
