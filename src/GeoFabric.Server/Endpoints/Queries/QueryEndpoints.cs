using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>C8QL: run, page, parse, format and explain.</summary>
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
        new("POST", "/query/format", FormatAsync, "formatQuery", "Lay a query out over lines", Tag) { BodyExample = """{"query":"for a in addresses filter a.city == 'Oslo' return a"}""" },
        new("POST", "/query/explain", ExplainAsync, "explainQuery", "Show the plan of a query", Tag) { BodyExample = Example },
        new("POST", "/explain", ExplainAsync, "explainQueryLegacy", "Show the plan of a query", Tag) { IsAlias = true },
    ];

    /// <summary>The query text of a body: 10 when it is missing or no string.</summary>
    public static string QueryText(RequestFields body) => body.Text("query"u8) ?? throw ErrorCodes.BadParameter.With("'query' is missing; it is the text of the query");

    private static async Task RunAsync(ApiRequest request)
    {
        var (body, bytes) = await QueryPlacement.ReadBodyAsync(request);
        // A query that is no text is an empty one here, as clients of ArangoDB know it.
        if (!body.Body.GetAttribute("query"u8).IsString)
            throw ErrorCodes.QueryEmpty.With("'query' is missing or no string; it is the text of the query");
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
            page = request.Services.Queries.Fetch(request.Path("cursor"), request.Caller, batch, request.Aborted);
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

    private static async Task FormatAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(("query", Value.FromString(QueryEngine.Format(QueryText(body)))))));
    }

    private static async Task ExplainAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var query = QueryRequestReader.Read(body, QueryText(body), body.Body.GetAttribute("bindVars"u8));
        var started = request.Services.Clock.GetTimestamp();
        var plan = request.Services.Queries.Explain(request.Fabric, request.Scope, request.Caller, query, request.Http.RequestAborted);
        var attributes = new List<(string, Value)>();
        if (body.Fields("options"u8).Boolean("allPlans"u8, false))
            attributes.Add(("plans", Value.FromList([PageWriter.Plan(plan)])));
        else
            attributes.Add(("plan", PageWriter.Plan(plan)));
        attributes.Add(("cacheable", Value.FromBoolean(!plan.IsModification)));
        attributes.Add(("warnings", PageWriter.Warnings(plan.Warnings)));
        attributes.Add(("advice", PageWriter.Advice(plan.Advice)));
        attributes.Add(("stats", ObjectValue.Of(
            ("rulesExecuted", Value.FromInteger(plan.RulesExecuted)),
            ("rulesSkipped", Value.FromInteger(plan.RulesSkipped)),
            ("plansCreated", Value.FromInteger(1)),
            ("peakMemoryUsage", Value.FromInteger(0)),
            ("executionTime", Value.FromDouble(request.Services.Clock.GetElapsedTime(started).TotalSeconds)))));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. attributes]);
    }
}
