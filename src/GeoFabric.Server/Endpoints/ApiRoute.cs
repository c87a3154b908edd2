using System.Collections.Immutable;

namespace GeoFabric.Server.Endpoints;

/// <summary>What a route needs before its handler runs.</summary>
public enum RouteScope
{
    /// <summary>Nothing: anyone may call it.</summary>
    Open,

    /// <summary>A principal.</summary>
    Tenant,

    /// <summary>A principal and a fabric it may use.</summary>
    Fabric,
}

public delegate Task RouteHandler(ApiRequest request);

/// <summary>One row of the route tables: what the server answers and what the API document says about it.</summary>
/// <param name="Pattern">Path; for fabric routes the part behind <c>/_tenant/{tenant}/_fabric/{fabric}/_api</c>.</param>
/// <param name="OperationId">Unique name of the operation in the API document.</param>
/// <param name="Tag">Group in the API document, as the contract names it.</param>
public sealed record ApiRoute(string Method, string Pattern, RouteHandler Handler, string OperationId, string Summary, string Tag, RouteScope Scope = RouteScope.Fabric)
{
    /// <summary>Query parameters with a one-line description each.</summary>
    public ImmutableArray<(string Name, string Description)> Query { get; init; } = [];

    /// <summary>Example of the request body as JSON; null when the call has none.</summary>
    public string? BodyExample { get; init; }

    /// <summary>Status of a successful answer.</summary>
    public int SuccessStatus { get; init; } = 200;

    /// <summary>The whole path pattern.</summary>
    public string FullPattern => Scope == RouteScope.Fabric ? "/_tenant/{tenant}/_fabric/{fabric}/_api" + Pattern : Pattern;
}
