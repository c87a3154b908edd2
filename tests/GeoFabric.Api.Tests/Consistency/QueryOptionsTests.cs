namespace GeoFabric.Api.Tests.Consistency;

/// <summary>Levels of consistency that queries ask for themselves.</summary>
public sealed class QueryOptionsTests(ServerFixture server)
{
    [Theory]
    [InlineData("eventual")]
    [InlineData("causal")]
    [InlineData("session")]
    [InlineData("bounded(100)")]
    public async Task A_query_may_ask_for_a_level(string level)
    {
        var fabric = await server.NewCollectionAsync();

        var answer = await fabric.PostAsync("/cursor", $$"""{"query":"FOR d IN c OPTIONS {consistency: \"{{level}}\"} RETURN d"}""");
        var plan = await fabric.PostAsync("/query/explain", $$"""{"query":"FOR d IN c OPTIONS {consistency: \"{{level}}\"} RETURN d"}""");

        answer.AssertStatus(201);
        Assert.Equal(level, (string)plan["plan"]!["consistency"]!);
    }

    [Fact]
    public async Task Levels_there_are_not_are_refused_with_those_there_are()
    {
        var fabric = await server.NewCollectionAsync();

        var answer = (await fabric.PostAsync("/cursor", """{"query":"FOR d IN c OPTIONS {consistency: \"latest\"} RETURN d"}""")).AssertError(400, 10);

        Assert.Contains("it takes eventual, causal, session, bounded(MILLISECONDS) or strong", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FOR d IN c OPTIONS {consistency: \\\"strong\\\"} RETURN d")]
    [InlineData("FOR d IN c options {consistency: @level} RETURN d", ",\"bindVars\":{\"level\":\"strong\"}")]
    [InlineData("INSERT {} IN c OPTIONS {consistency: \\\"strong\\\"}")]
    [InlineData("FOR d IN s OPTIONS {consistency: \\\"strong\\\"} INSERT {} IN c")]
    public async Task Strong_is_for_collections_written_at_one_region(string query, string rest = "")
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/collection", """{"name":"s","isSpot":true}""");

        var answer = (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"{{rest}}}""")).AssertError(400, 10);

        Assert.Contains("'c' is written in every region", answer.Text, StringComparison.Ordinal);
        (await fabric.PostAsync("/cursor", """{"query":"FOR d IN s OPTIONS {consistency: \"strong\"} RETURN d"}""")).AssertStatus(201);
    }

    [Fact]
    public async Task The_strictest_of_query_and_request_counts()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/cursor?consistency=eventual", """{"query":"FOR d IN c OPTIONS {consistency: \"strong\"} RETURN d"}""")).AssertError(400, 10);
        (await fabric.PostAsync("/cursor?consistency=strong", """{"query":"FOR d IN c OPTIONS {consistency: \"eventual\"} RETURN d"}""")).AssertError(400, 10);
        (await fabric.PostAsync("/cursor?consistency=eventual", """{"query":"FOR d IN c OPTIONS {consistency: \"session\"} RETURN d"}""")).AssertStatus(201);
    }
}
