using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Users;

/// <summary>
/// What the administrator of a tenant notes down about its users, for queries that show each user their own rows: <c>FILTER d.team ==
/// CURRENT_USER_ATTRIBUTE("team")</c>. A user must not choose their own rows, so only root writes.
/// </summary>
internal static class UserAttributeEndpoints
{
    private const string Tag = "Users";

    private const string ManyPattern = "/user/{user}/attributes";

    /// <summary>Attributes travel with the catalog of the cluster, which all regions keep in memory.</summary>
    private const int BytesMax = 16 * 1024;

    /// <summary>Clients call them inside and outside of a fabric; it makes no difference.</summary>
    public static IReadOnlyList<ApiRoute> Table { get; } = [.. Routes(RouteScope.Tenant, "/_api" + ManyPattern), .. Routes(RouteScope.Fabric, ManyPattern)];

    private static IEnumerable<ApiRoute> Routes(RouteScope scope, string pattern) =>
    [
        new("GET", pattern, ReadAsync, "readUserAttributes", "Read a user's attributes", Tag, scope) { IsAlias = scope == RouteScope.Fabric },
        new("PUT", pattern, WriteAsync, "writeUserAttributes", "Give a user attributes, beside those it has", Tag, scope)
        {
            BodyExample = """{"team":"north"}""",
            Placement = RoutePlacement.Home,
            IsAlias = scope == RouteScope.Fabric,
        },
        new("DELETE", pattern + "/truncate", request => RemoveAsync(request, null), "clearUserAttributes", "Take all attributes from a user", Tag, scope)
        {
            SuccessStatus = 202,
            Placement = RoutePlacement.Home,
            IsAlias = scope == RouteScope.Fabric,
        },
        new("DELETE", pattern + "/{attribute}", request => RemoveAsync(request, request.Path("attribute")), "removeUserAttribute", "Take an attribute from a user", Tag, scope)
        {
            SuccessStatus = 202,
            Placement = RoutePlacement.Home,
            IsAlias = scope == RouteScope.Fabric,
        },
    ];

    private static Task ReadAsync(ApiRequest request)
    {
        if (request.Path("user") != request.Principal.UserName)
            DemandRoot(request);
        return request.Services.Databases.Catalog.TryGetUser(request.Tenant, request.Path("user"), out var user)
            ? ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", user.Attributes.IsNull ? Value.EmptyObject : user.Attributes))
            : throw ErrorCodes.UserNotFound.With($"'{request.Path("user")}' of tenant '{request.Tenant}'");
    }

    private static async Task WriteAsync(ApiRequest request)
    {
        var given = await request.ReadBodyAsync();
        if (!given.IsObject)
            throw ErrorCodes.BadParameter.With($"the body is {given.Kind.ToString().ToLowerInvariant()}; it must be an object of attributes such as {{\"team\": \"north\"}}");
        await ChangeAsync(request, present => present.IsNull ? given : ObjectValue.With(present, given));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", given));
    }

    /// <param name="name">Null for all. One that the user does not have is as good as taken.</param>
    private static async Task RemoveAsync(ApiRequest request, string? name)
    {
        await ChangeAsync(request, present => name is null || present.IsNull ? Value.EmptyObject : Without(present, name));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 202);
    }

    private static async Task ChangeAsync(ApiRequest request, Func<Value, Value> change)
    {
        DemandRoot(request);
        await request.Services.Databases.UpdateUserAsync(request.Tenant, request.Path("user"), user => user with { Attributes = Limited(change(user.Attributes)) }, request.Aborted);
    }

    private static Value Limited(Value attributes)
    {
        var bytes = Encoding.UTF8.GetByteCount(attributes.ToString());
        return bytes <= BytesMax
            ? attributes
            : throw ErrorCodes.BadParameter.With($"the user would have {bytes} bytes of attributes; at most {BytesMax} are possible");
    }

    private static Value Without(Value attributes, string name)
    {
        var kept = new List<(string, Value)>();
        foreach (var (other, value) in attributes.Attributes)
        {
            var text = Encoding.UTF8.GetString(other);
            if (text != name)
                kept.Add((text, value));
        }
        return ObjectValue.Of(kept);
    }

    private static void DemandRoot(ApiRequest request)
    {
        if (request.Principal.UserName != "root")
            throw ErrorCodes.PermissionDenied.With("only root of the tenant administers the attributes of its users");
    }
}
