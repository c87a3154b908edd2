using GeoFabric.Database;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Endpoints;

/// <summary>What handlers work with; one for the process.</summary>
public sealed record ServerServices(
    ServerOptions Options, DatabaseHost Databases, QueryEngine Queries, Authenticator Authenticator, PasswordHasher Passwords, TimeProvider Clock, DateTimeOffset Started);
