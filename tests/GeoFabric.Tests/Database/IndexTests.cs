using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

public sealed class IndexTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ranges_over_one_field_are_exact_in_both_directions(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "v")).Definition;
        var values = new[] { "null", "true", "-5", "0", "1.5", "2", "10", "\"\"", "\"a\"", "\"b\"", "[1]", """{"x":1}""" };
        for (var i = 0; i < values.Length; i++)
            await test.InsertAsync(c, $$"""{"_key":"{{(char)('a' + i)}}","v":{{values[i]}}}""");
        await test.InsertAsync(c, """{"_key":"z"}""");

        Assert.Equal("az bcdefghijkl".Replace(" ", "", StringComparison.Ordinal), string.Concat(test.Scan(c, index, IndexRange.All)));
        for (var low = 0; low < values.Length; low++)
        {
            for (var high = 0; high < values.Length; high++)
            {
                foreach (var (lowIncluded, highIncluded) in new[] { (true, true), (true, false), (false, true), (false, false) })
                {
                    var range = new IndexRange([], new IndexBound(TestFabric.Json(values[low]), lowIncluded), new IndexBound(TestFabric.Json(values[high]), highIncluded));
                    var expected = Enumerable.Range(0, values.Length)
                        .Where(i => (i > low || (i == low && lowIncluded)) && (i < high || (i == high && highIncluded)))
                        .SelectMany(i => i == 0 ? "az" : ((char)('a' + i)).ToString()).ToArray();
                    Assert.Equal(expected, test.Scan(c, index, range).Select(key => key[0]));
                    Assert.Equal(expected.Reverse(), test.Scan(c, index, range, ScanDirection.Backward).Select(key => key[0]));
                }
            }
        }
        test.AssertSound();
    }

    [Fact]
    public async Task An_index_that_several_ask_for_at_the_same_time_is_made_once_and_told_to_all()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await test.CreateAsync("c");

        for (var round = 0; round < 20; round++)
        {
            var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => test.IndexAsync("c", "persistent", $"a{round}"))));
            Assert.Single(made, creation => creation.IsNew);
            Assert.Single(made.Select(creation => creation.Definition.Id).Distinct());
        }
    }

    [Fact]
    public async Task Equal_first_fields_and_a_range_on_the_next()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "city", "age")).Definition;
        await test.InsertAsync(c, """{"_key":"a","city":"Oslo","age":30}""");
        await test.InsertAsync(c, """{"_key":"b","city":"Oslo","age":40}""");
        await test.InsertAsync(c, """{"_key":"c","city":"Oslo"}""");
        await test.InsertAsync(c, """{"_key":"d","city":"Rome","age":35}""");

        Assert.Equal(["c", "a", "b"], test.Scan(c, index, new IndexRange([Value.FromString("Oslo")])));
        Assert.Equal(["b"], test.Scan(c, index, new IndexRange([Value.FromString("Oslo")], new IndexBound(Value.FromInteger(30), false))));
        Assert.Equal(["d"], test.Scan(c, index, new IndexRange([Value.FromString("Rome"), Value.FromInteger(35)])));
        Assert.Equal(["b", "a", "c"], test.Scan(c, index, new IndexRange([Value.FromString("Oslo")]), ScanDirection.Backward));
    }

    [Fact]
    public async Task A_cursor_gives_fields_without_the_document()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "city", "age")).Definition;
        await test.InsertAsync(c, """{"_key":"a","city":"Århus","age":1.5}""");
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.ScanIndex(c, index, IndexRange.All);

        Assert.True(cursor.MoveNext());
        Assert.True(cursor.TryGetField(1, out var age));
        Assert.True(cursor.TryGetField(0, out var city));

        Assert.Equal(1.5, age.Number);
        Assert.Equal("Århus", city.Text);
    }

    [Fact]
    public async Task A_sparse_index_leaves_out_documents_with_null_in_any_field()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["a", "b"]) { IsSparse = true })).Definition;
        await test.InsertAsync(c, """{"_key":"a","a":1,"b":1}""");
        await test.InsertAsync(c, """{"_key":"b","a":1,"b":null}""");
        await test.InsertAsync(c, """{"_key":"c","b":1}""");

        Assert.Equal(["a"], test.Scan(c, index, IndexRange.All));
        await test.UpdateAsync(c, "b", """{"b":0}""");
        await test.UpdateAsync(c, "a", """{"b":null}""");
        Assert.Equal(["b"], test.Scan(c, index, IndexRange.All));
        test.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unique_index_reports_1210_with_index_and_key(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["email"]) { IsUnique = true, Name = "byEmail" });
        await test.InsertAsync(c, """{"_key":"a","email":"x"}""");
        await test.InsertAsync(c, """{"_key":"b"}""");

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, """{"_key":"c","email":"x"}"""));
        Assert.Equal(1210, error.ErrorNumber);
        Assert.Contains("byEmail", error.Message, StringComparison.Ordinal);
        Assert.Contains("conflicting key: a", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, """{"_key":"d","email":null}"""));
        await Assert.ThrowsAsync<GeoFabricException>(() => test.UpdateAsync(c, "b", """{"email":"x"}"""));

        await test.UpdateAsync(c, "a", """{"email":"y"}""");
        await test.UpdateAsync(c, "b", """{"email":"x"}""");
        await test.UpdateAsync(c, "b", """{"other":1}""");
        await test.RemoveAsync(c, "b");
        await test.InsertAsync(c, """{"_key":"e","email":"x"}""");
        test.AssertSound();
    }

    [Fact]
    public async Task An_array_index_has_an_entry_per_item()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "tags[*]")).Definition;
        var nested = (await test.IndexAsync("c", "persistent", "items[*].name", "n")).Definition;
        await test.InsertAsync(c, """{"_key":"a","tags":["x","y","x"],"items":[{"name":"p"},{"name":"q"},{}],"n":1}""");
        await test.InsertAsync(c, """{"_key":"b","tags":[],"items":5}""");
        await test.InsertAsync(c, """{"_key":"c","tags":"x"}""");

        Assert.Equal(["a", "a"], test.Scan(c, index, IndexRange.All));
        Assert.Equal(["a"], test.Scan(c, index, new IndexRange([Value.FromString("x")])));
        Assert.Equal(["a", "a", "a"], test.Scan(c, nested, IndexRange.All));
        Assert.Equal(["a"], test.Scan(c, nested, new IndexRange([Value.Null])));
        await test.UpdateAsync(c, "a", """{"tags":["y","z"]}""");
        Assert.Empty(test.Scan(c, index, new IndexRange([Value.FromString("x")])));
        Assert.Equal(["a"], test.Scan(c, index, new IndexRange([Value.FromString("z")])));
        test.AssertSound();
    }

    [Fact]
    public async Task A_unique_array_index_may_count_repeated_items_as_a_violation()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["a[*]"]) { IsUnique = true });
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["b[*]"]) { IsUnique = true, Deduplicate = false });

        await test.InsertAsync(c, """{"a":[1,1]}""");
        await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, """{"b":[1,1]}"""));
        await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, """{"a":[2,1]}"""));
        await test.InsertAsync(c, """{"a":[2],"b":[1,2]}""");
        test.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Long_values_are_cut_and_still_found_exactly(bool isUnique)
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        var index = (await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["t", "n"]) { IsUnique = isUnique })).Definition;
        var common = new string('x', 600);
        for (var i = 0; i < 9; i++)
            await test.InsertAsync(c, $$"""{"_key":"k{{i}}","t":"{{common}}{{i / 3}}","n":{{i % 3}}}""");
        await test.InsertAsync(c, """{"_key":"short","t":"x","n":0}""");
        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
            Assert.True(snapshot.HasTruncatedEntries(c, index));

        Assert.Equal(["k3", "k4", "k5"], test.Scan(c, index, new IndexRange([Value.FromString(common + "1")])).Order());
        Assert.Equal(["k4"], test.Scan(c, index, new IndexRange([Value.FromString(common + "1"), Value.FromInteger(1)])));
        Assert.Empty(test.Scan(c, index, new IndexRange([Value.FromString(common + "7")])));
        Assert.Equal(["k6", "k7", "k8"], test.Scan(c, index, new IndexRange([], new IndexBound(Value.FromString(common + "1"), false))).Order());
        Assert.Equal(["k0", "k1", "k2", "short"], test.Scan(c, index, new IndexRange([], null, new IndexBound(Value.FromString(common + "1"), false))).Order());
        Assert.Equal(10, test.Scan(c, index, IndexRange.All).Count);
        if (isUnique)
            Assert.Equal(1210, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, $$"""{"t":"{{common}}1","n":1}"""))).ErrorNumber);
        test.AssertSound();
        for (var i = 0; i < 9; i++)
            await test.RemoveAsync(c, $"k{i}");
        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
            Assert.False(snapshot.HasTruncatedEntries(c, index));
        test.AssertSound();
    }

    [Fact]
    public async Task Edge_indexes_find_edges_from_both_ends()
    {
        await using var test = await TestFabric.OpenAsync();
        var knows = await test.CreateAsync("knows", CollectionType.Edge);
        await test.InsertAsync(knows, """{"_key":"a","_from":"p/1","_to":"p/2"}""");
        await test.InsertAsync(knows, """{"_key":"b","_from":"p/1","_to":"p/3"}""");
        await test.InsertAsync(knows, """{"_key":"c","_from":"p/2","_to":"p/1"}""");

        Assert.Equal([IndexKind.Primary, IndexKind.Edge, IndexKind.Edge], knows.Indexes.Select(index => index.Kind));
        Assert.Equal(["a", "b"], test.Scan(knows, knows.Indexes[1], new IndexRange([Value.FromString("p/1")])));
        Assert.Equal(["c"], test.Scan(knows, knows.Indexes[2], new IndexRange([Value.FromString("p/1")])));
        await test.UpdateAsync(knows, "b", """{"_from":"p/2"}""");
        Assert.Equal(["b", "c"], test.Scan(knows, knows.Indexes[1], new IndexRange([Value.FromString("p/2")])));
        test.AssertSound();
    }

    [Fact]
    public async Task The_primary_index_takes_bounds_that_are_no_keys()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        foreach (var key in new[] { "B", "a", "A", "b", "10", "9", "a-b", "ab" })
            await test.InsertAsync(c, $$"""{"_key":"{{key}}"}""");
        var all = test.Scan(c, IndexDefinition.Primary, IndexRange.All);
        Assert.Equal(8, all.Count);
        for (var i = 1; i < all.Count; i++)
            Assert.True(StringCollation.Compare(TestFabric.Key(all[i - 1]), TestFabric.Key(all[i])) < 0);

        foreach (var bound in new[] { "a", "A", "a b", "ä", "", "zz", "9", "a-b" })
        {
            var value = Value.FromString(bound);
            List<string> Where(Func<int, bool> fits) => [.. all.Where(key => fits(StringCollation.Compare(TestFabric.Key(key), value.Utf8)))];
            Assert.Equal(Where(order => order > 0), test.Scan(c, IndexDefinition.Primary, new IndexRange([], new IndexBound(value, false))));
            Assert.Equal(Where(order => order >= 0), test.Scan(c, IndexDefinition.Primary, new IndexRange([], new IndexBound(value, true))));
            Assert.Equal(Where(order => order < 0), test.Scan(c, IndexDefinition.Primary, new IndexRange([], null, new IndexBound(value, false))));
            Assert.Equal(Where(order => order <= 0), test.Scan(c, IndexDefinition.Primary, new IndexRange([], null, new IndexBound(value, true))));
            Assert.Equal(Where(order => order == 0), test.Scan(c, IndexDefinition.Primary, new IndexRange([value])));
        }
        Assert.Empty(test.Scan(c, IndexDefinition.Primary, new IndexRange([], null, new IndexBound(Value.FromInteger(5), true))));
        Assert.Equal(8, test.Scan(c, IndexDefinition.Primary, new IndexRange([], new IndexBound(Value.FromInteger(5), true))).Count);
        Assert.Empty(test.Scan(c, IndexDefinition.Primary, new IndexRange([Value.FromInteger(9)])));
    }

    [Theory]
    [InlineData("""{"other":2}""")]
    [InlineData("""{"text":"Zoë","number":1.0}""")]
    [InlineData("""{"text":"Zoé"}""")]
    [InlineData("""{"number":-0.0}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"list":["b","a"]}""")]
    [InlineData("""{"inner":{"x":2}}""")]
    [InlineData("""{"at":20}""")]
    public async Task An_update_moves_the_entries_whose_fields_it_changes_and_no_others(string patch)
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.IndexAsync("c", "persistent", "text", "number");
        await test.IndexAsync("c", "persistent", "list[*]");
        await test.IndexAsync("c", "persistent", "inner");
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("persistent", ["text"]) { IsUnique = true, IsSparse = true });
        await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("ttl", ["at"]) { ExpireAfterSeconds = 1e9 });
        await test.InsertAsync(c, """{"_key":"other","text":"Zoe","number":0}""");
        await test.InsertAsync(c, """{"_key":"k","text":"Zoë","number":1,"list":["a","b"],"inner":{"x":1},"at":10}""");

        await test.UpdateAsync(c, "k", patch);

        test.AssertSound();
        await Assert.ThrowsAsync<GeoFabricException>(() => test.UpdateAsync(c, "k", """{"text":"Zoe"}"""));
        test.AssertSound();
    }

    [Theory]
    [InlineData(300, 1)]
    [InlineData(300, 50)]
    [InlineData(5000, 7)]
    [InlineData(5000, 1000)]
    [InlineData(5000, 5000)]
    public async Task Selectivity_is_near_distinct_values_per_entry(int documents, int distinct)
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "v")).Definition;
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < documents; i++)
                transaction.Insert(c, TestFabric.Json($$"""{"v":"value {{i % distinct}}"}"""), InsertOptions.Default);
            return 0;
        });

        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        var estimate = snapshot.EstimateSelectivity(c, index);

        Assert.InRange(estimate, 0.4 * distinct / documents, Math.Min(1, 2.5 * distinct / documents));
        test.AssertSound();
    }
}
