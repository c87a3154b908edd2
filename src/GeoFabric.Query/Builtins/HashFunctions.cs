using System.Numerics;
using System.Security.Cryptography;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Digests of strings, and random strings.</summary>
public static class HashFunctions
{
    private const int TokenLengthMax = 65_536;

    public static readonly FunctionDefinition[] Table =
    [
        new("MD5", 1, 1, FunctionPurity.Pure, "MD5 digest of the text in hexadecimal.", "MD5(\"fox\")", "\"2b95d1f09b8b66c5c43622a4d9ec9a04\"", Md5),
        new("SHA1", 1, 1, FunctionPurity.Pure, "SHA-1 digest of the text in hexadecimal.", "SHA1(\"fox\")", "\"ff0f0a8b656f0b44c26933acd2e367b6c1211290\"", Sha1),
        new("SHA256", 1, 1, FunctionPurity.Pure, "SHA-256 digest of the text in hexadecimal.", "SHA256(\"fox\")", "\"776cb326ab0cd5f0a974c1b9606044d8485201f2db19cf8e3749bdee5f36e200\"", Sha256),
        new("SHA512", 1, 1, FunctionPurity.Pure, "SHA-512 digest of the text in hexadecimal.", "LEFT(SHA512(\"fox\"), 8)", "\"42ecdff1\"", Sha512),
        new("CRC32", 1, 1, FunctionPurity.Pure, "CRC-32C checksum of the text in hexadecimal.", "CRC32(\"foobar\")", "\"D5F5C7F\"", Crc32),
        new("FNV64", 1, 1, FunctionPurity.Pure, "64-bit FNV-1a hash of the text in hexadecimal.", "FNV64(\"foobar\")", "\"85944171F73967E8\"", Fnv64),
        new("RANDOM_TOKEN", 1, 1, FunctionPurity.Volatile, "A random text of letters and digits.", "CHAR_LENGTH(RANDOM_TOKEN(8))", "8", RandomToken),
        new("UUID", 0, 0, FunctionPurity.Volatile, "A random universally unique identifier.", "CHAR_LENGTH(UUID())", "36", Uuid),
    ];

    private delegate int Digest(ReadOnlySpan<byte> source, Span<byte> destination);

    private static Value Md5(in FunctionCall call) => Hash(call, MD5.HashData);

    private static Value Sha1(in FunctionCall call) => Hash(call, SHA1.HashData);

    private static Value Sha256(in FunctionCall call) => Hash(call, SHA256.HashData);

    private static Value Sha512(in FunctionCall call) => Hash(call, SHA512.HashData);

    private static Value Hash(in FunctionCall call, Digest digest)
    {
        Span<byte> hash = stackalloc byte[64];
        var size = digest(Casts.ToText(call[0]).Utf8, hash);
        var text = new byte[2 * size];
        Convert.TryToHexStringLower(hash[..size], text, out _);
        return Value.FromUtf8(text, 0, text.Length);
    }

    private static Value Crc32(in FunctionCall call)
    {
        var crc = uint.MaxValue;
        foreach (var value in Casts.ToText(call[0]).Utf8)
            crc = BitOperations.Crc32C(crc, value);
        return Value.FromString((~crc).ToString("X", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Value Fnv64(in FunctionCall call)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var value in Casts.ToText(call[0]).Utf8)
            hash = (hash ^ value) * 0x100000001B3UL;
        return Value.FromString(hash.ToString("X", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Value RandomToken(in FunctionCall call)
    {
        var length = Casts.ToInteger(call[0]);
        if (length is < 0 or > TokenLengthMax)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{length} is no length of a token, it must be between 0 and {TokenLengthMax}");
        if (length == 0)
            return Value.EmptyString;
        call.Context.ReserveMemory(length);
        var token = new byte[length];
        call.Context.Random.GetItems("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8, token);
        return Value.FromUtf8(token, 0, token.Length);
    }

    private static Value Uuid(in FunctionCall call)
    {
        Span<byte> bytes = stackalloc byte[16];
        call.Context.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return Value.FromString(new Guid(bytes, bigEndian: true).ToString());
    }
}
