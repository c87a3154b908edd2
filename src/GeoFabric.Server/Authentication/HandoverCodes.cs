using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Authentication;

/// <summary>
/// Codes that take a session from the console of one region to that of another: made for one user and one region, good for one use within half a minute.
/// The regions of a cluster share the key that signs them, so no region has to ask another one. What leaves the browser in an address is a code, never a token.
/// </summary>
internal sealed class HandoverCodes(ReadOnlyMemory<byte> key, string ownRegion, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int LengthMax = 2048;

    /// <summary>Keeps these signatures apart from those of tokens, which the same key signs.</summary>
    private static readonly byte[] s_purpose = Encoding.ASCII.GetBytes("geofabric console handover 1\n");

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    // A server that has just started does not know which codes were used before: those are refused.
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public string Issue(Principal principal, string region)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("tenant"u8, Value.FromString(principal.Tenant.Text));
        builder.WriteAttribute("user"u8, Value.FromString(principal.UserName));
        builder.WriteAttribute("region"u8, Value.FromString(region));
        builder.WriteAttribute("issued"u8, Value.FromInteger(clock.GetUtcNow().ToUnixTimeMilliseconds()));
        builder.WriteAttribute("nonce"u8, Value.FromString(RandomNumberGenerator.GetHexString(32, lowercase: true)));
        builder.EndObject();
        var payload = Encoding.UTF8.GetBytes(builder.Build().ToString());
        return Base64Url.EncodeToString(payload) + "." + Base64Url.EncodeToString(Sign(payload));
    }

    /// <summary>Takes a code in exchange for who it was made for.</summary>
    /// <exception cref="GeoFabricException">401 for one that is not good here, or not any more.</exception>
    public Principal Redeem(string code)
    {
        var now = clock.GetUtcNow();
        if (Read(code) is not { } content)
            throw ErrorCodes.WrongCredentials.With("the code was not made by a region of this cluster; open this console from the other one again");
        if (content.Region != ownRegion)
            throw ErrorCodes.WrongCredentials.With($"the code is for region '{content.Region}', this is '{ownRegion}'");
        // Clocks of regions differ a little; what is issued in the future counts as issued now.
        if (now - content.Issued > Lifetime || content.Issued - now > Lifetime || content.Issued < _started)
            throw ErrorCodes.WrongCredentials.With($"the code is older than {Lifetime.TotalSeconds} seconds; open this console from the other one again");
        Forget(now);
        return _used.TryAdd(content.Nonce, now)
            ? content.Principal
            : throw ErrorCodes.WrongCredentials.With("the code has been used; open this console from the other one again");
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (nonce, _) in _used.Where(entry => now - entry.Value > 3 * Lifetime))
            _used.TryRemove(nonce, out _);
    }

    private Content? Read(string code)
    {
        if (code.Length > LengthMax || code.Split('.') is not [var payloadText, var signatureText] || !TryDecode(payloadText, out var payload) || !TryDecode(signatureText, out var signature)
            || !CryptographicOperations.FixedTimeEquals(signature, Sign(payload)))
            return null;
        var content = JsonValueReader.Parse(payload);
        return TenantName.TryParse(content.GetAttribute("tenant"u8).Text, out var tenant)
            ? new Content(
                new Principal(tenant, content.GetAttribute("user"u8).Text),
                content.GetAttribute("region"u8).Text,
                DateTimeOffset.FromUnixTimeMilliseconds(content.GetAttribute("issued"u8).Integer),
                content.GetAttribute("nonce"u8).Text)
            : null;
    }

    private byte[] Sign(byte[] payload) => HMACSHA256.HashData(key.Span, [.. s_purpose, .. payload]);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length))
            return false;
        bytes = bytes[..length];
        return true;
    }

    private sealed record Content(Principal Principal, string Region, DateTimeOffset Issued, string Nonce);
}
