using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Geo;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

public sealed class GeoIndexTests
{
    private const string Polygon = """{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}""";

    [Fact]
    public async Task A_point_has_one_entry_a_shape_a_few_and_a_document_without_a_place_has_null()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, isGeoJson: true, "loc");
        await test.InsertAsync(c, """{"_key":"array","loc":[10.75,59.91]}""");
        await test.InsertAsync(c, """{"_key":"point","loc":{"type":"Point","coordinates":[10.75,59.91]}}""");
        await test.InsertAsync(c, $$"""{"_key":"polygon","loc":{{Polygon}}}""");
        await test.InsertAsync(c, """{"_key":"none"}""");
        await test.InsertAsync(c, """{"_key":"bad","loc":[181,0]}""");

        var entries = test.Scan(c, index, IndexRange.All);

        Assert.Equal(["bad", "none"], entries.Take(2));
        Assert.Equal(["bad", "none"], test.Scan(c, index, new IndexRange([Value.Null])));
        Assert.Equal(["array", "point"], test.Scan(c, index, new IndexRange([Value.FromInteger(GeoCell.Of(UnitVector.FromDegrees(10.75, 59.91)).Id)])));
        Assert.InRange(entries.Count(key => key == "polygon"), 1, 8);
        test.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_follow_updates_removals_and_filling(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        await test.InsertAsync(c, """{"_key":"a","lat":1,"lon":2}""");
        await test.InsertAsync(c, """{"_key":"b","lat":1,"lon":2}""");
        var index = await CreateAsync(test, isGeoJson: false, "lat", "lon");
        var place = new IndexRange([Value.FromInteger(GeoCell.Of(UnitVector.FromDegrees(2, 1)).Id)]);

        Assert.Equal(["a", "b"], test.Scan(c, index, place));
        await test.UpdateAsync(c, "a", """{"lat":null}""");
        await test.RemoveAsync(c, "b");
        Assert.Empty(test.Scan(c, index, place));
        Assert.Equal(["a"], test.Scan(c, index, IndexRange.All));
        await test.UpdateAsync(c, "a", """{"lat":1}""");
        Assert.Equal(["a"], test.Scan(c, index, place));
        test.AssertSound();
        if (!onDisk)
            return;
        await test.ReopenAsync();
        Assert.Equal(["a"], test.Scan(test.Fabric.Catalog.GetCollection("c"), index, place));
        test.AssertSound();
    }

    [Fact]
    public async Task Latitude_comes_first_unless_the_index_is_for_GeoJSON()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var latitudeFirst = await CreateAsync(test, isGeoJson: false, "p");
        var longitudeFirst = await CreateAsync(test, isGeoJson: true, "p");
        await test.InsertAsync(c, """{"_key":"a","p":[10,20]}""");

        Assert.NotEqual(latitudeFirst.Id, longitudeFirst.Id);
        Assert.Equal(["a"], test.Scan(c, latitudeFirst, new IndexRange([Value.FromInteger(GeoCell.Of(UnitVector.FromDegrees(20, 10)).Id)])));
        Assert.Equal(["a"], test.Scan(c, longitudeFirst, new IndexRange([Value.FromInteger(GeoCell.Of(UnitVector.FromDegrees(10, 20)).Id)])));
    }

    [Fact]
    public async Task The_verifier_notices_an_entry_in_a_wrong_place()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        var index = await CreateAsync(test, isGeoJson: true, "loc");
        await test.InsertAsync(c, """{"_key":"a","loc":[10.75,59.91]}""");
        c = test.Fabric.Catalog.GetCollection("c");

        await test.Fabric.RunAsync(test.Scope, transaction => transaction.Storage.DeleteRange(KeyLayout.EntriesOf(c.ContentsId, index.Id), 1), isMaintenance: false);

        Assert.Contains(FabricVerifier.Verify(test.Fabric).Disagreements, sentence => sentence.Contains("its entry in index", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, "a", "b", "c")]
    [InlineData(true, "a", "b")]
    [InlineData(false, "a[*]")]
    public async Task Definitions_that_make_no_sense_are_refused(bool isGeoJson, params string[] fields)
    {
        await using var test = await TestFabric.OpenAsync();
        await test.CreateAsync("c");

        Assert.Equal(10, (await Assert.ThrowsAsync<GeoFabricException>(() => CreateAsync(test, isGeoJson, fields))).ErrorNumber);
    }

    private static async Task<IndexDefinition> CreateAsync(TestFabric test, bool isGeoJson, params string[] fields) =>
        (await test.Fabric.CreateIndexAsync(test.Scope, "c", new IndexSettings("geo", [.. fields]) { IsGeoJson = isGeoJson })).Definition;
}
