using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Endpoints.Queries;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Restql;

/// <summary>Saved queries as endpoints of their own.</summary>
internal static class RestqlEndpoints
{
    private const string Tag = "RESTQL";
    private const int DescriptionLengthMax = 4000;

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/restql", SaveAsync, "saveRestql", "Save restql", Tag) { BodyExample = """{"query":{"name":"showAddresses","value":"FOR a IN addresses RETURN a","parameter":{},"description":"All addresses"}}""" },
        new("POST", "/restql/execute/{name}", ExecuteAsync, "executeRestqlByName", "Execute restql by name", Tag)
        { BodyExample = """{"bindVars":{}}""", SuccessStatus = 201, Placement = RoutePlacement.RunsQuery, TakesRequestId = true },
        new("PUT", "/restql/fetch/{cursor}", QueryEndpoints.NextAsync, "fetchRestqlBatch", "Read the next batch", Tag),
        new("GET", "/restql/user", ListAsync, "listRestql", "List saved queries", Tag),
        new("POST", "/restql/import", ImportAsync, "importRestql", "Save several queries", Tag) { BodyExample = """{"queries":[{"name":"one","value":"RETURN 1"}],"details":false}""" },
        new("PUT", "/restql/{name}", UpdateAsync, "updateRestql", "Change a saved query", Tag) { BodyExample = """{"query":{"value":"FOR a IN addresses RETURN a.name"}}""" },
        new("DELETE", "/restql/{name}", DeleteAsync, "deleteRestql", "Delete a saved query", Tag),
    ];

    private static async Task SaveAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var query = ReadQuery(request, body.Body.GetAttribute("query"u8), ErrorCodes.BadRequest, "");
        QueryEngine.Parse(query.Text);
        var saved = await request.Fabric.SaveStoredQueryAsync(request.Scope, query, mayReplace: false, request.Aborted);
        request.Services.SavedQueryRuns.Forget(request.Fabric.Fabric.Id, query.Name);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Describe(request, saved)));
    }

    private static async Task ImportAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        if (body.Body.GetAttribute("queries"u8) is not { IsArray: true } items)
            throw ErrorCodes.BadParameter.With("'queries' must be an array");
        var queries = new List<StoredQuery>();
        foreach (var item in items.Items)
            queries.Add(ReadQuery(request, item, ErrorCodes.BadParameter, $" in query: {item}"));
        var failures = new List<Value>();
        foreach (var query in queries)
        {
            try
            {
                QueryEngine.Parse(query.Text);
                await request.Fabric.SaveStoredQueryAsync(request.Scope, query, mayReplace: false, request.Aborted);
            }
            catch (GeoFabricException error) when (error.HttpStatus < 500)
            {
                failures.Add(ObjectValue.Of(
                    ("query", ObjectValue.Of(("name", Value.FromString(query.Name)), ("value", Value.FromString(query.Text)))),
                    ("errorNumber", Value.FromInteger(error.ErrorNumber)),
                    ("errorMessage", Value.FromString(error.Message))));
            }
        }
        var result = new List<(string, Value)> { ("created", Value.FromInteger(queries.Count - failures.Count)), ("errors", Value.FromInteger(failures.Count)) };
        if (body.Body.GetAttribute("details"u8).IsTruthy)
            result.Add(("details", ObjectValue.Of(("errors", ObjectValue.List(failures)))));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(result)));
    }

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var change = body.Fields("query"u8);
        if (!request.Fabric.TryGetStoredQuery(request.Scope, Name(request), out var query))
            throw new GeoFabricException(ErrorCodes.QueryWorkerUnknown, null);
        var text = change.Text("value"u8);
        var declared = QueryEngine.Parse(text ?? query.Text).Parameters;
        var changed = query with
        {
            Text = text ?? query.Text,
            Parameters = change.Body.TryGetAttribute("parameter"u8, out var parameters) ? CheckedParameters(parameters) : Declared(query.Parameters, declared),
            Type = CheckedType(change.Text("type"u8) ?? query.Type),
            Description = CheckedDescription(change.Text("description"u8)) ?? query.Description,
        };
        await request.Fabric.SaveStoredQueryAsync(request.Scope, changed, mayReplace: true, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("_key", Value.FromString(Key(request, changed))), ("value", Value.FromString(changed.Text)))));
    }

    private static async Task DeleteAsync(ApiRequest request)
    {
        if (!await request.Fabric.DeleteStoredQueryAsync(request.Scope, Name(request), request.Aborted))
            throw new GeoFabricException(ErrorCodes.QueryWorkerUnknown, null);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.EmptyArray));
    }

    private static Task ListAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(
        request.Http, 200, ("result", ObjectValue.List(request.Fabric.ListStoredQueries(request.Scope).OrderByDescending(query => query.SavedAt).Select(query => DescribeWhole(request, query)))));

    private static async Task ExecuteAsync(ApiRequest request)
    {
        var (body, bytes) = await QueryPlacement.ReadBodyAsync(request);
        if (!request.Fabric.TryGetStoredQuery(request.Scope, Name(request), out var query))
            throw ErrorCodes.QueryEmpty.With($"there is no saved query '{Name(request)}'");
        var run = QueryRequestReader.Read(body, query.Text, Merge(query.Parameters, body.Object("bindVars"u8))) with { Named = request.Named };
        if (!await QueryPlacement.AdmitAsync(request, run, body, bytes))
            return;
        var page = await request.Services.SavedQueryRuns.RunAsync(
            request.Fabric.Fabric.Id, query.Name, request.Services.Clock,
            () => request.Services.Queries.ExecuteAsync(request.Fabric, request.Scope, request.Caller, run, request.Aborted));
        await PageWriter.WriteAsync(request.Http, 201, page);
    }

    /// <summary>A slash in a name comes escaped: plain ones part the path.</summary>
    private static string Name(ApiRequest request) => request.Path("name").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The defaults, with what the call gives on top.</summary>
    private static Value Merge(Value defaults, Value given)
    {
        if (!defaults.IsObject || defaults.Attributes.Count == 0)
            return given;
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var (name, value) in defaults.Attributes)
            builder.WriteAttribute(name, value);
        if (given.IsObject)
        {
            foreach (var (name, value) in given.Attributes)
                builder.WriteAttribute(name, value);
        }
        builder.EndObject();
        return builder.Build();
    }

    private static StoredQuery ReadQuery(ApiRequest request, Value item, ErrorCode code, string where)
    {
        var text = item.GetAttribute("value"u8);
        if (!text.IsString)
            throw new GeoFabricException(code, $"query 'value' missing or is not a string{(where.Length == 0 ? "." : where)}");
        var name = item.GetAttribute("name"u8);
        if (!name.IsString || !IsName(name.Text))
            throw new GeoFabricException(code, $"query 'name' must start with a letter and hold up to 64 letters, digits, '_' or '-'; '/' may part it into folders{where}");
        return new StoredQuery(
            name.Text, text.Text, CheckedParameters(item.GetAttribute("parameter"u8)), CheckedType(RequestFields.Of(item).Text("type"u8) ?? "c8ql"), request.Principal.UserName)
        {
            Description = CheckedDescription(RequestFields.Of(item).Text("description"u8)) ?? "",
            Created = request.Services.Clock.GetUtcNow(),
        };
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/')
        && !name.EndsWith('/') && !name.Contains("//", StringComparison.Ordinal);

    private static string? CheckedDescription(string? description) => description is null or { Length: <= DescriptionLengthMax }
        ? description
        : throw ErrorCodes.BadParameter.With($"'description' has {description.Length} characters; it takes up to {DescriptionLengthMax}");

    /// <summary>The defaults that a changed text still knows; the others would make every run fail.</summary>
    private static Value Declared(Value defaults, IReadOnlyCollection<string> declared) => defaults.IsNull
        ? defaults
        : ObjectValue.Of(declared.Where(name => defaults.Attributes.Contains(Encoding.UTF8.GetBytes(name))).Select(name => (name, defaults.GetAttribute(Encoding.UTF8.GetBytes(name)))));

    private static Value CheckedParameters(Value parameters) => parameters.IsNull
        ? Value.EmptyObject
        : parameters.IsObject ? parameters : throw ErrorCodes.BadParameter.With($"'parameter' must be an object of default values, not {parameters}");

    private static string CheckedType(string type) => type switch
    {
        "c8ql" => type,
        "sql" => throw ErrorCodes.NotImplemented.With("saved queries of type 'sql' are not part of this version of GeoFabric; write C8QL"),
        _ => throw ErrorCodes.BadParameter.With($"query type '{type}'; it is \"c8ql\""),
    };

    private static string Key(ApiRequest request, StoredQuery query) =>
        $"{request.Principal.Tenant}.{query.Owner}.{request.Principal.Tenant}.{request.Fabric.Fabric.Name}.{query.Name}";

    private static Value Describe(ApiRequest request, StoredQuery query) => ObjectValue.Of(
        ("_key", Value.FromString(Key(request, query))),
        ("userid", Value.FromString($"{request.Principal.Tenant}.{query.Owner}")),
        ("tenant", Value.FromString(request.Principal.Tenant.Text)),
        ("fabric", Value.FromString($"{request.Principal.Tenant}.{request.Fabric.Fabric.Name}")),
        ("name", Value.FromString(query.Name)),
        ("value", Value.FromString(query.Text)),
        ("parameter", query.Parameters.IsNull ? Value.EmptyObject : query.Parameters),
        ("type", Value.FromString(query.Type)));

    /// <summary>With what people look for in a list: what it is, when it was saved, what it has to be given, how it fares here.</summary>
    private static Value DescribeWhole(ApiRequest request, StoredQuery query) => ObjectValue.With(Describe(request, query), ObjectValue.Of(
        ("description", Value.FromString(query.Description)),
        ("created", TimeValue.Of(query.Created)),
        ("changed", TimeValue.Of(query.Changed)),
        ("parameters", ObjectValue.List(ParametersOf(query).Select(name => DescribeParameter(query, name)))),
        ("runs", Describe(request.Services.SavedQueryRuns.Read(request.Fabric.Fabric.Id, query.Name)))));

    /// <summary>None for a text that is no query in this version.</summary>
    private static IReadOnlyList<string> ParametersOf(StoredQuery query)
    {
        try
        {
            return QueryEngine.Parse(query.Text).Parameters;
        }
        catch (GeoFabricException)
        {
            return [];
        }
    }

    private static Value DescribeParameter(StoredQuery query, string name)
    {
        var isGiven = query.Parameters.TryGetAttribute(Encoding.UTF8.GetBytes(name), out var value);
        return ObjectValue.Of(
            ("name", Value.FromString(name)),
            ("isCollection", Value.FromBoolean(name.StartsWith('@'))),
            ("isRequired", Value.FromBoolean(!isGiven)),
            ("default", isGiven ? value : Value.Null));
    }

    private static Value Describe(SavedQueryRun run) => ObjectValue.Of(
        ("calls", Value.FromInteger(run.Calls)),
        ("errors", Value.FromInteger(run.Errors)),
        ("averageMilliseconds", run.Calls == run.Errors ? Value.Null : Value.FromDouble(Math.Round(run.TimeOfGood.TotalMilliseconds / (run.Calls - run.Errors), 3))),
        ("lastRun", TimeValue.Of(run.LastRun)),
        ("lastError", run.LastError is not { } error ? Value.Null : ObjectValue.Of(
            ("at", TimeValue.Of(run.LastErrorAt)), ("errorNum", Value.FromInteger(error.ErrorNumber)), ("errorMessage", Value.FromString(error.Message)))));
}
