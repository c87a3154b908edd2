using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

public sealed class VectorIndexTests
{
    [Fact]
    public async Task Documents_are_in_the_list_of_their_vector_whatever_happens_to_them()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        foreach (var (key, x, y) in new[] { ("a", 1, 0), ("b", 9, 1), ("d", 0, 1), ("e", 1, 9) })
            await test.InsertAsync(c, $$"""{"_key":"{{key}}","in":{"v":[{{x}},{{y}}]} }""");
        var index = await CreateAsync(test, new VectorSettings(VectorSettings.Cosine, 2, 2));
        var lists = new VectorLists(index);
        var list = lists.ListOf([1, 0]);

        Assert.Equal(4, index.Centroids.Length);
        Assert.Equal(["a", "b"], Scan(test, c, index, list));
        Assert.Equal([list, 1 - list], lists.Rank([2, 1], 2));
        await test.InsertAsync(c, """{"_key":"f","in":{"v":[5,2]}}""");
        await test.InsertAsync(c, """{"_key":"g","in":{"v":[0,0]}}""");
        await test.InsertAsync(c, """{"_key":"h","in":{"v":[1,2,3]}}""");
        await test.InsertAsync(c, """{"_key":"i","in":{"v":["1",2]}}""");
        await test.InsertAsync(c, """{"_key":"j","in":7}""");
        await test.UpdateAsync(c, "a", """{"in":{"v":[0,3]}}""");
        await test.RemoveAsync(c, "b");
        Assert.Equal(["f"], Scan(test, c, index, list));
        Assert.Equal(["a", "d", "e"], Scan(test, c, index, 1 - list));
        test.AssertSound();

        await test.ReopenAsync();
        var kept = test.Fabric.Catalog.GetCollection("c").FindIndex(index.Id)!;
        Assert.Equal(index.Centroids.AsEnumerable(), kept.Centroids);
        Assert.Equal(index.Vector, kept.Vector);
        Assert.Equal(["a", "d", "e"], Scan(test, c, kept, 1 - list));
        test.AssertSound();
    }

    [Fact]
    public async Task An_entry_is_a_number_of_a_list_and_without_vectors_to_learn_from_there_is_one()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, new VectorSettings(VectorSettings.Euclidean, 2, 5));
        await test.InsertAsync(c, """{"_key":"a","in":{"v":[0,0]}}""");

        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.EntriesOf(c.ContentsId, index.Id));
        Assert.True(cursor.MoveNext());
        Assert.Equal(Convert.ToHexString(KeyLayout.IndexPrefix(c.ContentsId, index.Id)) + "3080000000000000008000" + "1B0080", Convert.ToHexString(cursor.Key));
        Assert.Empty(index.Centroids);
        Assert.Equal([0], new VectorLists(index).Rank([1, 1], 3));
    }

    [Fact]
    public void The_same_vectors_give_the_same_middles_and_they_are_where_the_vectors_are()
    {
        var random = new Random(3);
        var sample = Enumerable.Range(0, 300).Select(i => new[] { (10 * (i % 3)) + random.NextSingle(), (5 * (i % 3)) - random.NextSingle() }).ToList();

        var first = VectorTraining.Train(sample, 3, 25, isDirection: false, CancellationToken.None);
        var second = VectorTraining.Train(sample, 3, 25, isDirection: false, CancellationToken.None);

        Assert.Equal(first.AsEnumerable(), second);
        foreach (var point in sample)
        {
            var nearest = Enumerable.Range(0, 3).Min(list => VectorDistance.Squared(point, first.AsSpan().Slice(2 * list, 2)));
            Assert.InRange(nearest, 0, 2);
        }
    }

    [Fact]
    public void Sums_are_those_of_a_plain_loop_up_to_rounding()
    {
        var random = new Random(4);
        foreach (var length in new[] { 1, 3, 4, 7, 8, 129 })
        {
            var (left, right) = (Numbers(random, length), Numbers(random, length));

            Assert.Equal(left.Zip(right, (a, b) => (double)(a - b) * (a - b)).Sum(), VectorDistance.Squared(left, right), 1e-3);
            Assert.Equal(left.Zip(right, (a, b) => (double)a * b).Sum(), VectorDistance.Dot(left, right), 1e-3);
        }
    }

    [Fact]
    public async Task All_regions_divide_vectors_alike()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (first, second) = (group.Regions[0], group.Regions[1]);
        var c = await first.CreateAsync("c");
        for (var i = 0; i < 20; i++)
            await first.InsertAsync(c, string.Create(CultureInfo.InvariantCulture, $$"""{"in":{"v":[{{i}},{{i % 5}}]} }"""));
        var index = await CreateAsync(first, new VectorSettings(VectorSettings.InnerProduct, 2, 4, Probes: 2));
        await group.DeliverAllAsync();

        var there = second.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.Kind == IndexKind.Vector);
        Assert.Equal(index.Centroids.AsEnumerable(), there.Centroids);
        Assert.Equal(index.Vector, there.Vector);
        while (second.Fabric.Catalog.GetCollection("c").FindIndex(there.Id)!.IsBuilding)
            await Task.Delay(5);
        foreach (var list in Enumerable.Range(0, 4))
            Assert.Equal(Scan(first, c, index, list), Scan(second, second.Fabric.Catalog.GetCollection("c"), there, list));
        second.AssertSound();
    }

    [Theory]
    [InlineData("manhattan", 2, 2, 1, 25)]
    [InlineData("l2", 0, 2, 1, 25)]
    [InlineData("l2", 5000, 2, 1, 25)]
    [InlineData("l2", 1000, 1001, 1, 25)]
    [InlineData("l2", 2, 2, 3, 25)]
    [InlineData("l2", 2, 2, 1, 0)]
    public async Task Settings_that_make_no_sense_are_refused(string metric, int dimension, int lists, int probes, int iterations)
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c");

        Assert.Equal(10, (await Assert.ThrowsAsync<GeoFabricException>(() => CreateAsync(test, new VectorSettings(metric, dimension, lists, probes, iterations)))).ErrorNumber);
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    private static async Task<IndexDefinition> CreateAsync(TestFabric test, VectorSettings settings)
    {
        var created = await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("vector", ["in.v"]) { Vector = settings });
        return created.Definition;
    }

    private static List<string> Scan(TestFabric test, CollectionDefinition c, IndexDefinition index, int list) => test.Scan(c, index, new IndexRange([Value.FromInteger(list)]));
}
