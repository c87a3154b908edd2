using System.Text.Json;
using System.Text.Json.Nodes;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Endpoints;

namespace GeoFabric.Server.OpenApi;

/// <summary>Describes the route tables as an OpenAPI 3.1 document. Checked in as docs/api/openapi.json; a test fails on a change nobody announced.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write()
    {
        var paths = new JsonObject();
        foreach (var byPath in RouteTables.All.Where(route => !route.IsAlias).GroupBy(route => route.FullPattern))
        {
            var item = new JsonObject();
            foreach (var route in byPath)
                item[route.Method.ToLowerInvariant()] = Describe(route);
            paths[byPath.Key] = item;
        }
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "GeoFabric",
                ["version"] = ServerServices.Version,
                ["description"] = "Log in at POST /_open/auth, press Authorize and paste the jwt.",
            },
            ["tags"] = new JsonArray([.. RouteTables.All.Select(route => route.Tag).Distinct().Select(tag => (JsonNode)new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" },
                },
                ["schemas"] = new JsonObject { ["Error"] = ErrorSchema() },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, Indented);
    }

    private static JsonObject Describe(ApiRoute route)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(route.Tag),
            ["summary"] = route.Summary,
            ["operationId"] = route.OperationId,
        };
        var parameters = new JsonArray();
        foreach (var segment in route.FullPattern.Split('/').Where(segment => segment.StartsWith('{')))
            parameters.Add(PathParameterOf(segment[1..^1]));
        foreach (var parameter in route.Query)
            parameters.Add(QueryParameterOf(parameter));
        AddConsistency(parameters, route.Placement);
        if (route.Placement == RoutePlacement.RunsQuery)
            parameters.Add(HeaderParameterOf(RegionForwarder.RegionHeader, "Name of the region that answers, whichever is asked; a cursor stays at the region that made it"));
        if (route.TakesRequestId)
            parameters.Add(HeaderParameterOf(NamedRequests.IdHeader, "A UUID of the client's own: sent again with it, in whichever region, the request is carried out once"));
        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (route.BodyExample is not null)
        {
            operation["requestBody"] = new JsonObject
            {
                ["content"] = new JsonObject
                {
                    [route.BodyType] = new JsonObject { ["schema"] = new JsonObject(), ["example"] = JsonNode.Parse(route.BodyExample) },
                },
            };
        }
        operation["responses"] = new JsonObject
        {
            [route.SuccessStatus.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["description"] = "Done",
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject() } },
            },
            ["default"] = new JsonObject
            {
                ["description"] = "Refused; errorNum and errorMessage say why",
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Error" } },
                },
            },
        };
        if (route.Scope != RouteScope.Open)
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
        return operation;
    }

    /// <summary>What every read takes, and every write of a session.</summary>
    private static void AddConsistency(JsonArray parameters, RoutePlacement placement)
    {
        if (placement is RoutePlacement.ReadsCollection or RoutePlacement.RunsQuery)
        {
            parameters.Add(QueryParameterOf(new RouteParameter(
                RequestConsistency.LevelParameter, $"eventual, causal, session, bounded(MILLISECONDS) or strong; the same as the header {RequestConsistency.LevelHeader}")));
            parameters.Add(QueryParameterOf(new RouteParameter(RequestConsistency.StrongParameter, "true: the latest state, of a collection that is written at one region only")));
        }
        if (placement is RoutePlacement.ReadsCollection or RoutePlacement.RunsQuery or RoutePlacement.WritesCollection)
        {
            parameters.Add(HeaderParameterOf(
                RequestConsistency.SessionHeader, "What the last answer of the session had in this header, from whichever region; empty begins a session"));
        }
    }

    private static JsonObject QueryParameterOf(RouteParameter parameter)
    {
        var described = new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["description"] = parameter.Description };
        if (parameter.IsRequired)
            described["required"] = true;
        described["schema"] = new JsonObject { ["type"] = "string" };
        return described;
    }

    private static JsonObject HeaderParameterOf(string name, string description) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject PathParameterOf(string name)
    {
        var schema = new JsonObject { ["type"] = "string" };
        var prefilled = name switch
        {
            "tenant" => "_mm",
            "fabric" => "_system",
            _ => null,
        };
        if (prefilled is not null)
            schema["default"] = prefilled;
        return new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = schema };
    }

    private static JsonObject ErrorSchema() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("error", "code", "errorNum", "errorMessage"),
        ["properties"] = new JsonObject
        {
            ["error"] = new JsonObject { ["type"] = "boolean" },
            ["code"] = new JsonObject { ["type"] = "integer", ["description"] = "HTTP status" },
            ["errorNum"] = new JsonObject { ["type"] = "integer", ["description"] = "Number of the error; see docs/errors.md" },
            ["errorMessage"] = new JsonObject { ["type"] = "string" },
        },
    };
}
