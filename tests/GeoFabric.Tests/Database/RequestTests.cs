using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

/// <summary>Requests that clients send again, at the same region or at another one, happen once.</summary>
public sealed class RequestTests
{
    private static readonly WriteRequest First = new(1, 100);

    [Fact]
    public async Task A_request_sent_again_writes_nothing_and_tells_what_came_of_it()
    {
        await using var fabric = await TestFabric.OpenAsync();
        var collection = await fabric.CreateAsync("c");
        await fabric.Fabric.WriteAsync(fabric.Scope, First, transaction => transaction.Insert(collection, TestFabric.Json("""{"_key":"a"}"""), InsertOptions.Default).Outcome);
        await fabric.Fabric.Requests.StoreAnswerAsync(fabric.Scope, First.Id, "the answer", TestContext.Current.CancellationToken);

        var replay = await Assert.ThrowsAsync<RequestAppliedException>(() => fabric.Fabric.WriteAsync(
            fabric.Scope, First, transaction => transaction.Insert(collection, TestFabric.Json("""{"_key":"b"}"""), InsertOptions.Default).Outcome));

        Assert.Equal(("c", "a", "the answer"), (replay.Outcome.Collection, replay.Outcome.Key, replay.Outcome.Answer));
        Assert.Equal(fabric.Revision(collection, "a"), replay.Outcome.Revision.ToString());
        Assert.Null(fabric.Read(collection, "b"));
        Assert.Equal(replay.Outcome, fabric.Fabric.Requests.Find(fabric.Scope, First));
    }

    [Fact]
    public async Task A_request_that_failed_may_be_sent_again()
    {
        await using var fabric = await TestFabric.OpenAsync();
        var collection = await fabric.CreateAsync("c");
        await Assert.ThrowsAsync<GeoFabricException>(() => Update(fabric, collection, First));
        await fabric.InsertAsync(collection, """{"_key":"k","n":1}""");

        await Update(fabric, collection, First);

        Assert.Equal("""{"_key":"k","n":2}""", fabric.Read(collection, "k"));
    }

    [Fact]
    public async Task An_id_used_for_another_request_is_refused()
    {
        await using var fabric = await TestFabric.OpenAsync();
        var collection = await fabric.CreateAsync("c");
        await fabric.InsertAsync(collection, """{"_key":"k","n":1}""");
        await Update(fabric, collection, First);

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => Update(fabric, collection, First with { Digest = 101 }));

