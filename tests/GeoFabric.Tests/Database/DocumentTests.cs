using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

public sealed class DocumentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Insert_then_read_gives_the_document_with_key_first(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var users = await test.CreateAsync("users");

        await test.InsertAsync(users, """{"name":"Ann","_key":"a1","_id":"x/y","_rev":"zz","tags":[1,{"b":null}]}""");

        Assert.Equal("""{"_key":"a1","name":"Ann","tags":[1,{"b":null}]}""", test.Read(users, "a1"));
        test.AssertSound();
    }
}
