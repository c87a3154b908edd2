using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Requests;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Http;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints;

/// <summary>One call: the HTTP exchange, who calls, and the fabric it is about.</summary>
internal sealed class ApiRequest(HttpContext http, ServerServices services, Principal? principal, FabricDatabase? fabric, AccessScope? scope)
{
    private static readonly TimeSpan CatalogWaitMax = TimeSpan.FromSeconds(2);

    public HttpContext Http => http;

    public ServerServices Services => services;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The caller; only on routes that ask for one.</summary>
    public Principal Principal => principal!;

    public TenantName Tenant => Principal.Tenant;

    /// <summary>The fabric; only on fabric routes.</summary>
    public FabricDatabase Fabric => fabric!;

    /// <summary>The caller's rights in the fabric; only on fabric routes.</summary>
    public AccessScope Scope => scope!;

    /// <summary>The id the client gave the write; null for none.</summary>
    public WriteRequest? Named { get; set; }

    public QueryCaller Caller => new(
        Fabric.Fabric.Id.ToString(CultureInfo.InvariantCulture), Fabric.Fabric.Name.Text, Principal.UserName)
    {
        UserAttributes = services.Databases.Catalog.TryGetUser(Principal.Tenant, Principal.UserName, out var user) ? user.Attributes : default,
    };

    /// <summary>A parameter of the path.</summary>
    public string Path(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A query parameter; an empty one counts as missing, unknown ones are ignored.</summary>
    public string? Text(string name) => http.Request.QueryString.HasValue && http.Request.Query.TryGetValue(name, out var values) && values[0] is { Length: > 0 } text ? text : null;

    /// <exception cref="GeoFabricException">10 when missing.</exception>
    public string RequiredText(string name) => Text(name) ?? throw ErrorCodes.BadParameter.With($"query parameter '{name}' is missing");

    /// <summary>A boolean query parameter: true or 1, false or 0, in any letter case.</summary>
    /// <exception cref="GeoFabricException">10 for anything else.</exception>
    public bool Flag(string name, bool defaultValue = false) => Text(name) switch
    {
        null => defaultValue,
        "1" or "true" or "True" or "TRUE" => true,
        "0" or "false" or "False" or "FALSE" => false,
        var other when other.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var other when other.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var other => throw ErrorCodes.BadParameter.With($"query parameter '{name}' is '{Shorten(other)}'; it takes true or false"),
    };

    /// <exception cref="GeoFabricException">10 for no integer from 0 to <paramref name="most"/>.</exception>
    public long Number(string name, long defaultValue, long most = long.MaxValue) => Text(name) is not { } text
        ? defaultValue
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw ErrorCodes.BadParameter.With($"query parameter '{name}' is '{Shorten(text)}'; it takes an integer from 0 to {most}");

    /// <summary>Brings a change of the catalog to the home region, and waits until its result is known here.</summary>
    /// <returns>False when the home has answered.</returns>
    public ValueTask<bool> AdmitAtHomeAsync()
    {
        if (services.Databases.IsHome && services.Databases.Catalog.Cluster is not null)
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers[CatalogGossip.PositionHeader] = CatalogPosition.Of(services.Databases.Catalog).ToString();
                return Task.CompletedTask;
            });
        }
        return services.Placement.AdmitAtHomeAsync(http, WaitForCatalogAsync);
    }

    /// <summary>The body's JSON value; null for an empty body.</summary>
    public ValueTask<Value> ReadBodyAsync() => RequestBody.ReadOptionalJsonAsync(http);

    /// <summary>The body, which must be a JSON object; an empty one counts as {}.</summary>
    public ValueTask<RequestFields> ReadObjectAsync() => RequestBody.ReadOptionalObjectAsync(http);

    /// <summary>The next call of the client here must find what this one made at the home. When it takes too long the answer is passed on all the same.</summary>
    private async Task WaitForCatalogAsync(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(CatalogGossip.PositionHeader, out var values))
            return;
        var position = CatalogPosition.Parse(values.First());
        var began = services.Clock.GetTimestamp();
        while (position.IsAfter(CatalogPosition.Of(services.Databases.Catalog)) && services.Clock.GetElapsedTime(began) < CatalogWaitMax)
        {
            services.Network?.FetchCatalog(services.Databases.Catalog.Cluster!.Home);
            await Task.Delay(TimeSpan.FromMilliseconds(5), services.Clock, Aborted);
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
