using System.Collections.Concurrent;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Authentication;

/// <summary>Turns the Authorization header into a principal, and a principal into its rights in a fabric: the one place where access begins.</summary>
public sealed class Authenticator(DatabaseHost databases, SessionTokens tokens, PasswordHasher passwords, LoginThrottle throttle)
{
    private const int CachedTokensMax = 4096;

    // Tokens whose signature was checked. Life and user are checked again at each use, so an entry never outlives either.
    private readonly ConcurrentDictionary<string, VerifiedToken> _verified = new(StringComparer.Ordinal);

    /// <exception cref="GeoFabricException">11 with status 401.</exception>
    public async ValueTask<Principal> AuthenticateAsync(string? authorization, string address, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(authorization))
            throw ErrorCodes.Forbidden.With("the Authorization header is missing; send 'bearer TOKEN' with the token of /_open/auth");
        var space = authorization.IndexOf(' ');
        var scheme = space < 0 ? authorization : authorization[..space];
        var credentials = space < 0 ? "" : authorization[(space + 1)..].Trim();
        if (scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            return CheckUser(VerifyToken(credentials));
        if (scheme.Equals("basic", StringComparison.OrdinalIgnoreCase))
            return await LogInBasicAsync(credentials, address, cancellationToken);
        throw ErrorCodes.Forbidden.With($"authorization scheme '{(scheme.Length > 20 ? scheme[..20] : scheme)}' is not supported; use bearer or basic");
    }

    /// <summary>Checks a name, which may be an e-mail address, and a password.</summary>
    /// <param name="tenant">Tenant of the name; null when the name is an e-mail address.</param>
    /// <exception cref="GeoFabricException">401 for a wrong password, 11 for an unknown login, 429 after too many failures.</exception>
    public async Task<Principal> LogInAsync(TenantName? tenant, string name, string password, string address, CancellationToken cancellationToken)
    {
        throttle.Check(name, address);
        var catalog = databases.Catalog;
        var user = tenant is not null && catalog.TryGetUser(tenant, name, out var found) ? found : catalog.FindUserByEmail(name);
        if (user is not null && tenant is not null && user.Tenant != tenant)
            user = null;
        // An unknown name costs as much time as a wrong password.
        var isRight = await passwords.VerifyAsync(password, user?.PasswordHash, cancellationToken);
        if (user is { IsActive: true } && isRight)
            return new Principal(user.Tenant, user.Name, user.Version);
        throttle.RecordFailure(name, address);
        throw user is null ? ErrorCodes.Forbidden.Create() : ErrorCodes.WrongCredentials.Create();
    }

    public string IssueToken(Principal principal) => tokens.Issue(principal);

    /// <summary>The principal's rights in a fabric. Users other than root get theirs here when grants exist.</summary>
    /// <exception cref="GeoFabricException">11 with status 403 for a fabric of another tenant.</exception>
    public static AccessScope ScopeFor(Principal principal, FabricDatabase fabric) => fabric.Fabric.Tenant == principal.Tenant
        ? new AccessScope(principal.Tenant, fabric.Fabric.Id, principal.UserName, AccessLevel.Administrate)
        : throw ErrorCodes.AccessDenied.With($"user '{principal.UserName}' of tenant '{principal.Tenant}' may not use fabrics of other tenants");

    private Principal VerifyToken(string token)
    {
        if (_verified.TryGetValue(token, out var known))
            return tokens.CheckTime(known).Principal;
        var verified = tokens.Verify(token);
        if (_verified.Count >= CachedTokensMax)
            _verified.Clear();
        _verified[token] = verified;
        return verified.Principal;
    }

    private Principal CheckUser(Principal principal) =>
        databases.Catalog.TryGetUser(principal.Tenant, principal.UserName, out var user) && user.IsActive && user.Version == principal.UserVersion
            ? principal
            : throw ErrorCodes.Forbidden.With("the session has ended because its user was changed or deleted; log in again");

    private async ValueTask<Principal> LogInBasicAsync(string credentials, string address, CancellationToken cancellationToken)
    {
        var buffer = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, buffer, out var length))
            throw ErrorCodes.Forbidden.With("the basic credentials are not base64 of name:password");
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':');
        if (colon < 0)
            throw ErrorCodes.Forbidden.With("the basic credentials are not base64 of name:password");
        var name = text[..colon];
        return await LogInAsync(name.Contains('@') ? null : TenantName.Root, name, text[(colon + 1)..], address, cancellationToken);
    }
}
