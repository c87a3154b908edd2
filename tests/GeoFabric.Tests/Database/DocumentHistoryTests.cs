using System.Text;
using GeoFabric.Database.Access;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>Who wrote a document, as a region can tell from merge metadata and logs.</summary>
public sealed class DocumentHistoryTests
{
    [Fact]
    public async Task Each_attribute_names_the_region_that_wrote_it_last_before_and_after_merging_has_forgotten()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");
        await group.Regions[0].InsertAsync(collection, """{"_key":"k","name":"Ada","home":{"city":"London","street":"a"}}""");
        await group.DeliverAllAsync();
        await group.Regions[0].UpdateAsync(collection, "k", """{"name":"Grace"}""");
        await group.Regions[1].UpdateAsync(group.Regions[1].Fabric.Catalog.GetCollection("c"), "k", """{"home":{"city":"Rome"}}""");
        await group.DeliverAllAsync();

        var fresh = Read(group, 0);
        Assert.Equal(["name: 1", "home.city: 2", "home.street: 1"], Describe(fresh));
        Assert.All(fresh.Attributes.Take(2), attribute => Assert.True(attribute.IsExact));
        Assert.Equal(fresh.Hash, Read(group, 1).Hash);
        for (var region = 0; region < 2; region++)
            await group.Regions[region].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(region));
        var settled = Read(group, 1);

        Assert.Equal(["name: 1", "home.city: 2", "home.street: 1"], Describe(settled));
        Assert.DoesNotContain(settled.Attributes, attribute => attribute.IsExact);
        Assert.Equal(3, settled.Writes.Count);
        Assert.Equal(settled.Writes.Select(write => write.Stamp).OrderDescending(), settled.Writes.Select(write => write.Stamp));
        Assert.Equal(settled.Writes[0].Stamp, settled.Revision);
        Assert.Equal(default, settled.ReadFrom);
    }

    /// <summary>The later of two writes is not the one that shows when the document it was made on was replaced.</summary>
    [Fact]
    public async Task A_write_that_lost_is_told_but_not_taken_for_the_one_that_left_the_value()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");
        await group.Regions[0].InsertAsync(collection, """{"_key":"k","n":1}""");
        await group.DeliverAllAsync();
        await group.Regions[1].UpdateAsync(group.Regions[1].Fabric.Catalog.GetCollection("c"), "k", """{"n":2}""");
        group.Regions[0].Clock.Advance(TimeSpan.FromSeconds(1));
        await group.Regions[0].Fabric.WriteAsync(group.Regions[0].Scope, transaction =>
        {
            transaction.Remove(collection, "k"u8, RemoveOptions.Default);
            return transaction.Insert(collection, TestFabric.Json("""{"_key":"k","n":1}"""), InsertOptions.Default);
        });
        await group.DeliverAllAsync();
        for (var region = 0; region < 2; region++)
            await group.Regions[region].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(region));

        var history = Read(group, 1);

        Assert.Equal(["n: 1"], Describe(history));
        Assert.Contains(history.Writes, write => write.Stamp.Origin == 2);
    }

    [Fact]
    public async Task What_the_logs_do_not_hold_is_said_to_be_unknown()
    {
        await using var test = await TestFabric.OpenAsync(options: new GeoFabric.Database.DatabaseOptions { Region = 1 });
        var collection = await test.CreateAsync("c");
        await test.InsertAsync(collection, """{"_key":"k","a":1,"b":1}""");
        await test.UpdateAsync(collection, "k", """{"b":2}""");
        await test.InsertAsync(collection, """{"_key":"other"}""");
        await test.Fabric.Replica.AdvanceStableAsync(test.Fabric.LastTimestamp);

        var some = DocumentHistoryReader.Read(test.Fabric, test.Scope, collection, "k"u8, logBytesMax: 80, CancellationToken.None);

        Assert.Equal(["a: ", "b: 1"], Describe(some));
        Assert.NotEqual(default, some.ReadFrom);
        Assert.Equal(["a: 1", "b: 1"], Describe(DocumentHistoryReader.Read(test.Fabric, test.Scope, collection, "k"u8, 1 << 20, CancellationToken.None)));
    }

    [Fact]
    public async Task Of_a_document_that_is_gone_the_writes_are_told_and_a_reader_needs_the_right()
    {
        await using var test = await TestFabric.OpenAsync(options: new GeoFabric.Database.DatabaseOptions { Region = 1 });
        var collection = await test.CreateAsync("c");
        await test.InsertAsync(collection, """{"_key":"k","a":1}""");
        await test.Fabric.WriteAsync(test.Scope, transaction => transaction.Remove(collection, "k"u8, RemoveOptions.Default));

        var history = DocumentHistoryReader.Read(test.Fabric, test.Scope, collection, "k"u8, 1 << 20, CancellationToken.None);

        Assert.Null(history.Revision);
        Assert.Empty(history.Attributes);
        Assert.Equal(ChangeKind.Delete, Assert.Single(history.Writes[0].Parts).Kind);
        Assert.Empty(DocumentHistoryReader.Read(test.Fabric, test.Scope, collection, "none"u8, 1 << 20, CancellationToken.None).Writes);
        var nobody = new AccessScope(test.Fabric.Fabric.Tenant, test.Fabric.Fabric.Id, "", AccessLevel.None);
        Assert.Equal(ErrorCodes.AccessDenied, Assert.Throws<GeoFabricException>(() => DocumentHistoryReader.Read(test.Fabric, nobody, collection, "k"u8, 1, CancellationToken.None)).Code);
    }

    private static DocumentHistory Read(ReplicaGroup group, int region)
    {
        var test = group.Regions[region];
        return DocumentHistoryReader.Read(test.Fabric, test.Scope, test.Fabric.Catalog.GetCollection("c"), Encoding.UTF8.GetBytes("k"), 1 << 20, CancellationToken.None);
    }

    private static IEnumerable<string> Describe(DocumentHistory history) => history.Attributes.Select(attribute => $"{string.Join('.', attribute.Path)}: {attribute.Stamp?.Origin}");
}
