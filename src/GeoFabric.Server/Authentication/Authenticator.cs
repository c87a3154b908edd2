using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Authentication;

/// <summary>Turns the Authorization header into a principal, and a principal into its rights in a fabric: the one place where access begins.</summary>
internal sealed class Authenticator(DatabaseHost databases, SessionTokens tokens, PasswordHasher passwords, LoginThrottle throttle)
{
    private const int CachedMax = 4096;

    // Headers whose signature or password was right, with the user record they were right for. Time and user are checked again at each use,
    // so an entry never outlives either; a record that changed in any way is another object.
    private readonly ConcurrentDictionary<string, Verified> _verified = new(StringComparer.Ordinal);

    // The last one of them: most requests come from whom the one before came from, and comparing a token takes a tenth of hashing it.
    private Verified? _last;

    /// <summary>Finds out who sends a request.</summary>
    /// <exception cref="GeoFabricException">11 with status 401.</exception>
    public ValueTask<Principal> AuthenticateAsync(HttpContext http)
    {
        string? authorization = http.Request.Headers.Authorization;
        if (string.IsNullOrWhiteSpace(authorization))
            throw ErrorCodes.Forbidden.With("the Authorization header is missing; send 'bearer TOKEN' with the token of /_open/auth");
        var known = _last is { } last && last.Header == authorization ? last : _verified.GetValueOrDefault(authorization);
        if (known is not null && IsCurrent(known))
        {
            _last = known;
            return ValueTask.FromResult(known.Claims.Principal);
        }
        var space = authorization.IndexOf(' ');
        var scheme = space < 0 ? authorization : authorization[..space];
        var credentials = space < 0 ? "" : authorization[(space + 1)..].Trim();
        if (scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult(VerifyToken(authorization, credentials));
        if (scheme.Equals("basic", StringComparison.OrdinalIgnoreCase))
            return LogInBasicAsync(authorization, credentials, AddressOf(http), http.RequestAborted);
        if (scheme.Equals("apikey", StringComparison.OrdinalIgnoreCase))
            throw ErrorCodes.Forbidden.With("the API key is unknown; this server has none yet, use a bearer token");
        throw ErrorCodes.Forbidden.With($"authorization scheme '{(scheme.Length > 20 ? scheme[..20] : scheme)}' is not supported; use bearer or basic");
    }

    /// <summary>Checks a name, which may be an e-mail address, and a password.</summary>
    /// <param name="tenant">Tenant of the name; null when the name is an e-mail address.</param>
    /// <exception cref="GeoFabricException">401 for an unknown name as for a wrong password, 429 after too many failures.</exception>
    public async Task<Principal> LogInAsync(TenantName? tenant, string name, string password, string address, CancellationToken cancellationToken)
    {
        var throttled = tenant is null ? name : $"{tenant}/{name}";
        throttle.Begin(throttled, address);
        var user = Find(tenant, name);
        // An unknown name costs as much time as a wrong password, and gets the same answer.
        var isRight = await passwords.VerifyAsync(password, user?.PasswordHash, cancellationToken);
        if (user is null || !user.IsActive || !isRight)
            throw ErrorCodes.WrongCredentials.Create();
        throttle.Succeed(throttled, address);
        // Elsewhere than at home the next login there does it.
        if (databases.IsHome && passwords.IsOutdated(user.PasswordHash))
        {
            var hash = await passwords.HashAsync(password, cancellationToken);
            await databases.UpdateUserAsync(user.Tenant, user.Name, record => record with { PasswordHash = hash }, cancellationToken);
        }
        return new Principal(user.Tenant, user.Name);
    }

    /// <exception cref="GeoFabricException">11 when the user is gone.</exception>
    public string IssueToken(Principal principal) => databases.Catalog.TryGetUser(principal.Tenant, principal.UserName, out var user)
        ? tokens.Issue(principal, Fingerprint(user))
        : throw ErrorCodes.Forbidden.Create();

    /// <summary>The principal's rights in a fabric. Users other than root get theirs here when grants exist.</summary>
    /// <exception cref="GeoFabricException">11 with status 403 for a fabric of another tenant.</exception>
    public static AccessScope ScopeFor(Principal principal, FabricDatabase fabric) => fabric.Fabric.Tenant == principal.Tenant
        ? new AccessScope(principal.Tenant, fabric.Fabric.Id, principal.UserName, AccessLevel.Administrate)
        : throw ErrorCodes.AccessDenied.With($"user '{principal.UserName}' of tenant '{principal.Tenant}' may not use fabrics of other tenants");

    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private UserRecord? Find(TenantName? tenant, string name)
    {
        var catalog = databases.Catalog;
        if (tenant is not null && catalog.TryGetUser(tenant, name, out var user))
            return user;
        var byEmail = name.Contains('@') ? catalog.FindUserByEmail(name) : null;
        return tenant is null || byEmail?.Tenant == tenant ? byEmail : null;
    }

    private Principal VerifyToken(string header, string token)
    {
        var claims = tokens.Verify(token);
        if (!databases.Catalog.TryGetUser(claims.Principal.Tenant, claims.Principal.UserName, out var user)
            || !user.IsActive
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Fingerprint(user)), Encoding.UTF8.GetBytes(claims.Fingerprint)))
            throw ErrorCodes.Forbidden.With("the session has ended because its user was changed or deleted; log in again");
        Remember(new Verified(header, claims, user));
        return claims.Principal;
    }

    private async ValueTask<Principal> LogInBasicAsync(string header, string credentials, string address, CancellationToken cancellationToken)
    {
        var buffer = new byte[credentials.Length];
        var text = Convert.TryFromBase64String(credentials, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length) : "";
        var colon = text.IndexOf(':');
        if (colon <= 0)
            throw ErrorCodes.Forbidden.With("the basic credentials are not base64 of name:password");
        var name = text[..colon];
        var principal = await LogInAsync(name.Contains('@') ? null : TenantName.Root, name, text[(colon + 1)..], address, cancellationToken);
        if (databases.Catalog.TryGetUser(principal.Tenant, principal.UserName, out var user))
            Remember(new Verified(header, new SessionClaims(principal, "", long.MaxValue), user));
        return principal;
    }

    private bool IsCurrent(Verified known)
    {
        var principal = known.Claims.Principal;
        if (!databases.Catalog.TryGetUser(principal.Tenant, principal.UserName, out var user) || !ReferenceEquals(user, known.User))
            return false;
        tokens.CheckTime(known.Claims);
        return true;
    }

    private void Remember(Verified verified)
    {
        if (_verified.Count >= CachedMax)
            _verified.Clear();
        _verified[verified.Header] = verified;
    }

    /// <summary>Changes with password, state and version; a user made anew under an old name has another salt, hence another fingerprint.</summary>
    private static string Fingerprint(UserRecord user) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user.Tenant}/{user.Name}/{user.Version}/{user.PasswordHash}")).AsSpan(0, 16));

    private sealed record Verified(string Header, SessionClaims Claims, UserRecord User);
}
