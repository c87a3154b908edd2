using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>What a collection declares about merging, where the writes themselves do not tell.</summary>
public sealed class MergeDeclarationTests
{
    private static readonly ImmutableSortedDictionary<string, string> Declared = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string>
    {
        ["views"] = "counter",
        ["stats.*"] = "counter",
        ["tags"] = "set",
        ["best"] = "max",
        ["least"] = "min",
        ["settings"] = "whole",
        ["**"] = "infer",
    });

    [Theory]
    [InlineData("""{"views":5}""", """{"views":6}""", """{"views":8}""", """{"views":9}""")]
    [InlineData("""{"stats":{"a":1}}""", """{"stats":{"a":2}}""", """{"stats":{"a":4}}""", """{"stats":{"a":5}}""")]
    [InlineData("""{"best":5}""", """{"best":9}""", """{"best":7}""", """{"best":9}""")]
    [InlineData("""{"least":5}""", """{"least":1}""", """{"least":3}""", """{"least":1}""")]
    [InlineData("""{"tags":["a","b","c"]}""", """{"tags":["a","b","c","d"]}""", """{"tags":["b","c","d"]}""", """{"tags":["b","c","d"]}""")]
    [InlineData("""{"settings":{"a":1,"b":1}}""", """{"settings":{"a":2,"b":1}}""", """{"settings":{"a":1,"b":3}}""", """{"settings":{"a":1,"b":3}}""")]
    [InlineData("""{"other":{"a":1,"b":1}}""", """{"other":{"a":2,"b":1}}""", """{"other":{"a":1,"b":3}}""", """{"other":{"a":2,"b":3}}""")]
    [InlineData("""{"plain":5}""", """{"plain":6}""", """{"plain":8}""", """{"plain":8}""")]
    public async Task Replacing_documents_merges_as_declared(string start, string first, string second, string expected)
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].Fabric.CreateCollectionAsync(group.Regions[0].Scope, new CollectionSettings("c") { MergeDeclarations = Declared });
        await group.DeliverAllAsync();
        await group.Regions[0].InsertAsync(group.Regions[0].Fabric.Catalog.GetCollection("c"), WithKey(start));
        await group.DeliverAllAsync();

        await group.Regions[0].ReplaceAsync(group.Regions[0].Fabric.Catalog.GetCollection("c"), "k", first);
        group.Regions[1].Clock.Advance(TimeSpan.FromSeconds(1));
        await group.Regions[1].ReplaceAsync(group.Regions[1].Fabric.Catalog.GetCollection("c"), "k", second);
        await group.DeliverAllAsync();

        for (var region = 0; region < 2; region++)
            Assert.Equal(WithKey(expected), group.Regions[region].Read(group.Regions[region].Fabric.Catalog.GetCollection("c"), "k"));
    }

    [Fact]
    public async Task Declarations_survive_a_restart_and_may_change()
    {
        await using var fabric = await TestFabric.OpenAsync(onDisk: true);
        await fabric.Fabric.CreateCollectionAsync(fabric.Scope, new CollectionSettings("c") { MergeDeclarations = Declared, KeepsConflicts = false });
        await fabric.ReopenAsync();
        Assert.Equal(Declared, fabric.Fabric.Catalog.GetCollection("c").MergeDeclarations);
        Assert.False(fabric.Fabric.Catalog.GetCollection("c").KeepsConflicts);
        var other = ImmutableSortedDictionary<string, string>.Empty.Add("n", "counter");

        await fabric.Fabric.UpdatePropertiesAsync(fabric.Scope, "c", new CollectionPropertiesPatch { MergeDeclarations = other });
        await fabric.Fabric.UpdatePropertiesAsync(fabric.Scope, "c", new CollectionPropertiesPatch { KeepsConflicts = true });
        await fabric.ReopenAsync();

        Assert.Equal(other, fabric.Fabric.Catalog.GetCollection("c").MergeDeclarations);
        Assert.True(fabric.Fabric.Catalog.GetCollection("c").KeepsConflicts);
    }

    [Theory]
    [InlineData("views", "count", "counter")]
    [InlineData("", "counter", "is no path")]
    [InlineData("a..b", "counter", "is no path")]
    [InlineData("a.**", "counter", "is no path")]
    [InlineData("a[0]", "counter", "is no path")]
    [InlineData("[*].a", "counter", "is no path")]
    [InlineData("_key", "counter", "is no path")]
    public async Task What_makes_no_sense_is_refused(string pattern, string word, string told)
    {
        await using var fabric = await TestFabric.OpenAsync();
        var declared = ImmutableSortedDictionary<string, string>.Empty.Add(pattern, word);

        var error = await Assert.ThrowsAsync<GeoFabricException>(
            () => fabric.Fabric.CreateCollectionAsync(fabric.Scope, new CollectionSettings("c") { MergeDeclarations = declared }));

        Assert.Equal(ErrorCodes.BadParameter, error.Code);
        Assert.Contains($"'{pattern}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        await fabric.CreateAsync("c");
        await Assert.ThrowsAsync<GeoFabricException>(
            () => fabric.Fabric.UpdatePropertiesAsync(fabric.Scope, "c", new CollectionPropertiesPatch { MergeDeclarations = declared }));
    }

    private static string WithKey(string document) => """{"_key":"k",""" + document[1..];
}
