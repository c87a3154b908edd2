using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Explain;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>Writes pages of query results; the rows are finished JSON and copied as they are.</summary>
internal static class PageWriter
{
    /// <summary>One storage engine without merge joins of indexes, caches or intermediate commits: these figures, which clients read, are of what it does not do.</summary>
    private static ReadOnlySpan<byte> Unused => ",\"httpRequests\":0,\"seeks\":0,\"cacheHits\":0,\"cacheMisses\":0,\"intermediateCommits\":0"u8;

    /// <summary>Writes a page and releases it.</summary>
    public static Task WriteAsync(HttpContext http, int status, QueryPage page)
    {
        var body = ResponseBuffer.Get();
        Write(body, "{\"error\":false,\"code\":"u8, status);
        body.Write(",\"result\":"u8);
        var rowsAt = body.WrittenCount;
        body.Write(page.HasMore ? ",\"hasMore\":true,\"id\":"u8 : ",\"hasMore\":false"u8);
        if (page.CursorId is { } cursor)
            JsonValueWriter.Write(body, Value.FromString(cursor));
        if (page.NextBatchId is { } batch)
        {
            body.Write(",\"nextBatchId\":"u8);
            JsonValueWriter.Write(body, Value.FromString(batch));
        }
        if (page.Count is { } count)
            Write(body, ",\"count\":"u8, count);
        body.Write(",\"cached\":false,\"extra\":"u8);
        WriteExtra(body, page);
        body.Write((byte)'}');
        var sent = ResultWriter.SendAsync(http, status, body.WrittenSpan[..rowsAt], page.ResultJson.Span, body.WrittenSpan[rowsAt..]);
        page.Release();
        return sent;
    }

    public static Value Plan(ExplainedPlan plan) => ObjectValue.Of(
    [
        ("nodes", Nodes(plan.Nodes)),
        ("rules", ObjectValue.List(plan.Rules.Select(Value.FromString))),
        ("collections", ObjectValue.List(plan.Collections.Select(c => ObjectValue.Of(("name", Value.FromString(c.Name)), ("type", Value.FromString(c.Type)))))),
        ("variables", ObjectValue.List(plan.Variables.Select(Variable))),
        ("estimatedCost", Value.FromDouble(plan.EstimatedCost)),
        ("estimatedNrItems", Value.FromDouble(plan.EstimatedRows)),
        ("initialize", Value.True),
        ("isModificationQuery", Value.FromBoolean(plan.IsModification)),
        .. plan.Consistency is { } level ? new[] { ("consistency", Value.FromString(level.ToString())) } : [],
        ("text", Value.FromString(plan.Text)),
    ]);

    public static Value Warnings(IEnumerable<(int Code, string Message)> warnings) => ObjectValue.List(warnings.Select(warning =>
        ObjectValue.Of(("code", Value.FromInteger(warning.Code)), ("message", Value.FromString(warning.Message)))));

    /// <summary>Indexes that would help, as <c>POST /index</c> takes them.</summary>
    public static Value Advice(IEnumerable<IndexAdvice> advice) => ObjectValue.List(advice.Select(index => ObjectValue.Of(
        ("collection", Value.FromString(index.Collection)),
        ("type", Value.FromString(index.Type)),
        ("fields", ObjectValue.Strings(index.Fields)),
        ("reason", Value.FromString(index.Reason)))));

    private static Value Variable(ExplainedVariable variable) => ObjectValue.Of(
        ("id", Value.FromInteger(variable.Id)),
        ("name", Value.FromString(variable.Name)),
        ("isDataFromCollection", Value.FromBoolean(variable.IsDocument)),
        ("isFullDocumentFromCollection", Value.FromBoolean(variable.IsDocument)));

    private static Value Entry(ExplainedRole role)
    {
        var attributes = new List<(string, Value)> { ("inVariable", Variable(role.Variable)) };
        if (role.Result is not null)
            attributes.Add(("outVariable", Variable(role.Result)));
        if (role.Detail is { } detail)
            attributes.Add(detail);
        return ObjectValue.Of(attributes);
    }

