using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>What the server says about itself.</summary>
internal static class ServerEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/health", HealthAsync, "readHealth", "Answers when the server is ready", "Administration", RouteScope.Open),
        new("GET", "/_api/version", VersionAsync, "readVersion", "Read the server's version", "Administration", RouteScope.Tenant),
        new("GET", "/version", VersionAsync, "readVersionByFabric", "Read the server's version", "Administration") { IsAlias = true },
    ];

    private static Task HealthAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
        ("status", Value.FromString("ok")),
        ("version", Value.FromString(ServerServices.Version)),
        ("region", Value.FromString(request.Services.Options.Region)),
        ("uptimeSeconds", Value.FromInteger((long)(request.Services.Clock.GetUtcNow() - request.Services.Started).TotalSeconds))));

    private static Task VersionAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
        ("server", Value.FromString("geofabric")),
        ("license", Value.FromString("community")),
        ("version", Value.FromString(ServerServices.Version))));
}
