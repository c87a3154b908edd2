using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Endpoints.Datacenters;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Authentication;

/// <summary>What the console needs to begin: where it is, and a session that goes with its user from one region to another.</summary>
internal static class HandoverEndpoints
{
    private const string Tag = "Authentication";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_open/console", ReadConsoleAsync, "describeConsole", "Read what the console shows before a login", Tag, RouteScope.Open),
        new("POST", "/_api/console/handover", IssueAsync, "handOverConsole", "Make a code that opens the console of another region once, within 30 seconds", Tag, RouteScope.Tenant)
        { BodyExample = """{"region":"eu-west"}""", SuccessStatus = 201 },
        new("POST", "/_open/auth/code", RedeemAsync, "authenticateByCode", "Exchange such a code for a session, at the region it was made for", Tag, RouteScope.Open)
        { BodyExample = """{"code":"..."}""" },
    ];

    private static Task ReadConsoleAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(
        request.Http,
        200,
        ("version", Value.FromString(ServerServices.Version)),
        ("region", Value.FromString(request.Services.Region)),
        ("isCluster", Value.FromBoolean(request.Services.Databases.Catalog.Cluster is not null)),
        ("isDemo", Value.FromBoolean(request.Services.IsDemonstration)),
        ("label", Value.FromString(request.Services.Options.Environment.Label)),
        ("color", Value.FromString(request.Services.Options.Environment.Color)));

    private static async Task IssueAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var name = body.RequiredText("region"u8);
        var region = DataCenterEndpoints.Members(request).FirstOrDefault(member => member.Name.Text == name)
            ?? throw ErrorCodes.DatacenterNotFound.With($"'{(name.Length > 64 ? name[..64] : name)}'; the regions are {string.Join(", ", DataCenterEndpoints.Members(request).Select(member => member.Name))}");
        var url = name == request.Services.Region ? $"{request.Http.Request.Scheme}://{request.Http.Request.Host}" : region.PublicUrl.TrimEnd('/');
        if (url.Length == 0)
            throw ErrorCodes.RegionUnavailable.With($"'{name}' has not said yet where clients reach it");
        AnswerCompression.Refuse(request.Http.Response);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, ("result", ObjectValue.Of(
            ("code", Value.FromString(request.Services.Handovers.Issue(request.Principal, name))),
            ("region", Value.FromString(name)),
            ("url", Value.FromString(url + "/")),
            ("expiresInSeconds", Value.FromInteger((long)HandoverCodes.Lifetime.TotalSeconds)))));
    }

    private static async Task RedeemAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var principal = request.Services.Handovers.Redeem(body.RequiredText("code"u8));
        await AuthenticationEndpoints.AnswerWithTokenAsync(request, principal);
    }
}
