using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;

namespace GeoFabric.Tests.Database;

/// <summary>Edges at a vertex through the edge indexes, whose entries tell the other end.</summary>
public sealed class EdgeCursorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Edges_are_found_at_both_ends(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        foreach (var (key, from, to) in ((string, string, string)[])[("1", "v/a", "v/b"), ("2", "v/a", "v/a"), ("3", "v/ab", "v/a"), ("4", "v/A", "v/a")])
            await test.InsertAsync(edges, $$"""{"_key":"{{key}}","_from":"{{from}}","_to":"{{to}}"}""");

        Assert.Equal(["1 v/b", "2 v/a"], Read(test, edges, "v/a", isInbound: false));
        Assert.Equal(["2 v/a", "3 v/ab", "4 v/A"], Read(test, edges, "v/a", isInbound: true));
        Assert.Equal(["4 v/a"], Read(test, edges, "v/A", isInbound: false));
        Assert.Empty(Read(test, edges, "v/nobody", isInbound: false));
        Assert.Empty(Read(test, edges, "", isInbound: false));
        test.AssertSound();
    }

    [Fact]
    public async Task An_edge_that_leads_elsewhere_now_says_so_at_the_end_that_stayed()
    {
        await using var test = await TestFabric.OpenAsync();
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        await test.InsertAsync(edges, """{"_key":"1","_from":"v/a","_to":"v/b"}""");

        await test.UpdateAsync(edges, "1", """{"_to":"v/c"}""");

        Assert.Equal(["1 v/c"], Read(test, edges, "v/a", isInbound: false));
        Assert.Empty(Read(test, edges, "v/b", isInbound: true));
        test.AssertSound();
    }

    [Fact]
    public async Task Ids_too_long_for_an_entry_are_told_apart()
    {
        await using var test = await TestFabric.OpenAsync();
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        var start = "v/" + new string('x', 250);
        foreach (var last in "abc")
            await test.InsertAsync(edges, $$"""{"_key":"{{last}}","_from":"{{start}}{{last}}","_to":"{{start}}z"}""");

        Assert.Equal([$"b {start}z"], Read(test, edges, start + "b", isInbound: false));
        Assert.Equal(3, Read(test, edges, start + "z", isInbound: true).Count);
        test.AssertSound();
    }

    [Fact]
    public async Task A_walk_goes_on_behind_a_position_also_when_that_edge_is_gone()
    {
        await using var test = await TestFabric.OpenAsync();
        var edges = await test.CreateAsync("e", CollectionType.Edge);
        foreach (var key in "12345")
            await test.InsertAsync(edges, $$"""{"_key":"{{key}}","_from":"v/a","_to":"v/b"}""");

        var read = await test.WriteAsync(transaction =>
        {
            using var cursor = transaction.OpenEdges(edges, isInbound: false);
            cursor.Seek("v/a"u8);
            Assert.True(cursor.MoveNext() && cursor.MoveNext());
            var position = cursor.Position.ToArray();
            cursor.Seek("v/other"u8);
            Assert.False(cursor.MoveNext());
            cursor.SeekBehind("v/a"u8, position);
            Assert.True(cursor.MoveNext());
            var next = Encoding.UTF8.GetString(cursor.EdgeKey);
            transaction.Remove(edges, "2"u8, RemoveOptions.Default);
            cursor.SeekBehind("v/a"u8, position);
            Assert.True(cursor.MoveNext());
            return next + Encoding.UTF8.GetString(cursor.EdgeKey);
        });

        Assert.Equal("33", read);
    }

    private static List<string> Read(TestFabric test, CollectionDefinition edges, string vertex, bool isInbound)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        using var cursor = snapshot.OpenEdges(edges, isInbound);
        var read = new List<string>();
        for (cursor.Seek(Encoding.UTF8.GetBytes(vertex)); cursor.MoveNext();)
        {
            Assert.Equal(Encoding.UTF8.GetString(cursor.EdgeKey), cursor.Edge.GetAttribute("_key"u8).Text);
            read.Add($"{Encoding.UTF8.GetString(cursor.EdgeKey)} {Encoding.UTF8.GetString(cursor.OtherEnd)}");
        }
        return read;
    }
}
