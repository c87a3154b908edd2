using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>The collection _conflicts: what merging discarded although its writer did not know better.</summary>
public sealed class ConflictJournalTests
{
    [Fact]
    public async Task The_loser_of_two_writes_is_told_with_both_revisions_in_every_region()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var losing = await ConflictAsync(group, new CollectionSettings("c"));

        foreach (var region in group.Regions)
        {
            var entry = Assert.Single(Entries(region));
            Assert.Equal(
                ("c", "k", "c/k", "a", "later-write", "1"),
                (Text(entry, "collection"), Text(entry, "key"), Text(entry, "document"), Text(entry, "path"), Text(entry, "rule"), entry.GetAttribute("lost"u8).ToString()));
            Assert.Equal((losing, "1"), (Text(entry, "lostRevision"), Text(entry, "lostRegion")));
            Assert.Equal((region.Revision(region.Fabric.Catalog.GetCollection("c"), "k"), "2"), (Text(entry, "winnerRevision"), Text(entry, "winnerRegion")));
        }
    }

    [Fact]
    public async Task A_collection_may_do_without()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);

        await ConflictAsync(group, new CollectionSettings("c") { KeepsConflicts = false });

        foreach (var region in group.Regions)
            Assert.False(region.Fabric.Catalog.TryGetCollection("_conflicts", out _));
    }

    [Fact]
    public async Task Entries_go_after_thirty_days()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await ConflictAsync(group, new CollectionSettings("c"));
        group.Regions[0].Clock.Advance(TimeSpan.FromDays(29));
        await group.Regions[0].Fabric.SweepAsync();
        Assert.Single(Entries(group.Regions[0]));

        group.Regions[0].Clock.Advance(TimeSpan.FromDays(2));
        await group.Regions[0].Fabric.SweepAsync();

        Assert.Empty(Entries(group.Regions[0]));
    }

    [Fact]
    public async Task Users_only_read_it()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var region = group.Regions[0];
        Assert.Equal(
            ErrorCodes.IllegalName,
            (await Assert.ThrowsAsync<GeoFabricException>(() => region.Fabric.CreateCollectionAsync(region.Scope, new CollectionSettings("_conflicts") { IsSystem = true }))).Code);
        await ConflictAsync(group, new CollectionSettings("c"));
        var journal = region.Fabric.Catalog.GetCollection("_conflicts");

        var refused = new List<Task>
        {
            region.InsertAsync(journal, "{}"),
            region.RemoveAsync(journal, "1"),
            region.Fabric.TruncateAsync(region.Scope, "_conflicts"),
        };

        foreach (var write in refused)
            Assert.Equal(ErrorCodes.AccessDenied, (await Assert.ThrowsAsync<GeoFabricException>(() => write)).Code);
        Assert.Equal(
            ErrorCodes.IllegalName, (await Assert.ThrowsAsync<GeoFabricException>(() => region.Fabric.RenameAsync(region.Scope, "_conflicts", "mine"))).Code);
        Assert.Single(Entries(region));
    }

    /// <summary>Two regions give an attribute a value at the same time; the second one's stays.</summary>
    /// <returns>Revision of the write that lost.</returns>
    private static async Task<string> ConflictAsync(ReplicaGroup group, CollectionSettings settings)
    {
        await group.Regions[0].Fabric.CreateCollectionAsync(group.Regions[0].Scope, settings);
        await group.DeliverAllAsync();
        await group.Regions[0].InsertAsync(group.Regions[0].Fabric.Catalog.GetCollection("c"), """{"_key":"k","a":0}""");
        await group.DeliverAllAsync();
        var losing = await group.Regions[0].UpdateAsync(group.Regions[0].Fabric.Catalog.GetCollection("c"), "k", """{"a":1}""");
        group.Regions[1].Clock.Advance(TimeSpan.FromSeconds(1));
        await group.Regions[1].UpdateAsync(group.Regions[1].Fabric.Catalog.GetCollection("c"), "k", """{"a":2}""");
        await group.DeliverAllAsync();
        return losing;
    }

    private static List<Value> Entries(TestFabric region)
    {
        using var snapshot = region.Fabric.OpenSnapshot(region.Scope);
        using var cursor = snapshot.ScanCollection(snapshot.Catalog.GetCollection("_conflicts"));
        var entries = new List<Value>();
        while (cursor.MoveNext())
            entries.Add(cursor.Document.Detach());
        return entries;
    }

    private static string Text(Value entry, string name) => entry.GetAttribute(System.Text.Encoding.UTF8.GetBytes(name)).Text;
}
