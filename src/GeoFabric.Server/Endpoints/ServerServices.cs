using GeoFabric.Database;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Endpoints;

/// <summary>What handlers work with; one for the process.</summary>
internal sealed record ServerServices(
    ServerOptions Options, DatabaseHost Databases, QueryEngine Queries, Authenticator Authenticator, PasswordHasher Passwords, TimeProvider Clock, DateTimeOffset Started)
{
    /// <summary>The version of this program, as in 0.1.0.</summary>
    public static string Version { get; } = typeof(ServerServices).Assembly.GetName().Version is { } version ? version.ToString(3) : "0";
}
