using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Maintenance;
using GeoFabric.Database.Transactions;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

public sealed class IndexFillingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_created_over_documents_finds_all_of_them(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await FilledAsync(test, (2 * IndexFiller.DocumentsPerTurn) + 10);

        var creation = await test.IndexAsync("c", "persistent", "n");

        Assert.True(creation.IsNew);
        Assert.False(creation.Definition.IsBuilding);
        Assert.Equal((2 * IndexFiller.DocumentsPerTurn) + 10, test.Scan(c, creation.Definition, IndexRange.All).Count);
        test.AssertSound();
    }

    [Fact]
    public async Task Creating_the_same_index_again_gives_the_first_one()
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c");

        var first = await test.IndexAsync("c", "persistent", "a", "b.c");
        var again = await test.IndexAsync("c", "persistent", "a", "b.c");
        var other = await test.IndexAsync("c", "hash", "a", "b.c");

        Assert.Equal((first.Definition.Id, false), (again.Definition.Id, again.IsNew));
        Assert.True(other.IsNew);
        Assert.Equal($"idx_{first.Definition.Id}", first.Definition.Name);
    }

    [Fact]
    public async Task Writers_go_on_while_an_index_is_filled()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await FilledAsync(test, 12_000);
        var random = new Random(7);

        var creation = test.IndexAsync("c", "persistent", "n", "t[*]");
        while (!creation.IsCompleted)
        {
            await test.WriteAsync(transaction =>
            {
                Change(transaction, c, random.Next(12_000), random.Next(100));
                return 0;
            });
        }

        Assert.True((await creation).IsNew);
        test.AssertSound();
    }

    [Fact]
    public async Task A_unique_index_over_documents_that_violate_it_reports_1210_and_disappears()
    {
        await using var test = await TestFabric.OpenAsync();
        await FilledAsync(test, IndexFiller.DocumentsPerTurn + 100);
        await test.InsertAsync(test.Fabric.Catalog.GetCollection("c"), """{"_key":"zzz","n":5}""");

        var error = await Assert.ThrowsAsync<GeoFabricException>(() =>
            test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["n"]) { IsUnique = true, Name = "u" }));

        Assert.Equal(1210, error.ErrorNumber);
        Assert.Null(test.Fabric.Catalog.GetCollection("c").FindIndex("u"));
        test.AssertSound();
    }

    [Fact]
    public async Task A_filling_that_was_stopped_goes_on_at_the_next_start()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await FilledAsync(test, 7000);
        var id = await test.WriteAsync(transaction =>
        {
            var added = CatalogOperations.AddIndex(transaction, "c", new IndexSettings("persistent", ["n"]));
            return added.Index.Definition.Id;
        });
        await test.Fabric.RunAsync(test.Scope, transaction => IndexFiller.Advance(transaction, c.Id, id), isMaintenance: true);
        test.AssertSound();
        await test.WriteAsync(transaction =>
        {
            Change(transaction, c, 3, 77);
            Change(transaction, c, 6900, 78);
            transaction.Remove(c, TestFabric.Key("k6950"), RemoveOptions.Default);
            return 0;
        });

        await test.ReopenAsync();
        while (test.Fabric.Catalog.GetCollection("c").FindIndex(id)!.IsBuilding)
            await Task.Delay(5);

        Assert.Equal(6999, test.Scan(c, test.Fabric.Catalog.GetCollection("c").FindIndex(id)!, IndexRange.All).Count);
        test.AssertSound();
    }

    [Fact]
    public async Task Truncating_or_dropping_a_collection_ends_a_filling_well()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await FilledAsync(test, 5000);
        var id = await test.WriteAsync(transaction => CatalogOperations.AddIndex(transaction, "c", new IndexSettings("persistent", ["n"])).Index.Definition.Id);
        await test.Fabric.RunAsync(test.Scope, transaction => IndexFiller.Advance(transaction, c.Id, id), isMaintenance: true);

        await test.WriteAsync(transaction => CatalogOperations.Truncate(transaction, "c").Id);
        await test.InsertAsync(c, """{"_key":"new","n":1}""");
        while (!await test.Fabric.RunAsync(test.Scope, transaction => IndexFiller.Advance(transaction, c.Id, id), isMaintenance: true))
        {
        }

        Assert.Equal(["new"], test.Scan(c, test.Fabric.Catalog.GetCollection("c").FindIndex(id)!, IndexRange.All));
        test.AssertSound();
    }

    [Fact]
    public async Task While_a_unique_index_is_filled_a_document_that_leaves_does_not_take_anothers_entry_along()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await FilledAsync(test, 5000);
        var id = await test.WriteAsync(transaction =>
            CatalogOperations.AddIndex(transaction, "c", new IndexSettings("persistent", ["n"]) { IsUnique = true }).Index.Definition.Id);

        // k4000 is not in the index yet, so a second document may take its value for now; then the first one moves away.
        await test.InsertAsync(c, """{"_key":"a","n":4000}""");
        await test.UpdateAsync(c, "k4000", """{"n":-1}""");
        while (!await test.Fabric.RunAsync(test.Scope, transaction => IndexFiller.Advance(transaction, c.Id, id), isMaintenance: true))
        {
        }

        Assert.Equal(["a"], test.Scan(c, test.Fabric.Catalog.GetCollection("c").FindIndex(id)!, new IndexRange([Value.FromInteger(4000)])));
        test.AssertSound();
    }

    [Fact]
    public async Task Indexes_of_another_collation_are_filled_anew_at_open()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await FilledAsync(test, 3000);
        var index = (await test.IndexAsync("c", "persistent", "n")).Definition;
        await test.Fabric.RunAsync(test.Scope, transaction =>
        {
            EnvironmentRecord.Write(transaction.Storage, new EnvironmentRecord(test.Fabric.Fabric.Id, "another ICU"));
            // What another collation would have written: entries nobody can account for.
            transaction.Storage.Put([.. KeyLayout.IndexPrefix(c.ContentsId, index.Id), 0xFF, 1, 2], [0, 3, 0]);
            return 0;
        }, isMaintenance: true);
        Assert.NotEmpty(FabricVerifier.Verify(test.Fabric).Disagreements);

        await test.ReopenAsync();

        Assert.Equal(3000, test.Scan(c, index, IndexRange.All).Count);
        test.AssertSound();
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        Assert.Equal(FabricEnvironment.IndexVersion, EnvironmentRecord.Read(snapshot.Storage, test.Fabric.Fabric.Id)!.Collation);
    }

    [Theory]
    [InlineData("persistent")]
    [InlineData("persistent", "a", "a")]
    [InlineData("persistent", "a..b")]
    [InlineData("persistent", "a[*]", "b[*]")]
    [InlineData("persistent", "a[*].b[*]")]
    [InlineData("persistent", "a[0]")]
    [InlineData("ttl", "a", "b")]
    [InlineData("ttl", "a[*]")]
    [InlineData("btree", "a")]
    public async Task Bad_index_settings_are_refused(string type, params string[] fields)
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c");

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.IndexAsync("c", type, fields));

        Assert.Equal(400, error.HttpStatus);
        Assert.Single(test.Fabric.Catalog.GetCollection("c").Indexes);
    }

    [Fact]
    public async Task The_primary_and_edge_indexes_cannot_be_dropped_and_others_can_by_name_or_id()
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c", CollectionType.Edge);
        var first = (await test.IndexAsync("c", "persistent", "a")).Definition;
        var second = (await test.IndexAsync("c", "persistent", "b")).Definition;

        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.DropIndexAsync(test.Scope, "c", "primary"))).HttpStatus);
        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.DropIndexAsync(test.Scope, "c", "edge"))).HttpStatus);
        Assert.Equal(1212, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Fabric.DropIndexAsync(test.Scope, "c", "x"))).ErrorNumber);
        await test.Fabric.DropIndexAsync(test.Scope, "c", first.Name);
        await test.Fabric.DropIndexAsync(test.Scope, "c", second.Id.ToString());

        Assert.Equal(3, test.Fabric.Catalog.GetCollection("c").Indexes.Length);
        test.AssertSound();
    }

    private static async Task<CollectionDefinition> FilledAsync(TestFabric test, int documents)
    {
        var c = await test.CreateAsync("c");
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < documents; i++)
                transaction.Insert(c, TestFabric.Json($$"""{"_key":"k{{i}}","n":{{i}},"t":[{{i % 5}},"t"]}"""), InsertOptions.Default);
            return 0;
        });
        return c;
    }

    private static void Change(FabricTransaction transaction, CollectionDefinition collection, int which, int number)
    {
        var patch = TestFabric.Json($$"""{"n":{{number}},"t":[{{number}}]}""");
        if (transaction.TryGetDocument(collection, TestFabric.Key($"k{which}"), out _))
            transaction.Update(collection, TestFabric.Key($"k{which}"), patch, UpdateOptions.Default);
        else
            transaction.Insert(collection, patch, InsertOptions.Default);
    }
}
