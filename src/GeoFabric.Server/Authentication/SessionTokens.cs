using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Json;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Authentication;

/// <summary>
/// JSON Web Tokens signed with HMAC-SHA256 (RFC 7515, 7519). Exactly one header is accepted, byte for byte the one issued here: no algorithm, key or
/// critical extension is ever taken from a token (RFC 8725).
/// </summary>
public sealed class SessionTokens(ReadOnlyMemory<byte> key, TimeProvider clock, TimeSpan lifetime)
{
    private const int LengthMax = 8 * 1024;
    private const int SignatureBytes = 32;

    private static readonly string Header = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);

    public string Issue(Principal principal)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("iat"u8, Value.FromInteger(now));
        builder.WriteAttribute("exp"u8, Value.FromInteger(now + (long)lifetime.TotalSeconds));
        builder.WriteAttribute("iss"u8, Value.FromString("macrometa"));
        builder.WriteAttribute("hash"u8, Value.FromInteger(principal.UserVersion));
        builder.WriteAttribute("preferred_username"u8, Value.FromString(principal.UserName));
        builder.WriteAttribute("sub"u8, Value.FromString(principal.Tenant.Text));
        builder.WriteAttribute("tenant"u8, Value.FromString(principal.Tenant.Text));
        builder.EndObject();
        var signed = Header + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(builder.Build().ToString()));
        return signed + "." + Base64Url.EncodeToString(Sign(signed));
    }

    /// <summary>Checks a token's form, signature and time. Whether its user still exists is checked by the caller.</summary>
    /// <exception cref="GeoFabricException">11 with status 401; the text does not say which check failed, except for the time.</exception>
    public VerifiedToken Verify(string token)
    {
        var parts = token.Length <= LengthMax ? token.Split('.') : [];
        if (parts.Length != 3 || parts[0] != Header)
            throw ErrorCodes.Forbidden.With("the bearer token is not one of this server; log in at /_open/auth");
        var signature = Decode(parts[2]);
        if (signature.Length != SignatureBytes || !CryptographicOperations.FixedTimeEquals(signature, Sign(token[..token.LastIndexOf('.')])))
            throw ErrorCodes.Forbidden.With("the bearer token is not one of this server; log in at /_open/auth");
        var claims = JsonValueReader.Parse(Decode(parts[1]));
        var expires = claims.GetAttribute("exp"u8);
        var principal = new Principal(
            TenantName.Parse(claims.GetAttribute("tenant"u8).Text), claims.GetAttribute("preferred_username"u8).Text, claims.GetAttribute("hash"u8).Integer);
        return CheckTime(new VerifiedToken(principal, expires.IsInteger ? expires.Integer : 0));
    }

    /// <summary>The token again, if its time is not over.</summary>
    public VerifiedToken CheckTime(VerifiedToken token) => token.ExpiresUnixSeconds > clock.GetUtcNow().ToUnixTimeSeconds()
        ? token
        : throw ErrorCodes.Forbidden.With("the bearer token has expired; log in at /_open/auth");

    private static byte[] Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private byte[] Sign(string text) => HMACSHA256.HashData(key.Span, Encoding.ASCII.GetBytes(text));
}

/// <summary>A token whose signature is right.</summary>
public sealed record VerifiedToken(Principal Principal, long ExpiresUnixSeconds);
