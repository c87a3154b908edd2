using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Reading;

namespace GeoFabric.Tests.Database;

/// <summary>What is read from and written to each collection, per second.</summary>
public sealed class CollectionTrafficTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_rate_is_of_the_last_ten_whole_seconds()
    {
        var traffic = new CollectionTraffic();
        for (var second = 1u; second <= 30; second++)
            traffic.AddReads(second, 100);
        traffic.AddWrites(30, 40);

        Assert.Equal(new TrafficRates(100, 0), traffic.RatesBefore(30));
        Assert.Equal(new TrafficRates(100, 4), traffic.RatesBefore(31));
        Assert.Equal(new TrafficRates(50, 4), traffic.RatesBefore(36));
        Assert.Equal(default, traffic.RatesBefore(41));
        // Sixteen seconds on, the places are other seconds'; what comes late for one of them is not counted there.
        traffic.AddReads(46, 10);
        traffic.AddReads(30, 1000);
        Assert.Equal(new TrafficRates(1, 0), traffic.RatesBefore(47));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_count_at_once()
    {
        var traffic = new CollectionTraffic();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
                traffic.AddReads((uint)(i / 10_000) + 1, 1);
        })));

        Assert.Equal(40_000, traffic.RatesBefore(11).ReadsPerSecond);
    }

    [Fact]
    public void Counting_makes_no_garbage()
    {
        var traffic = new FabricTraffic(TimeProvider.System, () => []);
        var tally = new ReadTally(traffic);

        Assert.Equal(0, Allocation.LeastOf(() => Count(100_000)));

        void Count(int times)
        {
            for (var i = 0; i < times; i++)
                tally.Add((uint)(i % 7) + 1, 1);
            traffic.AddWrites(1, 1);
        }
    }

    [Fact]
    public async Task Documents_read_by_key_scan_index_and_edge_are_counted_and_so_are_writes()
    {
        await using var test = await TestFabric.OpenAsync();
        var people = await test.CreateAsync("people");
        var knows = await test.CreateAsync("knows", CollectionType.Edge);
        var byN = (await test.IndexAsync("people", "persistent", "n")).Definition;
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < 40; i++)
                transaction.Insert(people, TestFabric.Json($$"""{"_key":"k{{i}}","n":{{i}}}"""), InsertOptions.Default);
            for (var i = 1; i < 11; i++)
                transaction.Insert(knows, TestFabric.Json($$"""{"_from":"people/k0","_to":"people/k{{i}}"}"""), InsertOptions.Default);
            return 0;
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.WriteAsync<int>(transaction =>
        {
            transaction.Remove(people, TestFabric.Key("k1"), RemoveOptions.Default);
            throw new InvalidOperationException();
        }));
        test.Clock.Advance(s_second);

        Assert.Equal([("knows", 0, 1), ("people", 0, 4)], Rates(test));

        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
        {
            Assert.True(snapshot.TryGetDocument(people, TestFabric.Key("k3"), out _));
            Assert.False(snapshot.ContainsDocument(people, TestFabric.Key("none")));
            Assert.Equal(40, Walk(snapshot.ScanCollection(people)));
            Assert.Equal(8, Walk(snapshot.ScanIndex(people, byN, new IndexRange([TestFabric.Json("3")]))) + Walk(snapshot.ScanIndex(people, byN, IndexRange.All), most: 7));
            using var edges = snapshot.OpenEdges(knows, isInbound: false);
            edges.Seek(TestFabric.Key("people/k0"));
            while (edges.MoveNext())
            {
            }
        }
        test.Clock.Advance(s_second);

        Assert.Equal([("knows", 1, 1), ("people", 5, 4)], Rates(test));
        test.Clock.Advance(12 * s_second);
        Assert.Empty(Rates(test));
    }

    [Fact]
    public async Task A_scope_sees_the_traffic_of_what_it_may_read_alone()
    {
        await using var test = await TestFabric.OpenAsync();
        var (open, secret) = (await test.CreateAsync("open"), await test.CreateAsync("secret"));
        await test.InsertAsync(open, "{}");
        await test.InsertAsync(secret, "{}");
        test.Clock.Advance(s_second);
        var scope = test.Scope with { DefaultLevel = AccessLevel.Read, CollectionLevels = ImmutableDictionary<uint, AccessLevel>.Empty.Add(secret.Id, AccessLevel.None) };

        Assert.Equal(["open", "secret"], test.Fabric.ReadTraffic(test.Scope).Select(one => one.Collection.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["open"], test.Fabric.ReadTraffic(scope).Select(one => one.Collection.Name));
    }

    [Fact]
    public async Task Collections_that_are_gone_do_not_pile_up()
    {
        await using var test = await TestFabric.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            await test.InsertAsync(await test.CreateAsync("c"), "{}");
            await test.Fabric.DropCollectionAsync(test.Scope, "c");
        }

        Assert.InRange(test.Fabric.CollectionsCounted, 1, 130);
    }

    private static List<(string Name, double Reads, double Writes)> Rates(TestFabric test) =>
        [.. test.Fabric.ReadTraffic(test.Scope).Where(one => !one.Collection.IsSystem).OrderBy(one => one.Collection.Name, StringComparer.Ordinal)
            .Select(one => (one.Collection.Name, one.Rates.ReadsPerSecond, one.Rates.WritesPerSecond))];

    private static int Walk(IDocumentCursor cursor, int most = int.MaxValue)
    {
        using (cursor)
        {
            var count = 0;
            while (count < most && cursor.MoveNext())
                count++;
            return count;
        }
    }
}
