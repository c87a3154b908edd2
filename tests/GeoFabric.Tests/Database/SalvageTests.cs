using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Salvage;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>What a removed region wrote and nobody got, written again in another one.</summary>
public sealed class SalvageTests
{
    private const string Collections = "c";

    [Fact]
    public async Task What_only_the_removed_region_had_is_in_all_others_afterwards()
    {
        await using var group = await BeginAsync("""{"_key":"kept","a":1,"n":5,"tags":["x"]}""", """{"_key":"gone"}""");
        var removed = group.Regions[2];
        await removed.InsertAsync(C(removed), """{"_key":"new","a":"first","o":{"p":1}}""");
        await removed.UpdateAsync(C(removed), "new", """{"a":"second","o":{"q":2}}""");
        await removed.UpdateAsync(C(removed), "kept", """{"a":2}""");
        await IncrementAsync(removed, "kept", "n", 3);
        await AppendAsync(removed, "kept", "tags", "y", "z");
        await AppendAsync(removed, "kept", "tags", "last");
        await removed.ReplaceAsync(C(removed), "new", """{"a":"third","o":{"p":1,"q":2}}""");
        await removed.RemoveAsync(C(removed), "gone");

        var result = await SalvageAsync(group, into: 0);

        Assert.Equal((0, 0), (result.Counts.Journalled, result.Counts.Known));
        foreach (var region in group.Regions.Take(2))
        {
            Assert.Equal("""{"_key":"kept","a":2,"n":8,"tags":["x","y","z","last"]}""", region.Read(C(region), "kept"));
            Assert.Equal("{_key:\"new\",a:\"third\",o:{p:1,q:2}}", ReplicaGroup.Sorted(TestFabric.Json(region.Read(C(region), "new")!)));
            Assert.Null(region.Read(C(region), "gone"));
            region.AssertSound();
        }
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
        Assert.Equal("", group.Journal(0));
    }

