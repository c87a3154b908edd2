using GeoFabric.Database.Catalog;

namespace GeoFabric.Tests.Database;

/// <summary>Graphs by name are stored, travel between regions, and go as stored queries do.</summary>
public sealed class GraphDefinitionTests
{
    private static readonly GraphDefinition s_graph = new("g", [new EdgeDefinition("e", ["a"], ["b", "c"])], ["o"]);

    [Fact]
    public async Task A_graph_is_there_after_a_restart_and_no_stored_query()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await test.Fabric.CreateGraphAsync(test.Scope, s_graph);

        await test.ReopenAsync();

        var graph = test.Fabric.Catalog.GetGraph("g");
        Assert.Equal(["b", "c"], graph.Edges[0].To);
        Assert.Equal(["a", "b", "c", "o"], graph.VertexCollections);
        Assert.True(graph.Revision != default);
        Assert.Empty(test.Fabric.ListStoredQueries(test.Scope));
    }

    [Fact]
    public async Task A_graph_and_its_end_reach_the_other_regions()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].Fabric.CreateGraphAsync(group.Regions[0].Scope, s_graph);
        await group.DeliverAllAsync();
        var there = group.Regions[1].Fabric;
        Assert.Equal(group.Regions[0].Fabric.Catalog.GetGraph("g").Revision, there.Catalog.GetGraph("g").Revision);
        Assert.Equal(CollectionType.Edge, there.Catalog.GetCollection("e").Type);

        await there.AddGraphVerticesAsync(group.Regions[1].Scope, "g", "more");
        await group.DeliverAllAsync();
        Assert.Contains("more", group.Regions[0].Fabric.Catalog.GetGraph("g").Orphans);

        await group.Regions[0].Fabric.DropGraphAsync(group.Regions[0].Scope, "g", dropsCollections: true);
        await group.DeliverAllAsync();
        Assert.Empty(there.Catalog.Graphs);
        Assert.False(there.Catalog.TryGetCollection("e", out _));
    }
}