    private static Value Nodes(IReadOnlyList<ExplainedNode> nodes) => ObjectValue.List(nodes.Select(node =>
    {
        var attributes = new List<(string, Value)>
        {
            ("type", Value.FromString(node.Type)),
            ("id", Value.FromInteger(node.Id)),
            ("dependencies", node.Dependency is { } dependency ? Value.FromList([Value.FromInteger(dependency)]) : Value.EmptyArray),
            ("estimatedCost", Value.FromDouble(node.EstimatedCost)),
            ("estimatedNrItems", Value.FromDouble(node.EstimatedRows)),
        };
        attributes.AddRange(node.Details.Select(detail => (detail.Name, detail.Value)));
        // Several sort keys and groups are lists; all other roles have one variable.
        attributes.AddRange(node.Variables.GroupBy(variable => variable.Role, StringComparer.Ordinal).Select(role => (role.Key, role.Key is "elements" or "groups" or "aggregates"
            ? ObjectValue.List(role.Select(Entry))
            : Variable(role.First().Variable))));
        if (node.Subqueries.Length > 0)
            attributes.Add(("subqueries", ObjectValue.List(node.Subqueries.Select(subquery => ObjectValue.Of(("nodes", Nodes(subquery)))))));
        return ObjectValue.Of(attributes);
    }));

    private static void WriteExtra(ByteBuffer body, QueryPage page)
    {
        WriteStatistics(body, page);
        body.Write(",\"warnings\":"u8);
        if (page.Warnings.Count == 0)
            body.Write("[]"u8);
        else
            JsonValueWriter.Write(body, Warnings(page.Warnings.Select(warning => (warning.Code.Number, warning.Message))));
        if (page.Profile is not null)
        {
            body.Write(",\"profile\":"u8);
            JsonValueWriter.Write(body, ObjectValue.Of(page.Profile.Stages.Select(stage => (stage.Stage, Value.FromDouble(stage.Seconds)))));
        }
        if (page.Profile?.Plan is { } plan)
        {
            body.Write(",\"plan\":"u8);
            JsonValueWriter.Write(body, Plan(plan));
            body.Write(",\"advice\":"u8);
            JsonValueWriter.Write(body, Advice(plan.Advice));
        }
        body.Write((byte)'}');
    }

    /// <summary>Every answer has them: written as text, since making values of them costs as much as a small query.</summary>
    private static void WriteStatistics(ByteBuffer body, QueryPage page)
    {
        var statistics = page.Statistics;
        Write(body, "{\"stats\":{\"writesExecuted\":"u8, statistics.WritesExecuted);
        Write(body, ",\"writesIgnored\":"u8, statistics.WritesIgnored);
        Write(body, ",\"scannedFull\":"u8, statistics.ScannedFull);
        Write(body, ",\"scannedIndex\":"u8, statistics.ScannedIndex);
        Write(body, ",\"filtered\":"u8, statistics.Filtered);
        Write(body, ",\"documentLookups\":"u8, statistics.DocumentLookups);
        Write(body, ",\"cursorsCreated\":"u8, statistics.CursorsCreated);
        Write(body, ",\"cursorsRearmed\":"u8, statistics.CursorsRearmed);
        body.Write(Unused);
        if (statistics.FullCount is { } fullCount)
            Write(body, ",\"fullCount\":"u8, fullCount);
        body.Write(",\"executionTime\":"u8);
        JsonValueWriter.Write(body, Value.FromDouble(statistics.ExecutionSeconds));
        Write(body, ",\"peakMemoryUsage\":"u8, statistics.PeakMemoryBytes);
        if (page.Profile is { Nodes.Count: > 0 } profile)
        {
            body.Write(",\"nodes\":"u8);
            JsonValueWriter.Write(body, ObjectValue.List(profile.Nodes.Select(node => ObjectValue.Of(
                ("id", Value.FromInteger(node.Id)),
                ("calls", Value.FromInteger(node.Calls)),
                ("items", Value.FromInteger(node.Rows)),
                ("filtered", Value.FromInteger(node.Filtered)),
                ("runtime", Value.FromDouble(node.Seconds))))));
        }
        body.Write((byte)'}');
    }

    private static void Write(ByteBuffer body, ReadOnlySpan<byte> name, long number)
    {
        body.Write(name);
        JsonValueWriter.Write(body, Value.FromInteger(number));
    }
}
