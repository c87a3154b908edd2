using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

public sealed class KeyGenerationTests
{
    [Fact]
    public async Task Traditional_keys_grow_through_all_collections_and_restarts()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var first = await test.CreateAsync("first");
        var second = await test.CreateAsync("second");

        var a = long.Parse(await test.InsertAsync(first, "{}"));
        var b = long.Parse(await test.InsertAsync(second, "{}"));
        await test.RemoveAsync(second, b.ToString());
        await test.ReopenAsync();
        var c = long.Parse(await test.InsertAsync(second, "{}"));

        Assert.True(a < b && b < c);
    }

    [Fact]
    public async Task A_number_brought_as_key_is_never_made_again()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"5000"}""");
        await test.InsertAsync(users, """{"_key":"99999999999999999999999"}""");

        Assert.Equal("5001", await test.InsertAsync(users, "{}"));
    }

    [Fact]
    public async Task Autoincrement_follows_offset_and_increment_and_survives_truncation()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users", keyOptions: new KeyOptions("autoincrement", true, 5, 100));
        var keys = new List<string>();

        keys.Add(await test.InsertAsync(users, "{}"));
        keys.Add(await test.InsertAsync(users, "{}"));
        await test.InsertAsync(users, """{"_key":"117"}""");
        keys.Add(await test.InsertAsync(users, "{}"));
        await test.Fabric.TruncateAsync(test.Scope, "users");
        await test.ReopenAsync();
        keys.Add(await test.InsertAsync(users, "{}"));

        Assert.Equal(["100", "105", "120", "125"], keys);
        Assert.Equal(125, test.Fabric.GetFigures(test.Scope, users).LastKey);
        test.AssertSound();
    }

    [Fact]
    public async Task Collections_that_make_keys_themselves_refuse_others_with_1222()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users", keyOptions: new KeyOptions("traditional", false, 1, 0));

        Assert.Equal(1222, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, """{"_key":"k"}"""))).ErrorNumber);
        Assert.NotEmpty(await test.InsertAsync(users, "{}"));
    }

    [Fact]
    public async Task A_key_made_in_a_transaction_that_fails_is_not_handed_out_twice_inside_it()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        var keys = await test.WriteAsync(transaction => Enumerable.Range(0, 3)
            .Select(_ => System.Text.Encoding.UTF8.GetString(transaction.Insert(users, TestFabric.Json("{}"), InsertOptions.Default).Key)).ToList());

        Assert.Equal(3, keys.Distinct().Count());
        test.AssertSound();
    }
}
