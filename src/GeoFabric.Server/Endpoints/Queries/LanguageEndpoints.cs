using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>The words and functions of the language, for editors that complete what is typed. It is the same for as long as the server runs.</summary>
internal static class LanguageEndpoints
{
    private static readonly Lazy<(byte[] Body, string Tag)> s_reference = new(Write);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/c8ql/reference", ReadAsync, "readLanguageReference", "Read keywords and functions of C8QL, for completion", "Query", RouteScope.Tenant),
    ];

    private static Task ReadAsync(ApiRequest request)
    {
        var (body, tag) = s_reference.Value;
        var headers = request.Http.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "private, no-cache";
        return request.Http.Request.Headers.IfNoneMatch == tag ? ResultWriter.SendEmptyAsync(request.Http, 304) : ResultWriter.SendAsync(request.Http, 200, body);
    }

    private static (byte[] Body, string Tag) Write()
    {
        var reference = ObjectValue.Of(
            ("error", Value.False),
            ("code", Value.FromInteger(200)),
            ("result", ObjectValue.Of(
                ("version", Value.FromString(ServerServices.Version)),
                ("keywords", ObjectValue.Strings(Keywords.All)),
                ("aggregates", ObjectValue.Strings(AggregateCatalog.All.Select(aggregate => aggregate.Name))),
                ("functions", ObjectValue.List(FunctionCatalog.All.Select(Describe))))));
        var body = Encoding.UTF8.GetBytes(reference.ToString());
        return (body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"");
    }

    private static Value Describe(FunctionDefinition function) => ObjectValue.Of(
        ("name", Value.FromString(function.Name)),
        ("signature", Value.FromString(FunctionCatalog.SignatureOf(function))),
        ("category", Value.FromString(FunctionCatalog.GroupOf(function))),
        ("minArguments", Value.FromInteger(function.MinArguments)),
        ("maxArguments", function.MaxArguments == FunctionDefinition.Unlimited ? Value.Null : Value.FromInteger(function.MaxArguments)),
        ("summary", Value.FromString(function.Summary)),
        ("example", Value.FromString(function.Example)),
        ("exampleResult", Value.FromString(function.ExampleResult)));
}
