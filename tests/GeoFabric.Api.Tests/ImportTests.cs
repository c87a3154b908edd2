namespace GeoFabric.Api.Tests;

/// <summary>What an import tells about the rows that it could not store.</summary>
public sealed class ImportTests(ServerFixture server)
{
    private const string Lines = "{\"_key\":\"a\"}\nnot json\n\n{\"_key\":\"a\"}\n[1]\n{\"_key\":\"b\",\"_key\":\"c\"}\n{\"_key\":\"d\"}\n";

    [Fact]
    public async Task Lines_that_fail_are_told_with_their_numbers_and_the_others_are_stored()
    {
        var fabric = await server.NewCollectionAsync();

        var answer = (await fabric.PostAsync("/import?collection=c&type=documents&details=true", Lines)).AssertStatus(201);

        Assert.Equal((2, 4, 1), ((int)answer["created"]!, (int)answer["errors"]!, (int)answer["empty"]!));
        var rejects = answer["rejects"]!.AsArray();
        Assert.Equal([(1, 600), (3, 1210), (4, 1227), (5, 600)], rejects.Select(reject => ((int)reject!["row"]!, (int)reject["errorNum"]!)));
        Assert.Equal(answer["details"]!.AsArray().Select(message => (string)message!), rejects.Select(reject => (string)reject!["errorMessage"]!));
        Assert.Equal(2, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);
    }

    [Theory]
    [InlineData("ignore", 1, 0, 1, 0)]
    [InlineData("update", 1, 1, 0, 0)]
    [InlineData("replace", 1, 1, 0, 0)]
    [InlineData("error", 1, 0, 0, 1)]
    public async Task What_happens_to_keys_that_are_taken_is_counted(string onDuplicate, int created, int updated, int ignored, int errors)
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/document/c", """{"_key":"a"}""");

        var answer = (await fabric.PostAsync($"/import?collection=c&type=list&onDuplicate={onDuplicate}", """[{"_key":"a"},{"_key":"b"}]""")).AssertStatus(201);

        Assert.Equal((created, updated, ignored, errors), ((int)answer["created"]!, (int)answer["updated"]!, (int)answer["ignored"]!, (int)answer["errors"]!));
        Assert.Null(answer["rejects"]);
    }

    [Fact]
    public async Task A_list_that_is_no_JSON_is_refused_whole()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/import?collection=c&type=list", """[{"_key":"a"},""")).AssertError(400, 600);
        (await fabric.PostAsync("/import?collection=none", "{}")).AssertError(404, 1203);
        (await fabric.PostAsync("/import?collection=c&onDuplicate=maybe", "{}")).AssertError(400, 10);
    }
}
