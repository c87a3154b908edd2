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

    [Theory]
    [InlineData(VectorSettings.Cosine)]
    [InlineData(VectorSettings.Euclidean)]
    public async Task Vectors_kept_in_short_follow_their_documents(string metric)
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        await test.InsertAsync(c, """{"_key":"a","in":{"v":[1,0,3]}}""");
        var index = await CreateAsync(test, new VectorSettings(metric, 3, 2) { CodeBits = 6 });
        await test.InsertAsync(c, """{"_key":"b","in":{"v":[9,1,2]},"n":1}""");
        await test.InsertAsync(c, """{"_key":"d","in":{"v":[-0.0,0,0.0001]}}""");
        await test.InsertAsync(c, """{"_key":"e","in":{"v":[1e200,1,0]}}""");
        await test.InsertAsync(c, """{"_key":"f"}""");
        test.AssertSound();

        // The same list, another code; another attribute; the same numbers written otherwise; a vector that is none any more.
        await test.UpdateAsync(c, "a", """{"in":{"v":[1,0.5,3]}}""");
        await test.UpdateAsync(c, "b", """{"n":2}""");
        await test.UpdateAsync(c, "d", """{"in":{"v":[0,-0.0,1e-4]}}""");
        await test.UpdateAsync(c, "e", """{"in":{"v":[1,2,3]}}""");
        await test.UpdateAsync(c, "f", """{"in":{"v":[4,4,4]}}""");
        test.AssertSound();
        Assert.Equal(Enumerable.Repeat(VectorCode.SizeOf(3, 6), 5), Codes(test, c, index).Select(code => code.Length));
        await test.UpdateAsync(c, "e", """{"in":{"v":[1,2]}}""");
        await test.RemoveAsync(c, "b");
        test.AssertSound();

        await test.ReopenAsync();
        Assert.Equal(index.Vector, test.Fabric.Catalog.GetCollection("c").FindIndex(index.Id)!.Vector);
        Assert.Equal(3, Codes(test, c, index).Count);
        test.AssertSound();
    }

    [Fact]
    public async Task A_code_that_is_not_its_documents_is_found()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, new VectorSettings(VectorSettings.Euclidean, 2, 1) { CodeBits = 8 });
        await test.InsertAsync(c, """{"_key":"a","in":{"v":[1,2]}}""");
        test.AssertSound();

        await test.WriteAsync(transaction =>
        {
            var key = (byte[])[.. KeyLayout.IndexPrefix(c.ContentsId, index.Id), .. Convert.FromHexString("3080000000000000008000" + "1B0080")];
            Assert.True(transaction.Storage.TryGet(key, out var value));
            var changed = value.ToArray();
            changed[^1] ^= 1;
            transaction.Storage.Put(key, changed);
            return 0;
        });

        Assert.StartsWith("c/a: its entry in index ", GeoFabric.Database.Verification.FabricVerifier.Verify(test.Fabric).Disagreements[0], StringComparison.Ordinal);
    }

    /// <summary>Golden bytes: smallest number, step, distance, numbers from the lowest bit on.</summary>
    [Fact]
    public void A_code_is_laid_out_as_it_is_said()
    {
        Assert.Equal("0000803F0000803F01000000" + "F021", Convert.ToHexString(VectorCode.Write([1, 16, 2, 3], 4)));
        Assert.Equal("000000000000803F01000000" + "00FF", Convert.ToHexString(VectorCode.Write([0, 255], 8)));
        Assert.Equal("000000000000803F01000000" + "C10F10", Convert.ToHexString(VectorCode.Write([1, 63, 0, 4], 6)));
        Assert.Equal("000000000000803F01000000" + "0000FFFF0201", Convert.ToHexString(VectorCode.Write([0, 65535, 258], 16)));
        Assert.Empty(VectorCode.Write([0, 1e39], 8));
    }

    [Fact]
    public void What_a_code_says_of_its_vector_is_true_and_it_is_never_said_to_be_farther_than_it_is()
    {
        var random = new Random(5);
        foreach (var (dimension, scale, shift) in new[] { (1, 1.0, 0.0), (2, 1e-30, 0), (3, 1e25, 0), (17, 1, 1000), (96, 0.01, -3), (384, 1, 0), (1000, 5, 0) })
        {
            foreach (var bits in VectorSettings.CodeSizes)
            {
                for (var round = 0; round < 20; round++)
                {
                    var vector = Enumerable.Range(0, dimension).Select(_ => shift + (scale * (random.NextDouble() - 0.5))).ToArray();
                    // Near to it, so that nothing is to spare, or anywhere.
                    var target = vector.Select(number => round % 2 == 0 ? number + (1e-4 * scale * (random.NextDouble() - 0.5)) : shift + (scale * (random.NextDouble() - 0.5))).ToArray();
                    var code = VectorCode.Write(vector, bits);
                    var numbers = new float[dimension];
                    var most = VectorCode.Read(code, bits, numbers, out var greatest);
                    var distance = Math.Sqrt(vector.Zip(numbers, (a, b) => (a - b) * (a - b)).Sum());
                    Assert.InRange(distance, 0, most);
                    Assert.All(numbers, number => Assert.InRange(Math.Abs(number), 0, greatest));
                    Assert.True(bits < 16 || scale < 1e-20 || distance <= (scale * Math.Sqrt(dimension) / 65535) + (Math.Abs(shift) * dimension * 1e-6));
                    foreach (var metric in VectorSettings.Metrics)
                        AssertBound(metric, bits, vector, target);
                }
            }
        }
    }

    private static void AssertBound(string metric, int bits, double[] vector, double[] target)
    {
        static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
        var kept = metric == VectorSettings.Cosine ? [.. vector.Select(number => number / Math.Sqrt(Dot(vector, vector)))] : vector;
        var bound = new VectorBound(new VectorSettings(metric, vector.Length, 1) { CodeBits = bits }, target).Of(VectorCode.Write(kept, bits));
        switch (metric)
        {
            case VectorSettings.Euclidean:
                Assert.True(bound <= Math.Sqrt(vector.Zip(target, (a, b) => (a - b) * (a - b)).Sum()), $"{metric} {bits} {vector.Length}");
                break;
            case VectorSettings.Cosine:
                Assert.True(bound >= Dot(vector, target) / Math.Sqrt(Dot(vector, vector) * Dot(target, target)), $"{metric} {bits} {vector.Length}");
                break;
            default:
                Assert.True(bound >= Dot(vector, target), $"{metric} {bits} {vector.Length}");
                break;
        }
    }

    private static List<byte[]> Codes(TestFabric test, CollectionDefinition c, IndexDefinition index)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.ScanIndex(c, index, new IndexRange([]));
        var codes = new List<byte[]>();
        while (cursor.MoveNext())
            codes.Add(cursor.Covered.ToArray());
        return codes;
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
        var index = await CreateAsync(first, new VectorSettings(VectorSettings.InnerProduct, 2, 4, Probes: 2) { CodeBits = 8 });
        await group.DeliverAllAsync();

        var there = second.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.Kind == IndexKind.Vector);
        Assert.Equal(index.Centroids.AsEnumerable(), there.Centroids);
        Assert.Equal(index.Vector, there.Vector);
        while (second.Fabric.Catalog.GetCollection("c").FindIndex(there.Id)!.IsBuilding)
            await Task.Delay(5);
        foreach (var list in Enumerable.Range(0, 4))
            Assert.Equal(Scan(first, c, index, list), Scan(second, second.Fabric.Catalog.GetCollection("c"), there, list));
        var codes = Codes(first, c, index);
        Assert.All(codes, code => Assert.Equal(VectorCode.SizeOf(2, 8), code.Length));
        Assert.Equal(codes.Select(Convert.ToHexString), Codes(second, second.Fabric.Catalog.GetCollection("c"), there).Select(Convert.ToHexString));
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
