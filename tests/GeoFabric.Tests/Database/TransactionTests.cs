using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

public sealed class TransactionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_work_that_throws_leaves_nothing(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var users = await test.CreateAsync("users");
        await test.IndexAsync("users", "persistent", "n");

        await Assert.ThrowsAsync<GeoFabricException>(() => test.WriteAsync(transaction =>
        {
            transaction.Insert(users, TestFabric.Json("""{"_key":"a","n":1}"""), InsertOptions.Default);
            return transaction.Insert(users, TestFabric.Json("""{"_key":"a","n":2}"""), InsertOptions.Default).Outcome;
        }));

        Assert.Null(test.Read(users, "a"));
        test.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rolling_back_to_a_mark_undoes_documents_indexes_counts_and_log(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var users = await test.CreateAsync("users");
        var index = (await test.IndexAsync("users", "persistent", "n")).Definition;

        await test.WriteAsync(transaction =>
        {
            Insert(transaction, users, "a", 1);
            var mark = transaction.Mark();
            Insert(transaction, users, "b", 2);
            var inner = transaction.Mark();
            Insert(transaction, users, "c", 3);
            transaction.RollbackTo(inner);
            Assert.Equal(2, transaction.CountDocuments(users));
            Insert(transaction, users, "d", 4);
            transaction.RollbackTo(mark);
            Assert.Equal(1, transaction.CountDocuments(users));
            return Insert(transaction, users, "e", 5);
        });

        Assert.Equal(["a", "e"], test.Scan(users, index, GeoFabric.Database.IndexRange.All));
        test.AssertSound();
    }

    [Fact]
    public async Task A_write_that_fails_half_way_leaves_the_other_indexes_alone()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.IndexAsync("users", "persistent", "n");
        await test.Fabric.CreateIndexAsync(test.Scope, "users", new IndexSettings("persistent", ["email"]) { IsUnique = true });
        await test.InsertAsync(users, """{"_key":"a","n":1,"email":"x"}""");

        var outcome = await test.WriteAsync(transaction =>
        {
            Assert.Equal(1210, Assert.Throws<GeoFabricException>(() =>
                transaction.Insert(users, TestFabric.Json("""{"_key":"b","n":2,"email":"x"}"""), InsertOptions.Default)).ErrorNumber);
            return transaction.Insert(users, TestFabric.Json("""{"_key":"c","n":3,"email":"y"}"""), InsertOptions.Default).Outcome;
        });

        Assert.Equal(DocumentWriteOutcome.Inserted, outcome);
        test.AssertSound();
    }

    [Fact]
    public async Task A_transaction_reads_its_own_writes_and_a_snapshot_does_not()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users");
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);

        var seen = await test.WriteAsync(transaction =>
        {
            Insert(transaction, users, "a", 1);
            using var cursor = transaction.ScanCollection(users);
            return transaction.TryGetDocument(users, "a"u8, out _) && cursor.MoveNext() && transaction.CountDocuments(users) == 1;
        });

        Assert.True(seen);
        Assert.False(snapshot.TryGetDocument(users, "a"u8, out _));
        Assert.Equal(0, snapshot.CountDocuments(users));
    }

    [Fact]
    public async Task A_definition_of_an_earlier_version_reaches_the_collection_as_it_is_now()
    {
        await using var test = await TestFabric.OpenAsync();
        var before = await test.CreateAsync("users");
        await test.IndexAsync("users", "persistent", "n");
        await test.Fabric.RenameAsync(test.Scope, "users", "people");

        await test.InsertAsync(before, """{"_key":"a","n":1}""");

        var now = test.Fabric.Catalog.GetCollection("people");
        Assert.Equal(["a"], test.Scan(now, now.Indexes[1], GeoFabric.Database.IndexRange.All));
        test.AssertSound();
    }

    [Fact]
    public async Task One_transaction_has_one_stamp_and_later_ones_have_greater_ones_whatever_the_wall_clock_does()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users");

        await test.WriteAsync(transaction =>
        {
            Insert(transaction, users, "a", 1);
            return Insert(transaction, users, "b", 1);
        });
        Assert.Equal(test.Revision(users, "a"), test.Revision(users, "b"));
        test.Clock.Advance(TimeSpan.FromDays(-1));
        await test.ReopenAsync();
        await test.InsertAsync(users, """{"_key":"c"}""");

        Assert.True(string.CompareOrdinal(test.Revision(users, "c"), test.Revision(users, "b")) > 0);
        test.AssertSound();
    }

    [Fact]
    public async Task A_transaction_larger_than_a_record_is_logged_in_parts()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users");
        var text = new string('x', 1 << 20);

        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < 20; i++)
                transaction.Insert(users, TestFabric.Json($$"""{"t":"{{text}}"}"""), InsertOptions.Default);
            return 0;
        });

        test.AssertSound();
    }

    [Fact]
    public async Task The_log_keeps_only_so_many_bytes()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true, new GeoFabric.Database.DatabaseOptions { ChangeLogRetainedBytes = 20_000 });
        var users = await test.CreateAsync("users");

        for (var i = 0; i < 300; i++)
            await test.InsertAsync(users, $$"""{"t":"{{new string('x', 500)}}"}""");

        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        var state = GeoFabric.Database.FabricDatabase.ReadState(snapshot.Storage);
        Assert.InRange(state.LogBytes, 10_000ul, 20_000ul);
        Assert.True(state.FirstSequence > 200);
        test.AssertSound();
    }

    private static int Insert(FabricTransaction transaction, CollectionDefinition collection, string key, int number)
    {
        transaction.Insert(collection, TestFabric.Json($$"""{"_key":"{{key}}","n":{{number}}}"""), InsertOptions.Default);
        return number;
    }
}
