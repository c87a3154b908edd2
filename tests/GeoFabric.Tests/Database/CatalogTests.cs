using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Tests.Database;

public sealed class CatalogTests
{
    [Fact]
    public async Task Definitions_survive_a_restart()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await test.Fabric.CreateCollectionAsync(test.Scope, new CollectionSettings("e", CollectionType.Edge)
        {
            HasStream = true,
            IsLocal = true,
            Model = "KV",
            KeyOptions = new KeyOptions("autoincrement", false, 3, 7),
        });
        await test.Fabric.CreateIndexAsync(test.Scope, "e", new IndexSettings("hash", ["a.b", "c[*].d"]) { IsSparse = true, Deduplicate = false, Name = "x" });
        await test.Fabric.CreateIndexAsync(test.Scope, "e", new IndexSettings("ttl", ["t"]) { ExpireAfterSeconds = 2.5 });
        var before = test.Fabric.Catalog.GetCollection("e");

        await test.ReopenAsync();

        var after = test.Fabric.Catalog.GetCollection("e");
        Assert.Equal(before with { Indexes = [] }, after with { Indexes = [] }, (left, right) => left.ToString() == right.ToString());
        Assert.Equal(before.Indexes.Length, after.Indexes.Length);
        Assert.All(before.Indexes.Zip(after.Indexes), pair => Assert.True(pair.First.HasSameShape(pair.Second) && pair.First.Id == pair.Second.Id && pair.First.Name == pair.Second.Name));
        Assert.Equal("c[*].d", after.FindIndex("x")!.Fields[1].Text);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("1a", false)]
    [InlineData("_a", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a", true)]
    public async Task Bad_collection_names_report_1208(string name, bool isSystem)
    {
        await using var test = await TestFabric.OpenAsync();

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.CreateCollectionAsync(test.Scope, new CollectionSettings(name) { IsSystem = isSystem }));

        Assert.Equal(1208, error.ErrorNumber);
    }

    [Fact]
    public async Task A_taken_name_reports_1207_and_a_missing_collection_1203()
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("a");
        await test.CreateAsync("b");

        Assert.Equal(1207, (await Assert.ThrowsAsync<GeoFabricException>(() => test.CreateAsync("a"))).ErrorNumber);
        Assert.Equal(1207, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.RenameAsync(test.Scope, "a", "b"))).ErrorNumber);
        Assert.Equal(1203, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.DropCollectionAsync(test.Scope, "z"))).ErrorNumber);
        Assert.Equal(1203, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.TruncateAsync(test.Scope, "z"))).ErrorNumber);
    }

    [Fact]
    public async Task Renaming_changes_the_id_of_documents_and_moves_nothing()
    {
        await using var test = await TestFabric.OpenAsync();
        var a = await test.CreateAsync("a");
        await test.InsertAsync(a, """{"_key":"k"}""");

        var b = await test.Fabric.RenameAsync(test.Scope, "a", "b");

        Assert.Equal(a.Id, b.Id);
        Assert.False(test.Fabric.Catalog.TryGetCollection("a", out _));
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        Assert.True(snapshot.TryGetDocument(a, "k"u8, out var document));
        Assert.Equal("b/k", document.GetAttribute("_id"u8).Text);
        test.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Truncation_empties_at_once_keeps_id_and_indexes_and_leaves_open_snapshots_alone(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        var index = (await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["n"]) { IsUnique = true })).Definition;
        await FillAsync(test, c, 5000);
        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
        {
            var after = await test.Fabric.TruncateAsync(test.Scope, "c");

            Assert.Equal(c.Id, after.Id);
            Assert.Equal(0, test.Fabric.GetFigures(test.Scope, after).Count);
            Assert.Equal(5000, snapshot.CountDocuments(c));
            Assert.True(snapshot.TryGetDocument(c, "k10"u8, out _));
        }
        await test.InsertAsync(c, """{"_key":"k10","n":10}""");
        Assert.Equal(["k10"], test.Scan(c, index, IndexRange.All));
        test.AssertSound();
        await WaitForDeletionAsync(test);
        test.AssertSound();
        Assert.Equal(1, CountKeys(test, KeyLayout.AllDocuments));
        Assert.Equal(1, CountKeys(test, KeyLayout.AllIndexEntries));
    }

    [Fact]
    public async Task A_dropped_collection_is_gone_at_once_and_its_contents_also_when_the_process_stops_in_between()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        await test.IndexAsync("c", "persistent", "n");
        await FillAsync(test, c, 20_000);

        await test.Fabric.DropCollectionAsync(test.Scope, "c");
        await test.ReopenAsync();

        Assert.False(test.Fabric.Catalog.TryGetCollection("c", out _));
        Assert.Equal(1203, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, "{}"))).ErrorNumber);
        await WaitForDeletionAsync(test);
        Assert.Equal(0, CountKeys(test, KeyLayout.AllDocuments) + CountKeys(test, KeyLayout.AllIndexEntries));
        test.AssertSound();
    }

    [Fact]
    public async Task Stored_queries_are_saved_replaced_listed_and_deleted()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var query = new StoredQuery("q1", "RETURN @x", TestFabric.Json("""{"x":1}"""), "c8ql", "root");

        await test.Fabric.SaveStoredQueryAsync(test.Scope, query, mayReplace: false);
        await test.Fabric.SaveStoredQueryAsync(test.Scope, query with { Name = "q0" }, mayReplace: false);
        Assert.Equal(1207, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.SaveStoredQueryAsync(test.Scope, query, mayReplace: false))).ErrorNumber);
        await test.Fabric.SaveStoredQueryAsync(test.Scope, query with { Text = "RETURN 2" }, mayReplace: true);
        await test.ReopenAsync();

        Assert.Equal(["q0", "q1"], test.Fabric.ListStoredQueries(test.Scope).Select(stored => stored.Name));
        Assert.True(test.Fabric.TryGetStoredQuery(test.Scope, "q1", out var found));
        Assert.Equal(("RETURN 2", """{"x":1}""", "c8ql", "root"), (found.Text, found.Parameters.ToString(), found.Type, found.Owner));
        Assert.True(await test.Fabric.DeleteStoredQueryAsync(test.Scope, "q1"));
        Assert.False(await test.Fabric.DeleteStoredQueryAsync(test.Scope, "q1"));
        Assert.False(test.Fabric.TryGetStoredQuery(test.Scope, "q1", out _));
        test.AssertSound();
    }

    [Fact]
    public async Task Scopes_decide_over_reading_writing_and_definitions()
    {
        await using var test = await TestFabric.OpenAsync();
        var open = await test.CreateAsync("open");
        var closed = await test.CreateAsync("closed");
        var scope = new AccessScope(TenantName.Root, test.Fabric.Fabric.Id, "guest", AccessLevel.Read)
        {
            CollectionLevels = System.Collections.Immutable.ImmutableDictionary<uint, AccessLevel>.Empty.Add(closed.Id, AccessLevel.None),
        };

        using var snapshot = test.Fabric.OpenSnapshot(scope);
        Assert.False(snapshot.TryGetDocument(open, "k"u8, out _));
        Assert.Equal(403, Assert.Throws<GeoFabricException>(() => snapshot.TryGetDocument(closed, "k"u8, out _)).HttpStatus);
        Assert.Equal(403, Assert.Throws<GeoFabricException>(() => snapshot.ScanCollection(closed)).HttpStatus);
        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() =>
            test.Fabric.WriteAsync(scope, transaction => transaction.Insert(open, TestFabric.Json("{}"), InsertOptions.Default).Outcome))).HttpStatus);
        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.CreateCollectionAsync(scope, new CollectionSettings("x")))).HttpStatus);
        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.TruncateAsync(scope, "open"))).HttpStatus);
        Assert.Throws<System.Diagnostics.UnreachableException>(() => test.Fabric.OpenSnapshot(scope with { FabricId = 999 }));
    }

    private static Task<int> FillAsync(TestFabric test, CollectionDefinition collection, int documents) => test.WriteAsync(transaction =>
    {
        for (var i = 0; i < documents; i++)
            transaction.Insert(collection, TestFabric.Json($$"""{"_key":"k{{i}}","n":{{i}}}"""), InsertOptions.Default);
        return 0;
    });

    private static async Task WaitForDeletionAsync(TestFabric test)
    {
        while (CountKeys(test, KeyLayout.AllPendingWork) > 0)
            await Task.Delay(5);
    }

    private static int CountKeys(TestFabric test, GeoFabric.Storage.KeyRange range)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.Storage.OpenCursor(range);
        var count = 0;
        while (cursor.MoveNext())
            count++;
        return count;
    }
}