        Assert.Equal(ErrorCodes.RequestIdReused, error.Code);
        Assert.Equal(ErrorCodes.RequestIdReused, Assert.Throws<GeoFabricException>(() => fabric.Fabric.Requests.Find(fabric.Scope, First with { Digest = 101 })).Code);
        Assert.Equal("""{"_key":"k","n":2}""", fabric.Read(collection, "k"));
    }

    [Fact]
    public async Task A_request_is_remembered_across_a_restart_and_for_a_day()
    {
        await using var fabric = await TestFabric.OpenAsync(onDisk: true);
        var collection = await fabric.CreateAsync("c");
        await fabric.InsertAsync(collection, """{"_key":"k","n":1}""");
        await Update(fabric, collection, First);
        await fabric.ReopenAsync();
        fabric.Clock.Advance(TimeSpan.FromHours(23));
        await fabric.Fabric.SweepAsync();
        Assert.NotNull(fabric.Fabric.Requests.Find(fabric.Scope, First));

        fabric.Clock.Advance(TimeSpan.FromHours(2));
        await fabric.Fabric.SweepAsync();

        Assert.Null(fabric.Fabric.Requests.Find(fabric.Scope, First));
        Assert.Empty(Keys(fabric, Keyspace.RequestIds));
    }

    [Fact]
    public async Task What_other_regions_may_not_know_is_remembered_longer()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await StartCounterAsync(group);
        await Update(group.Regions[0], collection, First);
        group.Regions[0].Clock.Advance(TimeSpan.FromHours(30));
        await group.Regions[0].Fabric.SweepAsync();
        Assert.NotNull(group.Regions[0].Fabric.Requests.Find(group.Regions[0].Scope, First));

        group.Regions[1].Clock.Advance(TimeSpan.FromHours(30));
        await group.DeliverAllAsync();
        await group.Regions[0].Fabric.Replica.AdvanceStableAsync(await group.FindStableAsync(0), TestContext.Current.CancellationToken);
        await group.Regions[0].Fabric.SweepAsync();

        Assert.Null(group.Regions[0].Fabric.Requests.Find(group.Regions[0].Scope, First));
    }

    [Fact]
    public async Task Another_region_that_has_applied_the_request_answers_for_it()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await StartCounterAsync(group);
        await Update(group.Regions[0], collection, First);
        await group.DeliverAllAsync();

        var replay = await Assert.ThrowsAsync<RequestAppliedException>(() => Update(group.Regions[1], collection, First));

        Assert.Equal((1, "c", "k"), (replay.Outcome.Origin.Region, replay.Outcome.Collection, replay.Outcome.Key));
        Assert.Equal(group.Regions[0].Revision(Counter(group, 0), "k"), replay.Outcome.Revision.ToString());
        Assert.Null(replay.Outcome.Answer);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Of_two_regions_that_both_count_a_request_the_later_one_takes_it_back(int first, int second)
    {
        await using var group = await ReplicaGroup.OpenAsync(3);
        var collection = await StartCounterAsync(group);
        group.Regions[second].Clock.Advance(TimeSpan.FromSeconds(1));
        await Update(group.Regions[first], collection, First);
        await Update(group.Regions[second], collection, First);
        var firstRecords = group.Regions[first].Fabric.Replica.ReadState().Own.Sequence;
        var secondRecords = group.Regions[second].Fabric.Replica.ReadState().Own.Sequence;

        await group.DeliverAllAsync();

        AssertCounter(group, 1);
        Assert.Equal(firstRecords, group.Regions[first].Fabric.Replica.ReadState().Own.Sequence);
        Assert.Equal(secondRecords + 1, group.Regions[second].Fabric.Replica.ReadState().Own.Sequence);
        // Each client still hears what it was told first.
        Assert.Equal(second + 1, group.Regions[second].Fabric.Requests.Find(group.Regions[second].Scope, First)!.Origin.Region);
    }

    [Fact]
    public async Task Three_regions_that_all_count_a_request_keep_one()
    {
        await using var group = await ReplicaGroup.OpenAsync(3);
        var collection = await StartCounterAsync(group);
        for (var i = 0; i < 3; i++)
            await Update(group.Regions[i], collection, First);

        await group.DeliverAllAsync();

        AssertCounter(group, 1);
    }

    [Fact]
    public async Task A_compensation_that_a_crash_kept_from_happening_happens_after_the_restart_and_once()
    {
        await using var older = await TestFabric.OpenAsync(options: new DatabaseOptions { Region = 1 });
        await using var junior = await TestFabric.OpenAsync(onDisk: true, options: new DatabaseOptions { Region = 2 });
        await older.CreateAsync("c");
        await DeliverAsync(older, junior);
        await older.InsertAsync(older.Fabric.Catalog.GetCollection("c"), """{"_key":"k","n":0}""");
        await DeliverAsync(older, junior);
        junior.Clock.Advance(TimeSpan.FromSeconds(1));
        await Update(older, older.Fabric.Catalog.GetCollection("c"), First);
        await Update(junior, junior.Fabric.Catalog.GetCollection("c"), First);
        // As far as the record's own transaction comes: whoever applies dies before the next one.
        var records = Received(older, junior);
        await junior.Fabric.RunAsync(junior.Fabric.SystemScope, transaction =>
        {
            RecordApplier.Apply(transaction, records);
            return true;
        }, isMaintenance: true, TestContext.Current.CancellationToken);
        Assert.Equal("""{"_key":"k","n":2}""", junior.Read(junior.Fabric.Catalog.GetCollection("c"), "k"));

        await junior.ReopenAsync();
        await junior.Fabric.Requests.CompensateAsync(TestContext.Current.CancellationToken);
        await junior.ReopenAsync();
        await junior.Fabric.Requests.CompensateAsync(TestContext.Current.CancellationToken);

        Assert.Equal("""{"_key":"k","n":1}""", junior.Read(junior.Fabric.Catalog.GetCollection("c"), "k"));
        await DeliverAsync(junior, older);
        Assert.Equal("""{"_key":"k","n":1}""", older.Read(older.Fabric.Catalog.GetCollection("c"), "k"));
        Assert.Empty(Keys(junior, Keyspace.PendingWork));
        junior.AssertSound();
    }

    [Fact]
    public async Task What_was_done_twice_is_taken_back_in_the_background()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await StartCounterAsync(group);
        group.Regions[1].Clock.Advance(TimeSpan.FromSeconds(1));
        await Update(group.Regions[0], collection, First);
        await Update(group.Regions[1], collection, First);
        var late = group.Regions[1];

        await late.Fabric.Replica.ApplyAsync([.. Received(group.Regions[0], late).Select(received => received.Bytes)]);

        for (var round = 0; round < 10_000 && Keys(late, Keyspace.PendingWork).Count > 0; round++)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.Equal("""{"_key":"k","n":1}""", late.Read(Counter(group, 1), "k"));
    }

    [Fact]
    public async Task Elements_and_set_members_added_twice_are_there_once()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await StartCounterAsync(group, """{"_key":"k","list":["x"],"tags":["a"]}""");
        for (var i = 0; i < 2; i++)
        {
            await group.Regions[i].Fabric.WriteAsync(group.Regions[i].Scope, First, transaction => transaction.Update(
                Counter(group, i), TestFabric.Key("k"), TestFabric.Json("""{"list":["x","y","z"],"tags":["a","b"]}"""),
                new UpdateOptions
                {
                    Operations =
                    [
                        new(["list"], AttributeOperationKind.Append, TestFabric.Json("""["y","z"]"""), Value.Null),
                        new(["tags"], AttributeOperationKind.SetAdd, TestFabric.Json("""["b"]"""), Value.Null),
                    ],
                }).Outcome);
        }

        await group.DeliverAllAsync();

        foreach (var region in group.Regions)
            Assert.Equal("""{"_key":"k","list":["x","y","z"],"tags":["a","b"]}""", region.Read(region.Fabric.Catalog.GetCollection("c"), "k"));
        Assert.NotNull(collection);
    }

    [Fact]
    public async Task Generated_keys_come_from_the_request_so_both_regions_make_one_document()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await StartCounterAsync(group);
        var keys = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            keys.Add(await group.Regions[i].Fabric.WriteAsync(group.Regions[i].Scope, First, transaction =>
            {
                transaction.Insert(Counter(group, i), TestFabric.Json("""{"a":1,"n":5}"""), InsertOptions.Default);
                return System.Text.Encoding.UTF8.GetString(transaction.Insert(Counter(group, i), TestFabric.Json("""{"a":2,"n":5}"""), InsertOptions.Default).Key);
            }));
        }
        Assert.Equal(keys[0], keys[1]);
        // Somebody goes on with one of the two before they meet.
        var options = new UpdateOptions { Operations = [new(["n"], AttributeOperationKind.Increment, Value.FromInteger(3), Value.Null)] };
        await group.Regions[0].WriteAsync(transaction => transaction.Update(Counter(group, 0), TestFabric.Key(keys[0]), TestFabric.Json("""{"n":8}"""), options).Outcome);

        await group.DeliverAllAsync();

        foreach (var region in group.Regions)
        {
            var collection = region.Fabric.Catalog.GetCollection("c");
            Assert.Equal($$"""{"_key":"{{keys[0]}}","a":2,"n":8}""", region.Read(collection, keys[0]));
            using var snapshot = region.Fabric.OpenSnapshot(region.Scope);
            Assert.Equal(3, snapshot.CountDocuments(collection));
        }
    }

    [Fact]
    public async Task A_document_that_is_gone_needs_no_compensation()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var collection = await StartCounterAsync(group);
        await Update(group.Regions[0], collection, First);
        await Update(group.Regions[1], collection, First);
        await group.Regions[1].RemoveAsync(Counter(group, 1), "k");
        await group.Regions[1].InsertAsync(Counter(group, 1), """{"_key":"k","n":40}""");

        await group.DeliverAllAsync();

        AssertCounter(group, 40);
    }

    [Fact]
    public async Task A_transaction_cut_in_several_records_is_taken_back_whole()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        await StartCounterAsync(group);
        for (var i = 0; i < 5; i++)
            await group.Regions[0].InsertAsync(Counter(group, 0), $$"""{"_key":"d{{i}}","n":0}""");
        await group.DeliverAllAsync();
        var filler = new string('x', 3 << 20);
        for (var region = 0; region < 2; region++)
        {
            await group.Regions[region].Fabric.WriteAsync(group.Regions[region].Scope, First, transaction =>
            {
                for (var i = 0; i < 5; i++)
                {
                    transaction.Update(Counter(group, region), TestFabric.Key($"d{i}"), TestFabric.Json($$"""{"n":1,"filler":"{{filler}}"}"""),
                        new UpdateOptions { Operations = [new(["n"], AttributeOperationKind.Increment, Value.FromInteger(1), Value.Null)] });
                }
                return true;
            });
        }
        await ApplyWholeAsync(group, 0, 1);
        await ApplyWholeAsync(group, 1, 0);

        foreach (var region in group.Regions)
        {
            for (var i = 0; i < 5; i++)
            {
                using var snapshot = region.Fabric.OpenSnapshot(region.Scope);
                Assert.True(snapshot.TryGetDocument(region.Fabric.Catalog.GetCollection("c"), TestFabric.Key($"d{i}"), out var document));
                Assert.Equal(1, document.GetAttribute("n"u8).Integer);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_counter_ends_at_the_number_of_distinct_requests(int batch)
    {
        for (var seed = batch * 1000; seed < (batch * 1000) + 25; seed++)
            await CountAsync(new Random(seed), seed);
    }

    private static async Task CountAsync(Random random, int seed)
    {
        await using var group = await ReplicaGroup.OpenAsync(random.Next(2, 5));
        var collection = await StartCounterAsync(group);
        var sent = new List<WriteRequest>();
        for (var step = random.Next(10, 80); step > 0; step--)
        {
            var region = random.Next(group.Regions.Count);
            group.Regions[region].Clock.Advance(TimeSpan.FromMilliseconds(random.Next(5)));
            switch (random.Next(8))
            {
                case < 4:
                    // A new one, or any of the earlier ones again.
                    var number = random.Next(sent.Count + 2);
                    if (number >= sent.Count)
                        sent.Add(new WriteRequest((UInt128)(sent.Count + 1), 0));
                    await CountOnceAsync(group.Regions[region], collection, sent[Math.Min(number, sent.Count - 1)]);
                    break;
                case < 7:
                    await group.DeliverSomeAsync(random, region);
                    break;
                default:
                    await group.AdvanceStableAsync(region);
                    await group.Regions[region].Fabric.SweepAsync();
                    break;
            }
        }
        await group.DeliverAllAsync();
        for (var region = 0; region < group.Regions.Count; region++)
        {
            var counter = Counter(group, region);
            Assert.True(
                $$"""{"_key":"k","n":{{sent.Count}}}""" == group.Regions[region].Read(counter, "k"),
                $"seed {seed}, region {region + 1}: {group.Regions[region].Read(counter, "k")} after {sent.Count} requests");
            group.Regions[region].AssertSound();
        }
    }

    private static async Task CountOnceAsync(TestFabric region, CollectionDefinition collection, WriteRequest request)
    {
        try
        {
            await Update(region, collection, request);
        }
        catch (RequestAppliedException)
        {
            // The answer a client gets instead.
        }
    }

    /// <summary>Adds one to the counter.</summary>
    private static Task<DocumentWriteOutcome> Update(TestFabric region, CollectionDefinition collection, WriteRequest request) =>
        region.Fabric.WriteAsync(region.Scope, request, transaction =>
        {
            var present = transaction.Catalog.GetCollection(collection.Name);
            transaction.TryGetDocument(present, TestFabric.Key("k"), out var document);
            var next = Value.FromInteger(document.IsNull ? 1 : document.GetAttribute("n"u8).Integer + 1);
            var options = new UpdateOptions { Operations = [new(["n"], AttributeOperationKind.Increment, Value.FromInteger(1), Value.Null)] };
            return transaction.Update(present, TestFabric.Key("k"), TestFabric.Json($$"""{"n":{{next}}}"""), options).Outcome;
        });

    private static async Task<CollectionDefinition> StartCounterAsync(ReplicaGroup group, string document = """{"_key":"k","n":0}""")
    {
        await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        await group.Regions[0].InsertAsync(Counter(group, 0), document);
        await group.DeliverAllAsync();
        return Counter(group, 0);
    }

    private static CollectionDefinition Counter(ReplicaGroup group, int region) => group.Regions[region].Fabric.Catalog.GetCollection("c");

    private static void AssertCounter(ReplicaGroup group, int expected)
    {
        foreach (var region in group.Regions)
            Assert.Equal($$"""{"_key":"k","n":{{expected}}}""", region.Read(region.Fabric.Catalog.GetCollection("c"), "k"));
    }

    private static List<GeoFabric.Database.Changes.ReceivedRecord> Received(TestFabric from, TestFabric to)
    {
        var origin = from.Fabric.Replica.Origin;
        var next = to.Fabric.Replica.ReadState().Vector.PositionOf(origin).Sequence + 1;
        return [.. from.Fabric.Replica.ReadLog(origin, next, int.MaxValue).Select(bytes => new GeoFabric.Database.Changes.ReceivedRecord(ChangeRecord.Read(bytes.Span), bytes))];
    }

    private static async Task DeliverAsync(TestFabric from, TestFabric to)
    {
        await to.Fabric.Replica.ApplyAsync([.. Received(from, to).Select(received => received.Bytes)]);
        await to.Fabric.Requests.CompensateAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ApplyWholeAsync(ReplicaGroup group, int from, int to)
    {
        await DeliverAsync(group.Regions[from], group.Regions[to]);
        group.Forget(to);
    }

    private static List<byte[]> Keys(TestFabric fabric, Keyspace keyspace)
    {
        using var snapshot = fabric.Fabric.OpenSnapshot(fabric.Scope);
        using var cursor = snapshot.Storage.OpenCursor(GeoFabric.Storage.KeyRange.WithPrefix([(byte)keyspace]));
        var keys = new List<byte[]>();
        while (cursor.MoveNext())
            keys.Add(cursor.Key.ToArray());
        return keys;
    }
}
