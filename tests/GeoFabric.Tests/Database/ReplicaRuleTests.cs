using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>Single rules of merging between regions that simulated histories broke once.</summary>
public sealed class ReplicaRuleTests
{
    [Fact]
    public async Task Collections_made_in_one_transaction_all_arrive()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);

        await group.Regions[0].WriteAsync(transaction =>
        {
            CatalogOperations.CreateCollection(transaction, new CollectionSettings("a", CollectionType.Document));
            CatalogOperations.CreateCollection(transaction, new CollectionSettings("b", CollectionType.Document));
            return true;
        });
        await group.DeliverAllAsync();

        Assert.True(group.Regions[1].Fabric.Catalog.TryGetCollection("b", out _));
        Assert.Equal(group.Describe(0, withMetadata: true), group.Describe(1, withMetadata: true));
    }

    /// <summary>Others of the same transaction stand, so what merging knows must not be of a state that never was.</summary>
    [Theory]
    [InlineData("""{"a":2,"big":"x"}""", 1216)]
    [InlineData("""{"a":2,"email":"taken"}""", 1210)]
    [InlineData("""{"a":-2}""", 1620)]
    public async Task A_write_that_is_refused_leaves_nothing_behind(string patch, int error)
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var region = group.Regions[0];
        await region.CreateAsync("c");
        await region.Fabric.CreateIndexAsync(region.Scope, "c", new IndexSettings("persistent", ["email"]) { IsUnique = true, IsSparse = true });
        var schema = CollectionSchema.Parse(TestFabric.Json("""{"rule":{"properties":{"a":{"minimum":0}}}}"""));
        var collection = await region.Fabric.UpdatePropertiesAsync(region.Scope, "c", new CollectionPropertiesPatch { ChangesSchema = true, Schema = schema });
        await region.WriteAsync(transaction => transaction.Insert(collection, TestFabric.Json("""{"_key":"k","a":1}"""), InsertOptions.Default));
        await region.WriteAsync(transaction => transaction.Insert(collection, TestFabric.Json("""{"_key":"other","email":"taken"}"""), InsertOptions.Default));
        await group.DeliverAllAsync();
        var wanted = TestFabric.Json(patch.Replace("\"x\"", $"\"{new string('x', 5 << 20)}\"", StringComparison.Ordinal));

        await region.WriteAsync(transaction =>
        {
            Assert.Equal(error, Assert.Throws<GeoFabricException>(() => transaction.Update(collection, TestFabric.Key("k"), wanted, UpdateOptions.Default)).ErrorNumber);
            return transaction.Insert(collection, TestFabric.Json("""{"_key":"l"}"""), InsertOptions.Default);
        });
        await group.DeliverAllAsync();

        Assert.Equal("""{"_key":"k","a":1}""", region.Read(collection, "k"));
        group.AssertSame(withMetadata: true, "after a write was refused");
    }

    [Fact]
    public async Task A_document_removed_in_the_transaction_that_inserted_it_is_gone_and_can_be_inserted_again()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");

        await group.Regions[0].WriteAsync(transaction =>
        {
            foreach (var key in (string[])["gone", "back"])
            {
                transaction.Insert(collection, TestFabric.Json($"{{\"_key\":\"{key}\",\"n\":1}}"), InsertOptions.Default);
                transaction.Remove(collection, TestFabric.Key(key), RemoveOptions.Default);
            }
            transaction.Insert(collection, TestFabric.Json("""{"_key":"back","n":2}"""), InsertOptions.Default);
            return true;
        });
        await group.DeliverAllAsync();

        foreach (var region in group.Regions)
        {
            var definition = region.Fabric.Catalog.GetCollection("c");
            Assert.Null(region.Read(definition, "gone"));
            Assert.Equal("""{"_key":"back","n":2}""", region.Read(definition, "back"));
        }
    }

    /// <summary>A region that has not yet heard that a removal is stable still knows the removed element; the others may not.</summary>
    [Fact]
    public async Task An_element_inserted_beside_one_that_others_have_forgotten_arrives()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        await EditAsync(group.Regions[0], AttributeOperationKind.Append, """["b"]""", """["a","b"]""");
        await EditAsync(group.Regions[0], AttributeOperationKind.RemoveValues, """["b"]""", """["a"]""");
        await group.DeliverAllAsync();
        await group.Regions[0].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(0));

        await EditAsync(group.Regions[1], AttributeOperationKind.Append, """["c"]""", """["a","c"]""");
        await group.DeliverAllAsync();

        Assert.Equal("""{"_key":"k","list":["a","c"]}""", group.Regions[0].Read(group.Regions[0].Fabric.Catalog.GetCollection("c"), "k"));
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
    }

    /// <summary>It is local, and may happen while the region must not write anything that others have to get.</summary>
    [Fact]
    public async Task Noting_what_was_lost_adds_nothing_to_the_own_log()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        await group.Regions[0].InsertAsync(collection, """{"_key":"k","n":1}""");
        await group.Regions[1].InsertAsync(group.Regions[1].Fabric.Catalog.GetCollection("c"), """{"_key":"k","n":2}""");
        var before = group.Regions.Select(region => region.Fabric.Replica.ReadState().Own.Sequence).ToList();

        await group.DeliverAllAsync();

        Assert.Contains("later-document", group.Journal(0) + group.Journal(1), StringComparison.Ordinal);
        Assert.Equal(before, group.Regions.Select(region => region.Fabric.Replica.ReadState().Own.Sequence));
    }

    /// <summary>Edits the list of document k; the first edit makes it.</summary>
    private static Task EditAsync(TestFabric region, AttributeOperationKind kind, string operand, string result) => region.WriteAsync(transaction =>
    {
        var collection = transaction.Catalog.GetCollection("c");
        if (!transaction.TryGetDocument(collection, TestFabric.Key("k"), out _))
            transaction.Insert(collection, TestFabric.Json("""{"_key":"k","list":["a"]}"""), InsertOptions.Default);
        var operation = new AttributeOperation(["list"], kind, TestFabric.Json($"[{operand}]").Items[0]);
        transaction.Update(collection, TestFabric.Key("k"), TestFabric.Json($"{{\"list\":{result}}}"), new UpdateOptions { Operations = [operation] });
        return true;
    });
}
