using System.Globalization;

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

    [Fact]
    public async Task An_import_of_several_requests_is_one_job_which_can_be_cancelled()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/import?collection=c&job=people.csv&share=0.2", "{}\n{}")).AssertStatus(201);
        (await fabric.PostAsync("/import/c?job=people.csv&share=0.4", """{"data":[{}]}""")).AssertStatus(200);
        (await fabric.PostAsync("/import?collection=c", "{}")).AssertStatus(201);

        var job = Assert.Single((await fabric.GetAsync("/jobs")).AssertStatus(200)["result"]!.AsArray())!;
        Assert.Equal(("import", "c", null, 3, null, "documents"), ((string)job["kind"]!, (string)job["collection"]!, job["subject"], (int)job["done"]!, job["total"], (string)job["unit"]!));
        Assert.Equal((0.4, true), ((double)job["share"]!, (bool)job["canCancel"]!));
        Assert.InRange(DateTimeOffset.Parse((string)job["started"]!, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        (await fabric.DeleteAsync($"/jobs/{job["id"]}")).AssertStatus(200);

        Assert.Contains("user 'root' has cancelled", (await fabric.PostAsync("/import?collection=c&job=people.csv", "{}")).AssertError(410, 21).Text, StringComparison.Ordinal);
        (await fabric.PostAsync("/import?collection=c&job=another", "{}")).AssertStatus(201);
        (await fabric.DeleteAsync($"/jobs/{job["id"]}")).AssertError(404, 404);
        (await fabric.DeleteAsync("/jobs/none")).AssertError(404, 404);
        (await fabric.PostAsync("/import?collection=c&job=a&share=2", "{}")).AssertError(400, 10);
        (await fabric.PostAsync($"/import?collection=c&job={new string('a', 101)}", "{}")).AssertError(400, 10);
        Assert.Equal(5, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);
    }

    [Fact]
    public async Task Jobs_are_those_of_the_fabric()
    {
        var (fabric, other) = (await server.NewCollectionAsync(), await server.NewCollectionAsync());
        (await fabric.PostAsync("/import?collection=c&job=mine", "{}")).AssertStatus(201);
        var id = (string)Assert.Single((await fabric.GetAsync("/jobs"))["result"]!.AsArray())!["id"]!;

        Assert.Empty((await other.GetAsync("/jobs"))["result"]!.AsArray());
        (await other.DeleteAsync("/jobs/" + id)).AssertError(404, 404);
        (await fabric.WithAuthorization(null).GetAsync("/jobs")).AssertError(401, 11);
    }
}
