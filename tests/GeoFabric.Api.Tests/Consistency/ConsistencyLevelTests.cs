using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Consistency;
using Microsoft.AspNetCore.Http;

namespace GeoFabric.Api.Tests.Consistency;

public sealed class ConsistencyLevelTests
{
    [Theory]
    [InlineData("eventual", ConsistencyKind.Eventual, 0)]
    [InlineData("causal", ConsistencyKind.Causal, 0)]
    [InlineData("session", ConsistencyKind.Session, 0)]
    [InlineData("strong", ConsistencyKind.Strong, 0)]
    [InlineData("bounded(1)", ConsistencyKind.Bounded, 1)]
    [InlineData("bounded(86400000)", ConsistencyKind.Bounded, 86_400_000)]
    public void Levels_are_read_and_written(string text, ConsistencyKind kind, int milliseconds)
    {
        Assert.True(ConsistencyLevel.TryParse(text, out var level));

        Assert.Equal(new ConsistencyLevel(kind, TimeSpan.FromMilliseconds(milliseconds)), level);
        Assert.Equal(text, level.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Strong")]
    [InlineData("linearizable")]
    [InlineData("bounded")]
    [InlineData("bounded()")]
    [InlineData("bounded(0)")]
    [InlineData("bounded(-5)")]
    [InlineData("bounded(1.5)")]
    [InlineData("bounded(5ms)")]
    [InlineData("bounded(86400001)")]
    [InlineData("bounded(99999999999999999999)")]
    [InlineData("bounded(5")]
    [InlineData("eventual,strong")]
    public void Nonsense_is_refused_with_what_would_be_right(string text)
    {
        var error = Assert.Throws<GeoFabricException>(() => ConsistencyLevel.Parse(text, "header X"));

        Assert.Equal(ErrorCodes.BadParameter, error.Code);
        Assert.Contains("bounded(MILLISECONDS)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_levels_the_one_that_promises_more_is_known()
    {
        var levels = new[] { "eventual", "causal", "session", "bounded(500)", "bounded(100)", "strong" }.Select(text => ConsistencyLevel.Parse(text, "x")).ToArray();

        for (var i = 0; i < levels.Length; i++)
        {
            for (var j = 0; j < levels.Length; j++)
                Assert.Equal(levels[Math.Max(i, j)], ConsistencyLevel.Stronger(levels[i], levels[j]));
        }
    }

    [Theory]
    [InlineData(null, "", null, null)]
    [InlineData("session", "", "session", null)]
    [InlineData(null, "?consistency=bounded(20)", "bounded(20)", null)]
    [InlineData(null, "?strongConsistency=true", "strong", null)]
    [InlineData(null, "?strongConsistency=false", null, null)]
    [InlineData("strong", "?consistency=strong&strongConsistency=1", "strong", "abc")]
    [InlineData(null, "", null, "")]
    public void A_request_says_it_by_header_parameter_or_flag(string? header, string query, string? expected, string? session)
    {
        var asked = RequestConsistency.Read(Request(header, query, session));

        Assert.Equal(expected, asked.Level?.ToString());
        Assert.Equal(session, asked.SessionText);
        Assert.Equal(expected is null && session is null, asked.SaysNothing);
    }

    [Theory]
    [InlineData("causal", "?consistency=strong")]
    [InlineData("causal", "?strongConsistency=true")]
    [InlineData(null, "?consistency=session&strongConsistency=true")]
    [InlineData(null, "?strongConsistency=perhaps")]
    [InlineData("", "")]
    public void A_request_that_contradicts_itself_is_refused(string? header, string query) =>
        Assert.Equal(ErrorCodes.BadParameter, Assert.Throws<GeoFabricException>(() => RequestConsistency.Read(Request(header, query, null))).Code);

    private static HttpRequest Request(string? header, string query, string? session)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        if (header is not null)
            request.Headers[RequestConsistency.LevelHeader] = header;
        if (session is not null)
            request.Headers[RequestConsistency.SessionHeader] = session;
        return request;
    }
}
