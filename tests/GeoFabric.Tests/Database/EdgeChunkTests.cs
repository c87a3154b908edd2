using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Maintenance;
using GeoFabric.Database.Transactions;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

/// <summary>Edges lie in chunks; nobody who reads the indexes may notice, whatever was written before.</summary>
public sealed class EdgeChunkTests
{
    private static readonly string[] Vertices =
        [.. Enumerable.Range(0, 5).Select(i => $"v/{i}"), "v/" + new string('x', 249) + "a", "v/" + new string('x', 249) + "b", "other_vertices/ab", "v/44"];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Random_works_leave_the_edges_that_a_dictionary_holds(int seed, bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        var random = new Random(seed);
        var model = new Dictionary<string, (string From, string To)>();
        for (var round = 0; round < 60; round++)
        {
            var changed = new Dictionary<string, (string From, string To)>(model);
            var fails = random.Next(5) == 0;
            var work = test.WriteAsync(transaction =>
            {
                for (var step = random.Next(1, 120); step > 0; step--)
                    Change(transaction, edges, changed, random);
                if (random.Next(3) == 0)
                    RemoveOnAWalk(transaction, edges, changed, random);
                if (fails)
                    throw new TimeoutException();
                return 0;
            });
            if (fails)
                await Assert.ThrowsAsync<TimeoutException>(() => work);
            else
                await work;
            if (!fails)
                model = changed;
            Compare(test, edges, model);
        }
        test.AssertSound();
        Assert.True(CountChunks(test, edges) > 2 * 2 * Vertices.Length, "no chunk was ever split");
        foreach (var key in model.Keys.ToList())
            await test.RemoveAsync(edges, key);
        Assert.Equal(0, CountChunks(test, edges));
        test.AssertSound();
    }

    [Fact]
    public async Task A_chunk_tells_of_each_edge_what_the_one_before_does_not()
    {
        await using var test = await TestFabric.OpenAsync();
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        await test.InsertAsync(edges, """{"_key":"11","_from":"v/a","_to":"v/b"}""");
        await test.InsertAsync(edges, """{"_key":"12","_from":"v/a","_to":"v/bc"}""");

        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.EntriesOf(edges.ContentsId, 1));
        Assert.True(cursor.MoveNext());
        Assert.Equal(Convert.ToHexString([.. KeyLayout.IndexPrefix(edges.ContentsId, 1), KeyTag.String, 0, .. "v/a"u8, 0, 1]), Convert.ToHexString(cursor.Key));
        Assert.Equal("000700" + "0003" + "121200" + "0003" + "762F62" + "0102" + "1300" + "0301" + "63", Convert.ToHexString(cursor.Value));
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public Task The_verifier_notices_a_damaged_chunk() => NoticesAsync((key, chunk) => [(key, chunk[..^1])], "is damaged", "is missing");

    [Fact]
    public Task The_verifier_notices_an_edge_that_leads_elsewhere() => NoticesAsync((key, chunk) => [(key, [.. chunk[..^1], (byte)'x'])], "leads elsewhere");

    [Fact]
    public Task The_verifier_notices_edges_before_the_key_of_their_chunk() =>
        NoticesAsync((key, chunk) => [(key, null), ([.. key, 0x13, 0], chunk)], "is damaged");

    [Fact]
    public Task The_verifier_notices_edges_behind_the_next_chunk() =>
        NoticesAsync((key, chunk) => [([.. key, 0x11, 0], chunk)], "of them from documents");

