using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Authentication;

/// <summary>
/// JSON Web Tokens signed with HMAC-SHA256 (RFC 7515, 7519). A token's header must be, byte for byte, one issued here for one of the keys: no
/// algorithm, key address or critical extension is ever taken from a token (RFC 8725).
/// </summary>
/// <remarks>The first key signs; the others are still accepted, so a key can be replaced while tokens made with it live on.</remarks>
internal sealed class SessionTokens
{
    private const int LengthMax = 8 * 1024;
    private const int SignatureBytes = 32;
    private const string Issuer = "macrometa";

    private readonly TimeProvider _clock;
    private readonly TimeSpan _lifetime;
    private readonly List<(string Header, byte[] Key)> _keys = [];

    public SessionTokens(IEnumerable<ReadOnlyMemory<byte>> keys, TimeProvider clock, TimeSpan lifetime)
    {
        _clock = clock;
        _lifetime = lifetime;
        foreach (var key in keys)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(key.Span).AsSpan(0, 4));
            _keys.Add((Encode($"{{\"alg\":\"HS256\",\"kid\":\"{id}\",\"typ\":\"JWT\"}}"), key.ToArray()));
        }
    }

    /// <param name="fingerprint">What the user's record looks like now; when it changes the token ends.</param>
    public string Issue(Principal principal, string fingerprint)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("iat"u8, Value.FromInteger(now));
        builder.WriteAttribute("exp"u8, Value.FromInteger(now + (long)_lifetime.TotalSeconds));
        builder.WriteAttribute("iss"u8, Value.FromString(Issuer));
        builder.WriteAttribute("hash"u8, Value.FromString(fingerprint));
        builder.WriteAttribute("preferred_username"u8, Value.FromString(principal.UserName));
        builder.WriteAttribute("sub"u8, Value.FromString(principal.Tenant.Text));
        builder.WriteAttribute("tenant"u8, Value.FromString(principal.Tenant.Text));
        builder.EndObject();
        var (header, key) = _keys[0];
        var signed = header + "." + Encode(builder.Build().ToString());
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>Checks a token's form, signature and time. Whether its user still is what it was is checked by the caller.</summary>
    /// <exception cref="GeoFabricException">11 with status 401; the text does not say which check failed, except for the time.</exception>
    public SessionClaims Verify(ReadOnlySpan<char> token)
    {
        var claims = token.Length <= LengthMax && TryVerifySignature(token, out var payload) ? ReadClaims(payload) : null;
        return claims is null
            ? throw ErrorCodes.Forbidden.With("the bearer token is not one of this server; log in at /_open/auth")
            : CheckTime(claims);
    }

    /// <summary>The claims again, if their time is not over.</summary>
    /// <exception cref="GeoFabricException">11 with status 401.</exception>
    public SessionClaims CheckTime(SessionClaims claims) => claims.ExpiresUnixSeconds > _clock.GetUtcNow().ToUnixTimeSeconds()
        ? claims
        : throw ErrorCodes.Forbidden.With("the bearer token has expired; log in at /_open/auth");

    private bool TryVerifySignature(ReadOnlySpan<char> token, out byte[] payload)
    {
        payload = [];
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first < 0 || last <= first || token[(first + 1)..last].Contains('.'))
            return false;
        foreach (var (header, key) in _keys)
        {
            if (!token[..first].SequenceEqual(header))
                continue;
            var signed = new byte[last];
            if (!Encoding.ASCII.TryGetBytes(token[..last], signed, out _) || !TryDecode(token[(last + 1)..], out var signature))
                return false;
            return signature.Length == SignatureBytes
                && CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(key, signed))
                && TryDecode(token[(first + 1)..last], out payload);
        }
        return false;
    }

    private static SessionClaims? ReadClaims(byte[] payload)
    {
        var claims = JsonValueReader.Parse(payload);
        var expires = claims.GetAttribute("exp"u8);
        var user = claims.GetAttribute("preferred_username"u8);
        var tenant = claims.GetAttribute("tenant"u8);
        var hash = claims.GetAttribute("hash"u8);
        return expires.IsInteger && user.IsString && tenant.IsString && hash.IsString && TenantName.TryParse(tenant.Text, out var name)
            ? new SessionClaims(new Principal(name, user.Text), hash.Text, expires.Integer)
            : null;
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length))
            return false;
        bytes = bytes[..length];
        return true;
    }
}

/// <summary>What a token says whose signature is right.</summary>
internal sealed record SessionClaims(Principal Principal, string Fingerprint, long ExpiresUnixSeconds);
