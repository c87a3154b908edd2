using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Documents that expire in several regions: each removes them by itself, and all agree which are there.</summary>
public sealed class ReplicatedExpiryTests
{
    private const long Start = 1_767_225_600; // Where the manual clock starts.

    [Fact]
    public async Task Each_region_removes_what_has_expired_by_itself_once_that_is_stable()
    {
        await using var group = await StartAsync(2);
        await group.Regions[0].InsertAsync(Collection(group, 0), $$"""{"_key":"k","at":{{Start + 10}}}""");
        await group.DeliverAllAsync();
        Advance(group, 20);
        await group.Regions[0].Fabric.SweepAsync();
        // The other region may have written to it before its time, as far as this one knows.
        Assert.NotNull(group.Regions[0].Read(Collection(group, 0), "k"));
        var records = group.Regions[0].Fabric.Replica.ReadState().Own.Sequence;

        await SettleAsync(group);

        for (var region = 0; region < 2; region++)
        {
            Assert.Null(group.Regions[region].Read(Collection(group, region), "k"));
            Assert.Equal(0, group.Regions[region].Fabric.GetFigures(group.Regions[region].Scope, Collection(group, region)).Count);
            group.Regions[region].AssertSound();
        }
        Assert.Equal(records, group.Regions[0].Fabric.Replica.ReadState().Own.Sequence);
    }