    [Fact]
    public async Task Entries_of_the_former_layout_are_filled_anew_at_open()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        await test.InsertAsync(edges, """{"_key":"1","_from":"v/a","_to":"v/b"}""");
        await test.Fabric.RunAsync(test.Scope, transaction =>
        {
            var version = FabricEnvironment.IndexVersion;
            EnvironmentRecord.Write(transaction.Storage, new EnvironmentRecord(test.Fabric.Fabric.Id, version[..version.LastIndexOf('/')] + "/2"));
            transaction.Storage.DeleteRange(KeyLayout.IndexEntriesOf(edges.ContentsId), 10);
            // One key an edge, the other end whole in the value.
            byte[] start = [.. KeyLayout.IndexPrefix(edges.ContentsId, 1), KeyTag.String, 0, .. "v/a"u8, 0, 1];
            transaction.Storage.Put([.. start, 0x12, 0], [0, 7, 0, .. "v/b"u8]);
            return 0;
        }, isMaintenance: true);

        await test.ReopenAsync();

        test.AssertSound();
        Assert.Equal(["1 v/b"], Read(test, edges, "v/a", isInbound: false));
    }

    private static async Task NoticesAsync(Func<byte[], byte[], (byte[] Key, byte[]? Chunk)[]> disturb, params string[] expected)
    {
        await using var test = await TestFabric.OpenAsync();
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        await test.InsertAsync(edges, """{"_key":"1","_from":"v/a","_to":"v/b"}""");
        await test.InsertAsync(edges, """{"_key":"2","_from":"v/a","_to":"v/c"}""");
        test.AssertSound();
        await test.Fabric.RunAsync(test.Scope, transaction =>
        {
            byte[] key, chunk;
            using (var cursor = transaction.Storage.OpenCursor(KeyLayout.EntriesOf(edges.ContentsId, 1)))
            {
                Assert.True(cursor.MoveNext());
                (key, chunk) = (cursor.Key.ToArray(), cursor.Value.ToArray());
            }
            foreach (var (changedKey, changed) in disturb(key, chunk))
            {
                if (changed is null)
                    transaction.Storage.Delete(changedKey);
                else
                    transaction.Storage.Put(changedKey, changed);
            }
            return 0;
        }, isMaintenance: false);

        var found = string.Join('\n', FabricVerifier.Verify(test.Fabric).Disagreements);
        foreach (var part in expected)
            Assert.Contains(part, found, StringComparison.Ordinal);
    }

    private static void Change(FabricTransaction transaction, CollectionDefinition edges, Dictionary<string, (string From, string To)> model, Random random)
    {
        var key = random.Next(12) == 0 ? new string('k', random.Next(100, 254)) : random.Next(700).ToString(CultureInfo.InvariantCulture);
        var ends = (From: Vertices[random.Next(Vertices.Length)], To: Vertices[random.Next(Vertices.Length)]);
        var utf8 = Encoding.UTF8.GetBytes(key);
        if (!model.ContainsKey(key))
        {
            transaction.Insert(edges, TestFabric.Json($$"""{"_key":"{{key}}","_from":"{{ends.From}}","_to":"{{ends.To}}"}"""), InsertOptions.Default);
            model[key] = ends;
        }
        else if (random.Next(3) == 0)
        {
            transaction.Remove(edges, utf8, RemoveOptions.Default);
            model.Remove(key);
        }
        else
        {
            ends = random.Next(2) == 0 ? (model[key].From, ends.To) : (ends.From, model[key].To);
            transaction.Update(edges, utf8, TestFabric.Json($$"""{"_from":"{{ends.From}}","_to":"{{ends.To}}"}"""), UpdateOptions.Default);
            model[key] = ends;
        }
    }

    /// <summary>Goes along the edges of a vertex and removes some of those it has passed, as a query that writes may.</summary>
    private static void RemoveOnAWalk(FabricTransaction transaction, CollectionDefinition edges, Dictionary<string, (string From, string To)> model, Random random)
    {
        var vertex = Vertices[random.Next(Vertices.Length)];
        var expected = Expected(model, edge => edge.From == vertex);
        using var cursor = transaction.OpenEdges(edges, isInbound: false);
        var walked = new List<string>();
        for (cursor.Seek(Encoding.UTF8.GetBytes(vertex)); cursor.MoveNext();)
        {
            var key = Encoding.UTF8.GetString(cursor.EdgeKey);
            walked.Add(key);
            if (random.Next(3) != 0)
                continue;
            var position = cursor.Position.ToArray();
            transaction.Remove(edges, Encoding.UTF8.GetBytes(key), RemoveOptions.Default);
            model.Remove(key);
            cursor.SeekBehind(Encoding.UTF8.GetBytes(vertex), position);
        }
        Assert.Equal(expected, walked);

        // The same over the entries, one by one, which the removals move.
        var index = edges.FindIndex(2)!;
        expected = Expected(model, edge => edge.To == vertex);
        using var documents = transaction.ScanIndex(edges, index, new IndexRange([Value.FromString(vertex)]), ScanDirection.Forward);
        walked.Clear();
        while (documents.MoveNext())
        {
            walked.Add(Encoding.UTF8.GetString(documents.DocumentKey));
            if (random.Next(3) == 0)
            {
                transaction.Remove(edges, Encoding.UTF8.GetBytes(walked[^1]), RemoveOptions.Default);
                model.Remove(walked[^1]);
            }
        }
        Assert.Equal(expected, walked);
    }

    private static void Compare(TestFabric test, CollectionDefinition edges, Dictionary<string, (string From, string To)> model)
    {
        foreach (var vertex in Vertices)
        {
            Assert.Equal(Expected(model, edge => edge.From == vertex).Select(key => $"{key} {model[key].To}"), Read(test, edges, vertex, isInbound: false));
            Assert.Equal(Expected(model, edge => edge.To == vertex).Select(key => $"{key} {model[key].From}"), Read(test, edges, vertex, isInbound: true));
            var range = new IndexRange([Value.FromString(vertex)]);
            var expected = Expected(model, edge => edge.From == vertex);
            Assert.Equal(expected, test.Scan(edges, edges.FindIndex(1)!, range));
            expected.Reverse();
            Assert.Equal(expected, test.Scan(edges, edges.FindIndex(1)!, range, ScanDirection.Backward));
        }
        Assert.Equal(model.Count, test.Scan(edges, edges.FindIndex(2)!, IndexRange.All).Count);
    }

    private static List<string> Expected(Dictionary<string, (string From, string To)> model, Func<(string From, string To), bool> isAtVertex) =>
        [.. model.Where(edge => isAtVertex(edge.Value)).Select(edge => edge.Key).OrderBy(Encoded, StringComparer.Ordinal)];

    private static string Encoded(string key)
    {
        Span<byte> encoded = stackalloc byte[DocumentKeyCodec.EncodedLengthMax];
        return Convert.ToHexString(encoded[..DocumentKeyCodec.Encode(Encoding.UTF8.GetBytes(key), encoded)]);
    }

    private static List<string> Read(TestFabric test, CollectionDefinition edges, string vertex, bool isInbound)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.OpenEdges(edges, isInbound);
        var read = new List<string>();
        var id = Encoding.UTF8.GetBytes(vertex);
        for (cursor.Seek(id); cursor.MoveNext();)
        {
            read.Add($"{Encoding.UTF8.GetString(cursor.EdgeKey)} {Encoding.UTF8.GetString(cursor.OtherEnd)}");
            // Now staying, now after having been elsewhere.
            if (read.Count % 3 == 0)
                cursor.SeekBehind(id, cursor.Position.ToArray());
            if (read.Count % 5 != 0)
                continue;
            var position = cursor.Position.ToArray();
            cursor.Seek("v/none"u8);
            Assert.False(cursor.MoveNext());
            cursor.SeekBehind(id, position);
        }
        return read;
    }

    private static int CountChunks(TestFabric test, CollectionDefinition edges)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.IndexEntriesOf(edges.ContentsId));
        var count = 0;
        while (cursor.MoveNext())
        {
            Assert.True(EdgeChunk.IsWhole(cursor.Key, cursor.Value));
            count++;
        }
        return count;
    }
}
