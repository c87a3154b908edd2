using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Consistency;

/// <summary>
/// Session tokens as text: base64url of version u8 (1) | fabric u32 | floor u64 | count u8 | (region u16, timestamp u64)* | the first 16 bytes of an
/// HMAC-SHA256 over all before. Little-endian. Signed, because a made-up token would let anybody make requests wait.
/// </summary>
internal sealed class SessionTokenCodec
{
    private const byte Version = 1;
    private const int HeaderSize = 14;
    private const int EntrySize = 10;
    private const int MacSize = 16;
    private const int SizeMax = HeaderSize + (SessionToken.EntriesMax * EntrySize) + MacSize;

    private readonly byte[][] _keys;

    /// <param name="clusterKeys">Secrets that all regions share: the first signs, the others are still accepted while one replaces another.</param>
    public SessionTokenCodec(params IEnumerable<ReadOnlyMemory<byte>> clusterKeys) =>
        _keys = [.. clusterKeys.Select(key => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.ToArray(), 32, info: "geofabric session token"u8.ToArray()))];

    public string Write(SessionToken token)
    {
        Span<byte> bytes = stackalloc byte[SizeMax];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[1..], token.FabricId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[5..], token.Floor.Bits);
        bytes[13] = checked((byte)token.Entries.Count);
        var size = HeaderSize;
        foreach (var (region, timestamp) in token.Entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[size..], region);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(size + 2)..], timestamp.Bits);
            size += EntrySize;
        }
        Sign(_keys[0], bytes[..size], bytes[size..(size + MacSize)]);
        return Base64Url.EncodeToString(bytes[..(size + MacSize)]);
    }

    /// <exception cref="GeoFabricException">10 when it was not made by this cluster, or is of another fabric.</exception>
    public SessionToken Read(ReadOnlySpan<char> text, uint fabricId)
    {
        Span<byte> bytes = stackalloc byte[SizeMax];
        if (!TryDecode(text, bytes, out var size) || !TryRead(bytes[..size], out var token))
            throw ErrorCodes.BadParameter.With("the session token is not one of this cluster; leave it out to begin a new session");
        return token.FabricId == fabricId
            ? token
            : throw ErrorCodes.BadParameter.With("the session token is of another fabric; keep one for each");
    }

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int size)
    {
        size = 0;
        return text.Length <= Base64Url.GetEncodedLength(bytes.Length) && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out size);
    }

    private static void Sign(byte[] key, ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, signed, whole);
        whole[..MacSize].CopyTo(mac);
    }

    private bool TryRead(ReadOnlySpan<byte> bytes, out SessionToken token)
    {
        token = SessionToken.Empty(0);
        if (bytes.Length < HeaderSize + MacSize || bytes[0] != Version || bytes.Length != HeaderSize + (bytes[13] * EntrySize) + MacSize || !IsSigned(bytes))
            return false;
        var entries = ImmutableSortedDictionary.CreateBuilder<ushort, HybridTimestamp>();
        for (var at = HeaderSize; at < bytes.Length - MacSize; at += EntrySize)
            entries[BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])] = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + 2)..]));
        token = new SessionToken(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]), new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(bytes[5..])), entries.ToImmutable());
        return true;
    }

    private bool IsSigned(ReadOnlySpan<byte> bytes)
    {
        Span<byte> mac = stackalloc byte[MacSize];
        foreach (var key in _keys)
        {
            Sign(key, bytes[..^MacSize], mac);
            if (CryptographicOperations.FixedTimeEquals(mac, bytes[^MacSize..]))
                return true;
        }
        return false;
    }
}
