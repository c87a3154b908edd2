using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>How many entries an index is said to have in a range.</summary>
public sealed class IndexEstimateTests
{
    [Fact]
    public async Task A_range_of_few_entries_is_counted()
    {
        await using var test = await TestFabric.OpenAsync();
        var (c, index) = await FillAsync(test, 5000);

        Assert.Equal(99, Estimate(test, c, index, At(10), At(108)));
        Assert.Equal(0, Estimate(test, c, index, At(6000), null));
    }

    [Theory]
    [InlineData(1, 2500, 2500)]
    [InlineData(1000, 5000, 4001)]
    [InlineData(1000, 1500, 501)]
    public async Task A_range_of_many_entries_is_known_to_a_few_percent_of_the_index(int from, int to, int expected)
    {
        await using var test = await TestFabric.OpenAsync();
        var (c, index) = await FillAsync(test, 5000);

        Assert.InRange(Estimate(test, c, index, At(from), At(to))!.Value, expected - 100, expected + 100);
    }

    [Fact]
    public async Task A_value_that_most_documents_have_is_told_from_a_rare_one()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "v")).Definition;
        await InsertAsync(test, c, 0, 5000, i => i % 50 == 0 ? i : -1);
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);

        Assert.InRange(snapshot.EstimateEntries(c, index, new IndexRange([Value.FromInteger(-1)]))!.Value, 4800, 5000);
        Assert.Equal(1, snapshot.EstimateEntries(c, index, new IndexRange([Value.FromInteger(50)])));
    }

    [Fact]
    public async Task A_histogram_is_read_again_when_the_index_has_grown_by_a_fifth()
    {
        await using var test = await TestFabric.OpenAsync();
        var (c, index) = await FillAsync(test, 1000);
        Assert.InRange(Estimate(test, c, index, At(1), At(500))!.Value, 450, 550);

        await InsertAsync(test, c, 1000, 4000, _ => 700);

        Assert.InRange(Estimate(test, c, index, At(600), At(800))!.Value, 3900, 4500);
    }

    [Fact]
    public async Task Analyzing_makes_the_version_grow_and_forgets_contents_that_are_gone()
    {
        await using var test = await TestFabric.OpenAsync();
        var (c, index) = await FillAsync(test, 1000);
        long before;
        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
            before = snapshot.StatisticsVersion;

        Assert.Equal(1, test.Fabric.Analyze(test.Scope, c));

        using var later = test.Fabric.OpenSnapshot(test.Scope);
        Assert.True(later.StatisticsVersion > before);
        Assert.InRange(later.EstimateEntries(c, index, new IndexRange([], At(1), At(500)))!.Value, 450, 550);
    }

    private static IndexBound At(int value) => new(Value.FromInteger(value), IsInclusive: true);

    private static double? Estimate(TestFabric test, CollectionDefinition c, IndexDefinition index, IndexBound? lower, IndexBound? upper)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        return snapshot.EstimateEntries(c, index, new IndexRange([], lower, upper));
    }

    private static async Task<(CollectionDefinition Collection, IndexDefinition Index)> FillAsync(TestFabric test, int documents)
    {
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "v")).Definition;
        await InsertAsync(test, c, 0, documents, i => i + 1);
        return (c, index);
    }

    private static Task InsertAsync(TestFabric test, CollectionDefinition c, int first, int count, Func<int, int> valueOf) => test.WriteAsync(transaction =>
    {
        for (var i = first; i < first + count; i++)
            transaction.Insert(c, TestFabric.Json($$"""{"v":{{valueOf(i)}}}"""), InsertOptions.Default);
        return 0;
    });
}