    [Fact]
    public async Task Again_and_at_another_region_it_changes_nothing()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":5}""");
        await IncrementAsync(group.Regions[2], "k", "n", 3);
        await SalvageAsync(group, into: 0);
        var after = group.Describe(0, withMetadata: false);

        var again = await SalvageAsync(group, into: 0);
        var elsewhere = await SalvageAsync(group, into: 1);

        Assert.Equal((default(SalvageCounts), default(SalvageCounts)), (again.Counts, elsewhere.Counts));
        Assert.Equal(after, group.Describe(0, withMetadata: false));
        Assert.Equal(after, group.Describe(1, withMetadata: false));
    }

    [Fact]
    public async Task Two_regions_that_take_it_over_at_the_same_time_count_it_once()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":5}""");
        await IncrementAsync(group.Regions[2], "k", "n", 3);

        await SalvageAsync(group, into: 0, delivers: false);
        await SalvageAsync(group, into: 1, delivers: false);
        await DeliverAsync(group);

        foreach (var region in group.Regions.Take(2))
            Assert.Equal("""{"_key":"k","n":8}""", region.Read(C(region), "k"));
    }

    [Fact]
    public async Task A_request_sent_again_elsewhere_counts_once()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":0}""");
        await IncrementAsync(group.Regions[2], "k", "n", 1, request: 7);
        await IncrementAsync(group.Regions[2], "k", "n", 10, request: 8);
        await IncrementAsync(group.Regions[2], "k", "n", 100);
        await IncrementAsync(group.Regions[1], "k", "n", 1, request: 7);
        await DeliverAsync(group);

        var result = await SalvageAsync(group, into: 0);

        Assert.Equal((2, 1), (result.Counts.Taken, result.Counts.Known));
        foreach (var region in group.Regions.Take(2))
            Assert.Equal("""{"_key":"k","n":111}""", region.Read(C(region), "k"));
        // And sent again later it is known everywhere.
        await Assert.ThrowsAsync<RequestAppliedException>(() => IncrementAsync(group.Regions[1], "k", "n", 10, request: 8));
    }

    [Fact]
    public async Task A_request_whose_other_answer_may_be_forgotten_goes_to_the_journal()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":0}""");
        await IncrementAsync(group.Regions[2], "k", "n", 1, request: 7);
        foreach (var region in group.Regions)
            region.Clock.Advance(TimeSpan.FromHours(25));

        var result = await SalvageAsync(group, into: 0);

        Assert.Equal((0, 1), (result.Counts.Taken, result.Counts.Journalled));
        Assert.Equal("""{"_key":"k","n":0}""", group.Regions[0].Read(C(group.Regions[0]), "k"));
        Assert.Contains("rule:\"salvage\"", group.Journal(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_taken_back_there_stays_taken_back()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":0}""");
        await IncrementAsync(group.Regions[1], "k", "n", 1, request: 7);
        group.Regions[2].Clock.Advance(TimeSpan.FromSeconds(1));
        await IncrementAsync(group.Regions[2], "k", "n", 1, request: 7);
        // It still hears the others, and takes its own back.
        await group.DeliverAsync(1, 2);
        await DeliverAsync(group);

        await SalvageAsync(group, into: 0);

        foreach (var region in group.Regions.Take(2))
            Assert.Equal("""{"_key":"k","n":1}""", region.Read(C(region), "k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Later_writes_of_others_stay_and_what_loses_is_in_the_journal(bool isForgotten)
    {
        await using var group = await BeginAsync("""{"_key":"set","a":0}""", """{"_key":"deleted","a":0}""", """{"_key":"whole","a":0}""");
        var (living, removed) = (group.Regions[1], group.Regions[2]);
        await removed.UpdateAsync(C(removed), "set", """{"a":"older"}""");
        await removed.RemoveAsync(C(removed), "whole");
        await removed.InsertAsync(C(removed), """{"_key":"both","a":"older"}""");
        await removed.UpdateAsync(C(removed), "deleted", """{"a":"lost"}""");
        living.Clock.Advance(TimeSpan.FromSeconds(1));
        await living.UpdateAsync(C(living), "set", """{"a":"later"}""");
        await living.UpdateAsync(C(living), "whole", """{"a":"later"}""");
        await living.InsertAsync(C(living), """{"_key":"both","a":"later"}""");
        await living.RemoveAsync(C(living), "deleted");
        await DeliverAsync(group);
        if (isForgotten)
            await ForgetAsync(group);

        var result = await SalvageAsync(group, into: 0);

        Assert.Equal((0, 4), (result.Counts.Taken, result.Counts.Journalled));
        foreach (var region in group.Regions.Take(2))
        {
            Assert.Equal("""{"_key":"set","a":"later"}""", region.Read(C(region), "set"));
            Assert.Equal("""{"_key":"whole","a":"later"}""", region.Read(C(region), "whole"));
            Assert.Equal("""{"_key":"both","a":"later"}""", region.Read(C(region), "both"));
            Assert.Null(region.Read(C(region), "deleted"));
        }
        Assert.Contains("lost:\"older\"", group.Journal(0), StringComparison.Ordinal);
        Assert.Contains("lost:\"lost\"", group.Journal(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Increments_count_beside_those_of_others(bool isForgotten)
    {
        await using var group = await BeginAsync("""{"_key":"k","n":5,"m":1}""");
        await IncrementAsync(group.Regions[2], "k", "n", 3);
        await group.Regions[2].UpdateAsync(C(group.Regions[2]), "k", """{"m":50}""");
        await IncrementAsync(group.Regions[2], "k", "m", 2);
        await IncrementAsync(group.Regions[0], "k", "n", 10);
        await DeliverAsync(group);
        if (isForgotten)
            await ForgetAsync(group);

        await SalvageAsync(group, into: 1);

        foreach (var region in group.Regions.Take(2))
            Assert.Contains("\"n\":18", region.Read(C(region), "k"), StringComparison.Ordinal);
        Assert.Equal(group.Describe(0, withMetadata: false), group.Describe(1, withMetadata: false));
    }

    [Fact]
    public async Task An_assignment_contains_the_increments_before_it()
    {
        await using var group = await BeginAsync("""{"_key":"k","n":5}""");
        await IncrementAsync(group.Regions[2], "k", "n", 3);
        await group.Regions[2].UpdateAsync(C(group.Regions[2]), "k", """{"n":100}""");
        await IncrementAsync(group.Regions[2], "k", "n", 1);

        await SalvageAsync(group, into: 0);

        foreach (var region in group.Regions.Take(2))
            Assert.Equal("""{"_key":"k","n":101}""", region.Read(C(region), "k"));
    }

    [Fact]
    public async Task Collections_and_indexes_made_there_are_made_here_and_dropped_ones_are_told()
    {
        await using var group = await BeginAsync("""{"_key":"k"}""");
        var removed = group.Regions[2];
        await removed.CreateAsync("made");
        await removed.InsertAsync(removed.Fabric.Catalog.GetCollection("made"), """{"_key":"x"}""");
        await removed.IndexAsync("made", "persistent", "a");
        await removed.Fabric.DropCollectionAsync(removed.Scope, Collections);

        var result = await SalvageAsync(group, into: 0);

        foreach (var region in group.Regions.Take(2))
        {
            var made = region.Fabric.Catalog.GetCollection("made");
            Assert.Equal("""{"_key":"x"}""", region.Read(made, "x"));
            Assert.Contains(made.Indexes, index => index.Kind == IndexKind.Persistent);
            Assert.Equal("""{"_key":"k"}""", region.Read(C(region), "k"));
        }
        Assert.Contains("dropped collection", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_unique_index_does_not_allow_goes_to_the_journal_and_the_rest_of_its_transaction_is_taken()
    {
        await using var group = await BeginAsync("""{"_key":"k"}""");
        var (living, removed) = (group.Regions[0], group.Regions[2]);
        await removed.WriteAsync(transaction =>
        {
            transaction.Insert(C(removed), TestFabric.Json("""{"_key":"one","mail":"a@b"}"""), InsertOptions.Default);
            return transaction.Insert(C(removed), TestFabric.Json("""{"_key":"two","mail":"c@d"}"""), InsertOptions.Default).Outcome;
        });
        await living.Fabric.CreateIndexAsync(living.Scope, Collections, new IndexSettings("persistent", ["mail"]) { IsUnique = true });
        await living.InsertAsync(C(living), """{"_key":"mine","mail":"a@b"}""");
        await DeliverAsync(group);

        var result = await SalvageAsync(group, into: 0);

        Assert.Equal((1, 1), (result.Counts.Taken, result.Counts.Journalled));
        Assert.Null(living.Read(C(living), "one"));
        Assert.Equal("""{"_key":"two","mail":"c@d"}""", living.Read(C(living), "two"));
        Assert.Contains("key:\"one\"", group.Journal(0), StringComparison.Ordinal);
        Assert.Contains("mail", Assert.Single(result.Notes), StringComparison.Ordinal);
        living.AssertSound();
    }

    [Fact]
    public async Task Nothing_is_taken_before_all_that_counts_has_come()
    {
        await using var group = await BeginAsync("""{"_key":"k"}""");
        await group.Regions[2].UpdateAsync(C(group.Regions[2]), "k", """{"a":1}""");
        await group.DeliverAsync(2, 1);
        var source = SourceOf(group) with { End = group.Regions[2].Fabric.Replica.ReadState().LastSequence };

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => group.Regions[0].Fabric.Salvage.TakeAsync(source, []));

        Assert.Equal(ErrorCodes.RegionUnavailable, error.Code);
    }

    /// <summary>Three regions with documents in a collection; from here on nobody gets what the third one writes.</summary>
    private static async Task<ReplicaGroup> BeginAsync(params string[] documents)
    {
        var group = await ReplicaGroup.OpenAsync(3);
        await group.Regions[0].CreateAsync(Collections);
        await group.DeliverAllAsync();
        foreach (var document in documents)
            await group.Regions[0].InsertAsync(C(group.Regions[0]), document);
        await group.DeliverAllAsync();
        return group;
    }

    private static CollectionDefinition C(TestFabric region) => region.Fabric.Catalog.GetCollection(Collections);

    private static SalvageSource SourceOf(ReplicaGroup group)
    {
        var origin = group.Regions[2].Fabric.Replica.Origin;
        var end = group.Regions.Take(2).Max(region => region.Fabric.Replica.ReadState().Vector.PositionOf(origin).Sequence);
        return new SalvageSource(origin, "third", end, region => region is 1 or 2);
    }

    private static async Task<SalvageResult> SalvageAsync(ReplicaGroup group, int into, bool delivers = true)
    {
        var source = SourceOf(group);
        var records = group.Regions[2].Fabric.Salvage.ReadOwn(source.End + 1, int.MaxValue);
        var result = await group.Regions[into].Fabric.Salvage.TakeAsync(source, records);
        if (delivers)
            await DeliverAsync(group);
        return result;
    }

    private static async Task DeliverAsync(ReplicaGroup group)
    {
        while (await group.DeliverAsync(0, 1) + await group.DeliverAsync(1, 0) > 0)
        {
        }
    }

    /// <summary>The two that are left have all of each other, and nothing to wait for.</summary>
    private static async Task ForgetAsync(ReplicaGroup group)
    {
        foreach (var region in group.Regions.Take(2))
            await region.Fabric.Replica.AdvanceStableAsync(region.Fabric.LastTimestamp);
    }

    private static Task IncrementAsync(TestFabric region, string key, string name, long by, int request = 0) => region.Fabric.WriteAsync(
        region.Scope,
        request == 0 ? null : new WriteRequest((UInt128)request, 0),
        transaction =>
        {
            Assert.True(transaction.TryGetDocument(C(region), TestFabric.Key(key), out var document));
            var sum = document.GetAttribute(TestFabric.Key(name)).Integer + by;
            return transaction.Update(C(region), TestFabric.Key(key), TestFabric.Json($$"""{"{{name}}":{{sum}}}"""), UpdateOptions.Default with
            {
                Operations = [new AttributeOperation([name], AttributeOperationKind.Increment, Value.FromInteger(by))],
            }).Outcome;
        });

    private static Task AppendAsync(TestFabric region, string key, string name, params string[] values) => region.WriteAsync(transaction =>
    {
        Assert.True(transaction.TryGetDocument(C(region), TestFabric.Key(key), out var document));
        var items = new List<string>();
        foreach (var item in document.GetAttribute(TestFabric.Key(name)).Items)
            items.Add(item.ToString());
        var added = values.Select(value => $"\"{value}\"").ToList();
        return transaction.Update(C(region), TestFabric.Key(key), TestFabric.Json($$"""{"{{name}}":[{{string.Join(',', items.Concat(added))}}]}"""), UpdateOptions.Default with
        {
            Operations = [new AttributeOperation([name], AttributeOperationKind.Append, TestFabric.Json($"[{string.Join(',', added)}]"))],
        }).Outcome;
    });
}
