using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Reading;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

public sealed class MultiDimensionalIndexTests
{
    private static readonly string[] Odd = ["null", "true", "\"text\"", "[1]", "{}", "9007199254740993", "-0.0", "1e300"];

    [Fact]
    public async Task Entries_hold_the_point_and_what_it_does_not_say()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, new IndexSettings("mdi", ["x", "y"]));
        await test.InsertAsync(c, """{"_key":"a","x":1,"y":-1}""");
        await test.InsertAsync(c, """{"_key":"b","x":true}""");
        await test.InsertAsync(c, """{"_key":"d","x":0,"y":[]}""");

        // Prefix | point | values that are no plain numbers | document key.
        var prefix = Convert.ToHexString(KeyLayout.IndexPrefix(c.ContentsId, index.Id));
        Assert.Equal(
            [
                prefix + "00000000000000000000000000000008" + "1C0080",
                prefix + "9AAAAA55555555555555555555555555" + "1B0080",
                prefix + "D5555555555555555555555555555555" + "5001" + "1E0080",
            ],
            Entries(test, c, index));
        test.AssertSound();
    }

    [Theory]
    [InlineData(false, "mdi")]
    [InlineData(true, "zkd")]
    [InlineData(false, "mdi-prefixed")]
    public async Task A_box_gives_the_documents_that_looking_at_all_of_them_finds_after_random_writes(bool onDisk, string type)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        var settings = new IndexSettings(type, ["x", "in.y"]) { PrefixFields = type == "mdi-prefixed" ? ["p"] : [] };
        var index = await CreateAsync(test, settings);
        var sparse = await CreateAsync(test, settings with { IsSparse = true });
        var random = new Random(7);
        for (var round = 0; round < 6; round++)
        {
            await test.WriteAsync(transaction =>
            {
                for (var i = 0; i < 150; i++)
                    WriteOne(transaction, c, random);
                return true;
            });
            test.AssertSound();
            for (var i = 0; i < 40; i++)
                AssertBox(test, c, index, sparse, random);
        }
    }

    [Fact]
    public async Task A_small_box_is_found_by_looking_at_little_else()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, new IndexSettings("mdi", ["x", "y"]));
        var random = new Random(2);
        const int Documents = 20_000;
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < Documents; i++)
                transaction.Insert(c, TestFabric.Json(string.Create(CultureInfo.InvariantCulture, $$"""{"x":{{random.NextDouble()}},"y":{{random.NextDouble()}}}""")), InsertOptions.Default);
            return true;
        });
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        var storage = new CountingReader(snapshot.Storage);
        var (found, boxes) = (0, 50);
        for (var i = 0; i < boxes; i++)
        {
            var (x, y) = (random.NextDouble() * 0.9, random.NextDouble() * 0.9);
            using var cursor = BoxCursor.Open(
                storage, KeyLayout.IndexPrefix(c.ContentsId, index.Id), new IndexBox([], [Value.FromDouble(x), Value.FromDouble(y)], [Value.FromDouble(x + 0.1), Value.FromDouble(y + 0.1)]));
            while (cursor!.MoveNext())
                found++;
        }

        // A hundredth of the square holds about 200.
        Assert.InRange(found, boxes * 150, boxes * 250);
        Assert.InRange(storage.Steps, found, 2 * found);
    }

    [Fact]
    public async Task Long_values_in_front_cut_the_points_off_and_all_documents_of_them_come()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, new IndexSettings("mdi-prefixed", ["x"]) { PrefixFields = ["p"] });
        var text = new string('t', 400);
        foreach (var (key, x) in new[] { ("a", 1), ("b", 5), ("d", 9) })
            await test.InsertAsync(c, $$"""{"_key":"{{key}}","p":"{{text}}","x":{{x}}}""");
        await test.InsertAsync(c, $$"""{"_key":"e","p":"{{text}}!","x":5}""");

        Assert.Equal(["a", "b", "d"], Scan(test, c, index, new IndexBox([Value.FromString(text)], [Value.FromInteger(4)], [Value.FromInteger(6)])).Order(StringComparer.Ordinal));
        test.AssertSound();
    }

    [Fact]
    public async Task A_unique_one_tells_values_apart_that_share_a_point()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await CreateAsync(test, new IndexSettings("mdi", ["x", "y"]) { IsUnique = true });
        await test.InsertAsync(c, """{"x":"a","y":9007199254740993}""");
        await test.InsertAsync(c, """{"x":"a","y":9007199254740992}""");
        await test.InsertAsync(c, """{"x":"b","y":9007199254740993}""");

        Assert.Equal(1210, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(c, """{"x":"a","y":9007199254740993}"""))).ErrorNumber);
        test.AssertSound();
    }

    [Theory]
    [InlineData("mdi", new[] { "a[*]" }, new string[0])]
    [InlineData("mdi", new[] { "a" }, new[] { "b" })]
    [InlineData("mdi-prefixed", new[] { "a" }, new string[0])]
    [InlineData("mdi-prefixed", new[] { "a" }, new[] { "a" })]
    [InlineData("mdi", new[] { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q" }, new string[0])]
    public async Task Definitions_that_make_no_sense_are_refused(string type, string[] fields, string[] prefixFields)
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c");

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => CreateAsync(test, new IndexSettings(type, [.. fields]) { PrefixFields = [.. prefixFields] }));

        Assert.Equal(10, error.ErrorNumber);
    }

    [Fact]
    public async Task A_definition_made_in_one_region_is_one_in_each()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var (first, second) = (group.Regions[0], group.Regions[1]);
        var c = await first.CreateAsync("c");
        await CreateAsync(first, new IndexSettings("mdi-prefixed", ["x", "y"]) { PrefixFields = ["p"] });
        await first.InsertAsync(c, """{"_key":"a","p":1,"x":2,"y":3}""");
        await group.DeliverAllAsync();

        var there = second.Fabric.Catalog.GetCollection("c");
        var index = there.Indexes.Single(index => index.Kind == IndexKind.MultiDimensional);
        Assert.Equal((1, "mdi-prefixed"), (index.PrefixFields, index.TypeName));
        while (second.Fabric.Catalog.GetCollection("c").FindIndex(index.Id)!.IsBuilding)
            await Task.Delay(5);
        Assert.Equal(["a"], Scan(second, there, index, new IndexBox([Value.FromInteger(1)], [Value.FromInteger(2), null], [null, Value.FromInteger(3)])));
        second.AssertSound();
    }

    private static async Task<IndexDefinition> CreateAsync(TestFabric test, IndexSettings settings)
    {
        var created = await test.Fabric.CreateIndexAsync(test.Scope, "c", settings);
        return created.Definition;
    }

    private static void WriteOne(GeoFabric.Database.Transactions.FabricTransaction transaction, CollectionDefinition c, Random random)
    {
        var key = "k" + random.Next(300).ToString(CultureInfo.InvariantCulture);
        var isThere = transaction.TryGetDocument(c, TestFabric.Key(key), out _);
        var json = $$"""{"_key":"{{key}}","p":{{random.Next(3)}},"x":{{Number(random)}},"in":{"y":{{Number(random)}} } }""";
        if (!isThere)
            transaction.Insert(c, TestFabric.Json(json), InsertOptions.Default);
        else if (random.Next(3) == 0)
            transaction.Remove(c, TestFabric.Key(key), RemoveOptions.Default);
        else
            transaction.Replace(c, TestFabric.Key(key), TestFabric.Json(json), ReplaceOptions.Default);
    }

    private static string Number(Random random) => random.Next(6) switch
    {
        0 => Odd[random.Next(Odd.Length)],
        1 => (random.NextDouble() * 20 - 10).ToString("R", CultureInfo.InvariantCulture),
        _ => random.Next(-10, 11).ToString(CultureInfo.InvariantCulture),
    };

    private static void AssertBox(TestFabric test, CollectionDefinition c, IndexDefinition index, IndexDefinition sparse, Random random)
    {
        Value? Limit() => random.Next(4) == 0 ? null : TestFabric.Json(Number(random));
        Value?[] lower = [Limit(), Limit()];
        Value?[] upper = [Limit(), Limit()];
        var prefix = TestFabric.Json(random.Next(3).ToString(CultureInfo.InvariantCulture));
        var box = new IndexBox(index.PrefixFields > 0 ? [prefix] : [], [.. lower], [.. upper]);
        var needed = new List<string>();
        var withoutNulls = new List<string>();
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var documents = snapshot.ScanCollection(c);
        while (documents.MoveNext())
        {
            Value[] values = [documents.Document.GetAttribute("x"u8), documents.Document.GetAttribute("in"u8).GetAttribute("y"u8)];
            if (index.PrefixFields > 0 && !ValueComparer.Equal(documents.Document.GetAttribute("p"u8), prefix))
                continue;
            if (!values.Select((value, i) => (lower[i] is not { } least || ValueComparer.Compare(value, least) >= 0) && (upper[i] is not { } most || ValueComparer.Compare(value, most) <= 0)).All(isInside => isInside))
                continue;
            needed.Add(Encoding.UTF8.GetString(documents.DocumentKey));
            if (!Array.Exists(values, value => value.IsNull))
                withoutNulls.Add(needed[^1]);
        }
        needed.Sort(StringComparer.Ordinal);
        var found = Scan(test, c, index, box);

        Assert.Distinct(found);
        Assert.Empty(needed.Except(found));
        Assert.Empty(withoutNulls.Except(Scan(test, c, sparse, box)));
        // Where no values share points, nothing else is found.
        if (lower.Concat(upper).All(limit => limit is not { } value || (value.IsNumber && Math.Abs(value.Number) < 100)))
            Assert.Equal(needed, found.Order(StringComparer.Ordinal));
    }

    private static List<string> Scan(TestFabric test, CollectionDefinition c, IndexDefinition index, IndexBox box)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.ScanBox(c, index, box);
        var keys = new List<string>();
        while (cursor.MoveNext())
        {
            keys.Add(Encoding.UTF8.GetString(cursor.DocumentKey));
            Assert.Equal(keys[^1], cursor.Document.GetAttribute("_key"u8).Text);
        }
        return keys;
    }

    private static List<string> Entries(TestFabric test, CollectionDefinition c, IndexDefinition index)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.EntriesOf(c.ContentsId, index.Id));
        var keys = new List<string>();
        while (cursor.MoveNext())
            keys.Add(Convert.ToHexString(cursor.Key));
        return keys;
    }

    /// <summary>Counts the entries that cursors have looked at.</summary>
    private sealed class CountingReader(IStorageReader inner) : IStorageReader
    {
        public long Steps { get; set; }

        public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => inner.TryGet(key, out value);

        public bool Contains(ReadOnlySpan<byte> key) => inner.Contains(key);

        public void GetMany(KeyBatch batch) => inner.GetMany(batch);

        public ICursor OpenCursor(KeyRange range, ScanDirection direction = ScanDirection.Forward) => new CountingCursor(inner.OpenCursor(range, direction), this);
    }

    private sealed class CountingCursor(ICursor inner, CountingReader counts) : ICursor
    {
        public ReadOnlySpan<byte> Key => inner.Key;

        public ReadOnlySpan<byte> Value => inner.Value;

        public bool MoveNext()
        {
            counts.Steps++;
            return inner.MoveNext();
        }

        public bool Seek(ReadOnlySpan<byte> key)
        {
            counts.Steps++;
            return inner.Seek(key);
        }

        public void Dispose() => inner.Dispose();
    }
}
