using GeoFabric.Database.Access;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

/// <summary>The number by which the copies of a collection are compared.</summary>
public sealed class RootScannerTests
{
    [Fact]
    public async Task Copies_that_have_applied_the_same_have_the_same_root_in_any_order_of_writing()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        for (var i = 0; i < 20; i++)
            await group.Regions[i % 2].InsertAsync(group.Regions[i % 2].Fabric.Catalog.GetCollection("c"), $$"""{"_key":"k{{i}}","a":{{i}},"b":{"x":1,"y":2} }""");
        var before = Scan(group, 0);
        Assert.NotEqual(before.Root, Scan(group, 1).Root);
        Assert.NotEqual(before.Applied.Select(position => position.Sequence), Scan(group, 1).Applied.Select(position => position.Sequence));

        await group.DeliverAllAsync();

        var (first, second) = (Scan(group, 0), Scan(group, 1));
        Assert.Equal(first.Root, second.Root);
        Assert.Equal(20, second.Documents);
        Assert.Equal(first.WireId, second.WireId);
        Assert.Equal(first.Applied.Select(position => (position.Origin, position.Sequence)), second.Applied.Select(position => (position.Origin, position.Sequence)));
        await group.Regions[0].UpdateAsync(group.Regions[0].Fabric.Catalog.GetCollection("c"), "k3", """{"a":4}""");
        Assert.NotEqual(first.Root, Scan(group, 0).Root);
    }

    [Fact]
    public async Task The_stable_root_leaves_out_what_may_still_change_elsewhere()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await group.Regions[0].CreateAsync("c");
        await group.Regions[0].InsertAsync(collection, """{"_key":"old"}""");
        await group.DeliverAllAsync();
        for (var region = 0; region < 2; region++)
            await group.Regions[region].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(region));
        await group.Regions[0].InsertAsync(collection, """{"_key":"new"}""");

        var (first, second) = (Scan(group, 0), Scan(group, 1));

        Assert.Equal((2, 1), (first.Documents, first.StableDocuments));
        Assert.Equal(first.StableRoot, second.StableRoot);
        Assert.Equal(second.Root, second.StableRoot);
    }

    [Fact]
    public async Task Documents_that_end_soon_are_left_out_and_a_reader_needs_the_right()
    {
        await using var test = await TestFabric.OpenAsync();
        var collection = await test.CreateAsync("c");
        await test.IndexAsync("c", "ttl", "at");
        await test.InsertAsync(collection, """{"at":1000}""");
        await test.InsertAsync(collection, """{"at":3000}""");
        collection = test.Fabric.Catalog.GetCollection("c");

        Assert.Equal(1, RootScanner.Scan(test.Fabric, test.Scope, collection, 2000, CancellationToken.None).Documents);
        Assert.Equal(2, RootScanner.Scan(test.Fabric, test.Scope, collection, 10, CancellationToken.None).Documents);
        var refused = Assert.Throws<GeoFabricException>(() => RootScanner.Scan(test.Fabric, test.Scope with { DefaultLevel = AccessLevel.None }, collection, 0, CancellationToken.None));
        Assert.Equal(ErrorCodes.AccessDenied, refused.Code);
        Assert.Throws<OperationCanceledException>(() => RootScanner.Scan(test.Fabric, test.Scope, collection, 0, new CancellationToken(canceled: true)));
    }

    private static CollectionRoot Scan(ReplicaGroup group, int region)
    {
        var fabric = group.Regions[region].Fabric;
        return RootScanner.Scan(fabric, group.Regions[region].Scope, fabric.Catalog.GetCollection("c"), expiringBefore: 0, CancellationToken.None);
    }
}
