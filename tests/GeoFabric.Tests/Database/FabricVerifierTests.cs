using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

/// <summary>The verifier is worth something only if it notices every kind of disagreement.</summary>
public sealed class FabricVerifierTests
{
    private static readonly byte[] Junk = [1, 2, 3];

    [Fact]
    public Task It_notices_a_missing_index_entry() => NoticesAsync(
        (storage, c) => storage.DeleteRange(KeyLayout.EntriesOf(c.ContentsId, c.Indexes[1].Id), 1), "is missing", "counters say");

    [Fact]
    public Task It_notices_an_entry_too_many() => NoticesAsync(
        (storage, c) => storage.Put([.. KeyLayout.IndexPrefix(c.ContentsId, c.Indexes[1].Id), 0x10, 1, 0], [0, 1, 0]), "of them from documents", "is of document '_', which does not exist");

    [Fact]
    public Task It_notices_an_entry_that_cannot_be_taken_apart() => NoticesAsync(
        (storage, c) => storage.Put([.. KeyLayout.IndexPrefix(c.ContentsId, c.Indexes[1].Id), 0x10], [0, 99, 0]), "entry 20", "is damaged");

    [Fact]
    public Task It_names_the_entry_that_no_document_should_have() => NoticesAsync(
        (storage, c) =>
        {
            // The entry of document 'a' again, for a value it does not have.
            using var fields = new KeyWriter();
            fields.Write(Value.FromInteger(77));
            Span<byte> key = stackalloc byte[DocumentKeyCodec.EncodedLengthMax];
            key = key[..DocumentKeyCodec.Encode("a"u8, key)];
            storage.Put([.. KeyLayout.IndexPrefix(c.ContentsId, c.Indexes[1].Id), .. fields.Written, .. key], [0, (byte)fields.Written.Length, 0]);
        },
        "is not one that document 'a' should have");

    [Fact]
    public async Task It_tells_of_each_index_what_it_compared()
    {
        await using var test = await PreparedAsync();
        var heard = new List<VerificationProgress>();

        var report = FabricVerifier.Verify(test.Fabric, heard.Add, TestContext.Current.CancellationToken);
        var ofOne = FabricVerifier.Verify(test.Fabric, test.Fabric.Catalog.GetCollection("c"), cancellationToken: TestContext.Current.CancellationToken);

        var c = report.Collections.Single(collection => collection.Name == "c");
        Assert.Equal((3, 0), (c.Documents, c.Differences));
        Assert.Equal(("persistent", 3, 0), (c.Indexes[0].Type, c.Indexes[0].Entries, c.Indexes[0].Differences));
        Assert.Contains(new VerificationProgress("c", 3), heard);
        Assert.Equal(c, Assert.Single(ofOne.Collections) with { Indexes = c.Indexes });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => FabricVerifier.Verify(test.Fabric, cancellationToken: new CancellationToken(canceled: true))));
    }

    [Fact]
    public Task It_notices_a_missing_document() => NoticesAsync(
        (storage, c) => storage.DeleteRange(KeyLayout.DocumentsOf(c.ContentsId), 1), "the documents do not", "documents, counted", "of them from documents");

    [Fact]
    public Task It_notices_a_damaged_document() => NoticesAsync(
        (storage, c) => Damage(storage, KeyLayout.DocumentsOf(c.ContentsId)), "the checksum is wrong");

    [Fact]
    public Task It_notices_a_damaged_change_record() => NoticesAsync((storage, _) => Damage(storage, KeyLayout.AllChanges), "the checksum is wrong");

    [Fact]
    public Task It_notices_a_missing_change_record() => NoticesAsync((storage, _) => storage.DeleteRange(KeyLayout.AllChanges, 1), "found 2");

    [Fact]
    public Task It_notices_entries_that_belong_to_nothing() => NoticesAsync((storage, _) => storage.Put([0x20, 9, 9, 9, 9, 0, 0, 0, 1, 0], Junk), "belong to nothing");

    [Fact]
    public Task It_notices_documents_that_belong_to_nothing() => NoticesAsync((storage, _) => storage.Put([0x10, 9, 9, 9, 9, 1, 0], Junk), "belong to nothing");

    [Fact]
    public async Task A_damaged_document_reports_1100_and_its_neighbours_stay_readable()
    {
        await using var test = await PreparedAsync();
        var c = test.Fabric.Catalog.GetCollection("c");
        await DisturbAsync(test, storage => Damage(storage, KeyLayout.DocumentsOf(c.ContentsId)));

        Assert.Equal(1100, Assert.Throws<GeoFabricException>(() => test.Read(c, "a")).ErrorNumber);
        Assert.NotNull(test.Read(c, "b"));
        Assert.Equal(1100, (await Assert.ThrowsAsync<GeoFabricException>(() => test.UpdateAsync(c, "a", """{"x":1}"""))).ErrorNumber);
    }

    private static async Task NoticesAsync(Action<IWriteTransaction, CollectionDefinition> disturb, params string[] expected)
    {
        await using var test = await PreparedAsync();
        test.AssertSound();

        await DisturbAsync(test, storage => disturb(storage, test.Fabric.Catalog.GetCollection("c")));

        var found = string.Join('\n', FabricVerifier.Verify(test.Fabric).Disagreements);
        foreach (var part in expected)
            Assert.Contains(part, found, StringComparison.Ordinal);
    }

    private static async Task<TestFabric> PreparedAsync()
    {
        var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.IndexAsync("c", "persistent", "n");
        foreach (var key in new[] { "a", "b", "d" })
            await test.InsertAsync(c, $$"""{"_key":"{{key}}","n":1}""");
        return test;
    }

    private static Task<int> DisturbAsync(TestFabric test, Action<IWriteTransaction> disturb) => test.Fabric.RunAsync(test.Scope, transaction =>
    {
        disturb(transaction.Storage);
        return 0;
    }, isMaintenance: false);

    private static void Damage(IWriteTransaction storage, KeyRange range)
    {
        byte[] key, value;
        using (var cursor = storage.OpenCursor(range))
        {
            Assert.True(cursor.MoveNext());
            (key, value) = (cursor.Key.ToArray(), cursor.Value.ToArray());
        }
        value[^1] ^= 0x40;
        storage.Put(key, value);
    }
}
