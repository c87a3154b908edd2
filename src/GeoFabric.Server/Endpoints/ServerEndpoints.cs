using System.Reflection;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints;

/// <summary>The server itself.</summary>
public static class ServerEndpoints
{
    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/health", HealthAsync, "readHealth", "Whether the server is ready", "Server", RouteScope.Open),
        new("GET", "/_api/version", VersionAsync, "readVersion", "Version of the server", "Server", RouteScope.Open),
        new("GET", "/version", VersionAsync, "readFabricVersion", "Version of the server", "Server"),
    ];

    private static Task HealthAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
        ("status", Value.FromString("ok")),
        ("version", Value.FromString(Version)),
        ("region", Value.FromString(request.Services.Options.Region)),
        ("uptimeSeconds", Value.FromInteger((long)(request.Services.Clock.GetUtcNow() - request.Services.Started).TotalSeconds))));

    private static Task VersionAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
        ("server", Value.FromString("geofabric")), ("license", Value.FromString("community")), ("version", Value.FromString(Version))));
}
