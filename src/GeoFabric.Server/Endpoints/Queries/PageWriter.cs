using System.Buffers;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Explain;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>Writes pages of query results; the rows are finished JSON and copied as they are.</summary>
internal static class PageWriter
{
    /// <summary>Figures of other products that clients read.</summary>
    private static readonly string[] Unused = ["documentLookups", "seeks", "cursorsCreated", "cursorsRearmed", "cacheHits", "cacheMisses", "intermediateCommits"];

    public static Task WriteAsync(HttpContext http, int status, QueryPage page)
    {
        var body = ResponseBuffer.Get();
        body.Write("{\"error\":false,\"code\":"u8);
        JsonValueWriter.Write(body, Value.FromInteger(status));
        body.Write(",\"result\":"u8);
        body.Write(page.ResultJson.Span);
        body.Write(page.HasMore ? ",\"hasMore\":true,\"id\":"u8 : ",\"hasMore\":false"u8);
        if (page.CursorId is { } cursor)
            JsonValueWriter.Write(body, Value.FromString(cursor));
        if (page.NextBatchId is { } batch)
        {
            body.Write(",\"nextBatchId\":"u8);
            JsonValueWriter.Write(body, Value.FromString(batch));
        }
        if (page.Count is { } count)
        {
            body.Write(",\"count\":"u8);
            JsonValueWriter.Write(body, Value.FromInteger(count));
        }
        body.Write(",\"cached\":false,\"extra\":"u8);
        JsonValueWriter.Write(body, Extra(page));
        body.Write("}"u8);
        return ResultWriter.SendAsync(http, status, body.WrittenSpan);
    }

    public static Value Plan(ExplainedPlan plan) => ObjectValue.Of(
    [
        ("nodes", Nodes(plan.Nodes)),
        ("rules", ObjectValue.List(plan.Rules.Select(Value.FromString))),
        ("collections", ObjectValue.List(plan.Collections.Select(c => ObjectValue.Of(("name", Value.FromString(c.Name)), ("type", Value.FromString(c.Type)))))),
        ("variables", ObjectValue.List(plan.Variables.Select(v => ObjectValue.Of(
            ("id", Value.FromInteger(v.Id)),
            ("name", Value.FromString(v.Name)),
            ("isDataFromCollection", Value.FromBoolean(v.IsDocument)),
            ("isFullDocumentFromCollection", Value.FromBoolean(v.IsDocument)))))),
        ("estimatedCost", Value.FromDouble(plan.EstimatedCost)),
        ("estimatedNrItems", Value.FromDouble(plan.EstimatedRows)),
        ("initialize", Value.True),
        ("isModificationQuery", Value.FromBoolean(plan.IsModification)),
        .. plan.Consistency is { } level ? new[] { ("consistency", Value.FromString(level.ToString())) } : [],
        ("text", Value.FromString(plan.Text)),
    ]);

    public static Value Warnings(IEnumerable<(int Code, string Message)> warnings) => ObjectValue.List(warnings.Select(warning =>
        ObjectValue.Of(("code", Value.FromInteger(warning.Code)), ("message", Value.FromString(warning.Message)))));

    private static Value Nodes(IReadOnlyList<ExplainedNode> nodes) => ObjectValue.List(nodes.Select(node =>
    {
        var attributes = new List<(string, Value)>
        {
            ("type", Value.FromString(node.Type)),
            ("id", Value.FromInteger(node.Id)),
            ("dependencies", node.Id > 1 ? Value.FromList([Value.FromInteger(node.Id - 1)]) : Value.EmptyArray),
            ("estimatedCost", Value.FromDouble(node.EstimatedCost)),
            ("estimatedNrItems", Value.FromDouble(node.EstimatedRows)),
        };
        attributes.AddRange(node.Details.Select(detail => (detail.Name, detail.Value)));
        if (node.Subqueries.Length > 0)
            attributes.Add(("subqueries", ObjectValue.List(node.Subqueries.Select(subquery => ObjectValue.Of(("nodes", Nodes(subquery)))))));
        return ObjectValue.Of(attributes);
    }));

    private static Value Extra(QueryPage page)
    {
        var statistics = page.Statistics;
        List<(string, Value)> stats =
        [
            ("writesExecuted", Value.FromInteger(statistics.WritesExecuted)),
            ("writesIgnored", Value.FromInteger(statistics.WritesIgnored)),
            ("scannedFull", Value.FromInteger(statistics.ScannedFull)),
            ("scannedIndex", Value.FromInteger(statistics.ScannedIndex)),
            ("filtered", Value.FromInteger(statistics.Filtered)),
            ("httpRequests", Value.FromInteger(0)),
            // One storage engine without caches or intermediate commits: what it does not do, it does no times.
            .. Unused.Select(name => (name, Value.FromInteger(0))),
        ];
        if (statistics.FullCount is { } fullCount)
            stats.Add(("fullCount", Value.FromInteger(fullCount)));
        stats.Add(("executionTime", Value.FromDouble(statistics.ExecutionSeconds)));
        stats.Add(("peakMemoryUsage", Value.FromInteger(statistics.PeakMemoryBytes)));
        if (page.Profile is { Nodes.Count: > 0 } profile)
        {
            stats.Add(("nodes", ObjectValue.List(profile.Nodes.Select(node => ObjectValue.Of(
                ("id", Value.FromInteger(node.Id)),
                ("calls", Value.FromInteger(node.Calls)),
                ("items", Value.FromInteger(node.Rows)),
                ("filtered", Value.FromInteger(node.Filtered)),
                ("runtime", Value.FromDouble(node.Seconds)))))));
        }
        var extra = new List<(string, Value)>
        {
            ("stats", ObjectValue.Of(stats)),
            ("warnings", Warnings(page.Warnings.Select(w => (w.Code.Number, w.Message)))),
        };
        if (page.Profile is not null)
            extra.Add(("profile", ObjectValue.Of(page.Profile.Stages.GroupBy(s => s.Stage).Select(s => (s.Key, Value.FromDouble(s.Sum(t => t.Seconds)))))));
        if (page.Profile?.Plan is { } plan)
            extra.Add(("plan", Plan(plan)));
        return ObjectValue.Of(extra);
    }
}
