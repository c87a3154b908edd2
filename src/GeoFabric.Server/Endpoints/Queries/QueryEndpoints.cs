using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>C8QL: run, page, parse, explain, and the list of running queries.</summary>
internal static class QueryEndpoints
{
    private const string Tag = "Query";
    private const string Example = """{"query":"FOR a IN addresses LIMIT 5 RETURN a","bindVars":{},"batchSize":1000}""";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/cursor", RunAsync, "runQuery", "Run a query", Tag) { BodyExample = Example, SuccessStatus = 201, Placement = RoutePlacement.RunsQuery, TakesRequestId = true },
        new("PUT", "/cursor/{cursor}", request => NextAsync(request), "readNextBatch", "Read the next batch", Tag),
        new("POST", "/cursor/{cursor}", request => NextAsync(request), "readNextBatchByPost", "Read the next batch", Tag) { IsAlias = true },
        new("POST", "/cursor/{cursor}/{batch}", request => NextAsync(request, request.Path("batch")), "readBatch", "Read a batch, or the last one again", Tag),
        new("POST", "/cursor/sql", _ => throw ErrorCodes.NotImplemented.With("SQL is not part of this version of GeoFabric; write C8QL"), "runSql", "Run an SQL query", Tag) { IsAlias = true },
        new("DELETE", "/cursor/{cursor}", DeleteAsync, "deleteCursor", "Delete a cursor", Tag) { SuccessStatus = 202 },
        new("POST", "/query", ParseAsync, "parseQuery", "Check a query's syntax", Tag) { BodyExample = """{"query":"RETURN 1"}""" },
        new("POST", "/query/explain", ExplainAsync, "explainQuery", "Show the plan of a query", Tag) { BodyExample = Example },
        new("POST", "/explain", ExplainAsync, "explainQueryLegacy", "Show the plan of a query", Tag) { IsAlias = true },
        new("GET", "/query/current", request => ListAsync(request, request.Services.Queries.Running.Current(request.Caller.FabricId)), "listRunningQueries", "List running queries", Tag),
        new("GET", "/query/slow", request => ListAsync(request, request.Services.Queries.Running.Slow(request.Caller.FabricId)), "listSlowQueries", "List slow queries", Tag),
        new("DELETE", "/query/slow", ClearSlowAsync, "clearSlowQueries", "Forget the slow queries", Tag),
        new("DELETE", "/query/{id}", KillAsync, "killQuery", "Stop a running query", Tag),
    ];

    /// <summary>The query text of a body: 10 when it is missing or no string.</summary>
    public static string QueryText(RequestFields body) => body.Text("query"u8) ?? throw ErrorCodes.BadParameter.With("'query' is missing; it is the text of the query");

    private static async Task RunAsync(ApiRequest request)
    {
        var (body, bytes) = await QueryPlacement.ReadBodyAsync(request);
        var query = QueryRequestReader.Read(body, QueryText(body), body.Body.GetAttribute("bindVars"u8)) with { Named = request.Named };
        if (!await QueryPlacement.AdmitAsync(request, query, body, bytes))
            return;
        var page = await request.Services.Queries.ExecuteAsync(request.Fabric, request.Scope, request.Caller, query, request.Aborted);
        await PageWriter.WriteAsync(request.Http, 201, page);
    }

    internal static Task NextAsync(ApiRequest request) => NextAsync(request, batch: null);

    private static async Task NextAsync(ApiRequest request, string? batch)
    {
        QueryPage page;
        try
        {
            page = request.Services.Queries.Cursors.Fetch(request.Path("cursor"), request.Caller.CursorOwner, batch);
        }
        catch (GeoFabricException error) when (error.Code == ErrorCodes.CursorNotFound)
        {
            // A query that ran at the home left its cursor there.
            if (await request.Services.Placement.TryForwardAsync(request.Http, request.Fabric))
                return;
            throw;
        }
        await PageWriter.WriteAsync(request.Http, 200, page);
    }

    private static async Task DeleteAsync(ApiRequest request)
    {
        try
        {
            request.Services.Queries.Cursors.Delete(request.Path("cursor"), request.Caller.CursorOwner);
        }
        catch (GeoFabricException error) when (error.Code == ErrorCodes.CursorNotFound)
        {
            if (await request.Services.Placement.TryForwardAsync(request.Http, request.Fabric))
                return;
            throw;
        }
        await ResultWriter.WriteEnvelopeAsync(request.Http, 202, ("id", Value.FromString(request.Path("cursor"))));
    }

    private static async Task ParseAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var parsed = QueryEngine.Parse(QueryText(body));
        await ResultWriter.WriteEnvelopeAsync(
            request.Http,
            200,
            ("parsed", Value.True),
            ("collections", ObjectValue.List(parsed.Collections.Select(Value.FromString))),
            ("bindVars", ObjectValue.List(parsed.Parameters.Select(Value.FromString))),
            ("ast", Value.FromList([parsed.Tree])));
    }

    private static async Task ExplainAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var query = QueryRequestReader.Read(body, QueryText(body), body.Body.GetAttribute("bindVars"u8));
        var started = request.Services.Clock.GetTimestamp();
        var plan = request.Services.Queries.Explain(request.Fabric, request.Scope, request.Caller, query);
        var attributes = new List<(string, Value)>();
        if (body.Body.GetAttribute("options"u8).GetAttribute("allPlans"u8).IsTruthy)
            attributes.Add(("plans", Value.FromList([PageWriter.Plan(plan)])));
        else
            attributes.Add(("plan", PageWriter.Plan(plan)));
        attributes.Add(("cacheable", Value.FromBoolean(!plan.IsModification)));
        attributes.Add(("warnings", PageWriter.Warnings(plan.Warnings)));
        attributes.Add(("stats", ObjectValue.Of(
            ("rulesExecuted", Value.FromInteger(plan.RulesExecuted)),
            ("rulesSkipped", Value.FromInteger(plan.RulesSkipped)),
            ("plansCreated", Value.FromInteger(1)),
            ("peakMemoryUsage", Value.FromInteger(0)),
            ("executionTime", Value.FromDouble(request.Services.Clock.GetElapsedTime(started).TotalSeconds)))));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. attributes]);
    }

    private static Task ListAsync(ApiRequest request, IReadOnlyList<QueryInfo> queries) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.List(
        queries.Select(query => ObjectValue.Of(
            ("id", Value.FromString(query.Id)),
            ("query", Value.FromString(query.Text)),
            ("bindVars", JsonValueReader.Parse(System.Text.Encoding.UTF8.GetBytes(query.BindVarsJson))),
            ("started", Value.FromString(query.Started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture))),
            ("runTime", Value.FromDouble(query.RunSeconds)),
            ("state", Value.FromString(query.State)),
            ("stream", Value.False)))));

    private static Task ClearSlowAsync(ApiRequest request)
    {
        request.Services.Queries.Running.ClearSlow(request.Caller.FabricId);
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200);
    }

    private static Task KillAsync(ApiRequest request)
    {
        request.Services.Queries.Running.Kill(request.Caller.FabricId, request.Path("id"));
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200);
    }
}
