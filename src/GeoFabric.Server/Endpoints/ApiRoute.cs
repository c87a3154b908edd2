using System.Collections.Immutable;

namespace GeoFabric.Server.Endpoints;

/// <summary>What a route needs before its handler runs.</summary>
internal enum RouteScope
{
    /// <summary>Nothing: anyone may call it.</summary>
    Open,

    /// <summary>A principal.</summary>
    Tenant,

    /// <summary>A principal and a fabric it may use.</summary>
    Fabric,
}

/// <summary>Which region a request can be answered at.</summary>
internal enum RoutePlacement
{
    /// <summary>Any.</summary>
    Anywhere,

    /// <summary>Any that has the collection it names as recent as asked for; the home for strong reads.</summary>
    ReadsCollection,

    /// <summary>Any, or the home when the collection it names is written there only.</summary>
    WritesCollection,

    /// <summary>As the collections of its query have it; the handler finds out.</summary>
    RunsQuery,

    /// <summary>The home region: it changes tenants, users, fabrics or regions.</summary>
    Home,
}

internal delegate Task RouteHandler(ApiRequest request);

/// <summary>A query parameter as the API document shows it.</summary>
internal sealed record RouteParameter(string Name, string Description, bool IsRequired = false);

/// <summary>One row of the route tables: what the server answers and what the API document says about it.</summary>
/// <param name="Pattern">Path; for fabric routes the part behind <c>/_tenant/{tenant}/_fabric/{fabric}</c>.</param>
/// <param name="OperationId">Unique name of the operation in the API document.</param>
/// <param name="Tag">Group in the API document, as the contract names it.</param>
internal sealed record ApiRoute(string Method, string Pattern, RouteHandler Handler, string OperationId, string Summary, string Tag, RouteScope Scope = RouteScope.Fabric)
{
    public const string FabricPrefix = "/_tenant/{tenant}/_fabric/{fabric}";

    public ImmutableArray<RouteParameter> Query { get; init; } = [];

    /// <summary>Example of the request body as JSON; null when the call has none.</summary>
    public string? BodyExample { get; init; }

    /// <summary>Media type of the body.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>Status of a successful answer.</summary>
    public int SuccessStatus { get; init; } = 200;

    public RoutePlacement Placement { get; init; }

    /// <summary>Whether it writes documents in one transaction, which a client may name to send it again.</summary>
    public bool TakesRequestId { get; init; }

    /// <summary>Another name of an operation, kept for old clients and left out of the API document.</summary>
    public bool IsAlias { get; init; }

    /// <summary>The whole path pattern, as the API document shows it.</summary>
    public string FullPattern => Scope == RouteScope.Fabric ? FabricPrefix + Pattern : Pattern;

    /// <summary>The pattern of canonical paths, from which <c>_api</c> has been taken out.</summary>
    public string CanonicalPattern => FullPattern.StartsWith("/_api/", StringComparison.Ordinal) ? FullPattern["/_api".Length..] : FullPattern;
}