    [Fact]
    public async Task Writers_do_not_find_what_has_expired()
    {
        await using var group = await StartAsync(2);
        var collection = Collection(group, 0);
        var region = group.Regions[0];
        await region.InsertAsync(collection, $$"""{"_key":"k","at":{{Start + 10}},"old":1}""");
        await group.DeliverAllAsync();
        Advance(group, 10);

        Assert.Equal(ErrorCodes.DocumentNotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => region.UpdateAsync(collection, "k", "{}"))).Code);
        Assert.Equal(ErrorCodes.DocumentNotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => region.ReplaceAsync(collection, "k", "{}"))).Code);
        Assert.Equal(ErrorCodes.DocumentNotFound, (await Assert.ThrowsAsync<GeoFabricException>(() => region.RemoveAsync(collection, "k"))).Code);
        Assert.Equal((false, 0), await region.WriteAsync(transaction =>
        {
            var found = transaction.TryGetDocument(collection, TestFabric.Key("k"), out _);
            using var all = transaction.ScanCollection(collection);
            var count = 0;
            while (all.MoveNext())
                count++;
            return (found, count);
        }));
        await region.InsertAsync(collection, $$"""{"_key":"k","at":{{Start + 100}},"new":1}""");
        await group.DeliverAllAsync();
        await SettleAsync(group);

        for (var i = 0; i < 2; i++)
            Assert.Equal($$"""{"_key":"k","at":{{Start + 100}},"new":1}""", group.Regions[i].Read(Collection(group, i), "k"));
    }

    [Fact]
    public async Task A_counter_that_begins_anew_does_so_everywhere()
    {
        await using var group = await StartAsync(3);
        await group.Regions[0].InsertAsync(Collection(group, 0), $$"""{"_key":"k","at":{{Start + 10}},"n":7}""");
        await group.DeliverAllAsync();
        Advance(group, 20);
        // One region has removed it, the others still have it lying there.
        await group.Regions[2].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(2), TestContext.Current.CancellationToken);
        await group.Regions[2].Fabric.SweepAsync();
        Assert.Null(group.Regions[2].Read(Collection(group, 2), "k"));
        var options = new InsertOptions { Operations = [new(["n"], AttributeOperationKind.Increment, Value.FromInteger(1), Value.Null)] };

        await group.Regions[2].InsertAsync(Collection(group, 2), $$"""{"_key":"k","at":{{Start + 50}},"n":1}""", options);
        await group.DeliverAllAsync();

        for (var i = 0; i < 3; i++)
            Assert.Equal($$"""{"_key":"k","at":{{Start + 50}},"n":1}""", group.Regions[i].Read(Collection(group, i), "k"));
    }

    [Fact]
    public async Task An_extension_made_in_time_elsewhere_keeps_the_document_everywhere()
    {
        await using var group = await StartAsync(2);
        await group.Regions[0].InsertAsync(Collection(group, 0), $$"""{"_key":"k","at":{{Start + 10}}}""");
        await group.DeliverAllAsync();
        Advance(group, 9);
        await group.Regions[1].UpdateAsync(Collection(group, 1), "k", $$"""{"at":{{Start + 1000}}}""");
        Advance(group, 20);
        // Region 1 has not heard of it, so nothing of region 2 since is stable for it.
        await group.Regions[0].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(0), TestContext.Current.CancellationToken);
        await group.Regions[0].Fabric.SweepAsync();

        await group.DeliverAllAsync();
        await SettleAsync(group);

        for (var i = 0; i < 2; i++)
            Assert.Equal($$"""{"_key":"k","at":{{Start + 1000}}}""", group.Regions[i].Read(Collection(group, i), "k"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Regions_agree_whatever_the_order(int batch)
    {
        for (var seed = batch * 1000; seed < (batch * 1000) + 50; seed++)
            await RunAsync(new Random(seed), seed);
    }

    private static async Task RunAsync(Random random, int seed)
    {
        await using var group = await StartAsync(random.Next(2, 4));
        var now = 0.0;
        for (var step = random.Next(10, 80); step > 0; step--)
        {
            var region = random.Next(group.Regions.Count);
            var seconds = random.Next(3);
            now += seconds;
            Advance(group, seconds);
            switch (random.Next(10))
            {
                case < 5:
                    await WriteAsync(group.Regions[region], Collection(group, region), random, Start + now);
                    break;
                case < 8:
                    await group.DeliverSomeAsync(random, region);
                    break;
                default:
                    await group.AdvanceStableAsync(region);
                    await group.Regions[region].Fabric.SweepAsync();
                    group.Forget(region);
                    break;
            }
        }
        await group.DeliverAllAsync();
        await SettleAsync(group);
        group.AssertSame(withMetadata: true, $"seed {seed}");
        foreach (var region in group.Regions)
            region.AssertSound();
    }

    private static async Task WriteAsync(TestFabric region, CollectionDefinition collection, Random random, double now)
    {
        var key = $"k{random.Next(2)}";
        var at = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{now + random.Next(-5, 15)}");
        var counting = new InsertOptions { Operations = [new(["n"], AttributeOperationKind.Increment, Value.FromInteger(1), Value.Null)] };
        try
        {
            switch (random.Next(6))
            {
                case 0:
                    await region.InsertAsync(collection, $$"""{"_key":"{{key}}","at":{{at}},"n":{{random.Next(9)}}}""");
                    break;
                case 1:
                    await region.InsertAsync(collection, $$"""{"_key":"{{key}}","at":{{at}},"n":1}""", counting);
                    break;
                case 2:
                    await region.UpdateAsync(collection, key, $$"""{"at":{{at}}}""");
                    break;
                case 3:
                    await region.UpdateAsync(collection, key, $$"""{"x":{{random.Next(9)}}}""");
                    break;
                case 4:
                    await region.ReplaceAsync(collection, key, $$"""{"at":{{at}},"y":{{random.Next(9)}}}""");
                    break;
                default:
                    await region.RemoveAsync(collection, key);
                    break;
            }
        }
        catch (GeoFabricException refused) when (refused.Code == ErrorCodes.DocumentNotFound || refused.Code == ErrorCodes.UniqueConstraintViolated)
        {
            // There or not there: both happen.
        }
    }

    private static async Task<ReplicaGroup> StartAsync(int regions)
    {
        var group = await ReplicaGroup.OpenAsync(regions);
        await group.Regions[0].CreateAsync("c");
        await group.Regions[0].Fabric.CreateIndexAsync(group.Regions[0].Scope, "c", new IndexSettings("ttl", ["at"]));
        await group.DeliverAllAsync();
        await SettleAsync(group);
        foreach (var region in group.Regions)
        {
            // The same shape: joins the filling that the record began.
            await region.Fabric.CreateIndexAsync(region.Scope, "c", new IndexSettings("ttl", ["at"]));
        }
        return group;
    }

    /// <summary>All regions know that everything is everywhere.</summary>
    private static async Task SettleAsync(ReplicaGroup group)
    {
        for (var round = 0; round < 2; round++)
        {
            for (var region = 0; region < group.Regions.Count; region++)
            {
                await group.Regions[region].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(region));
                await group.Regions[region].Fabric.SweepAsync();
            }
        }
    }

    private static void Advance(ReplicaGroup group, double seconds)
    {
        foreach (var region in group.Regions)
            region.Clock.Advance(TimeSpan.FromSeconds(seconds));
    }

    private static CollectionDefinition Collection(ReplicaGroup group, int region) => group.Regions[region].Fabric.Catalog.GetCollection("c");
}
