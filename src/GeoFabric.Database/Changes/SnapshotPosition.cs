using System.Buffers.Binary;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;

namespace GeoFabric.Database.Changes;

/// <summary>
/// Where something stands in a snapshot, as bytes in the order in which it is read: collections, then saved queries, then documents collection by
/// collection and key by key, then what came of requests. The last position of a piece is the token of the next one. Collections go by their wire ids.
/// </summary>
internal static class SnapshotPosition
{
    public const byte Collections = 1;
    public const byte StoredQueries = 2;
    public const byte Documents = 3;
    public const byte Requests = 4;

    private const int PrefixSize = 9;

    public static byte[] OfCollection(ulong wireId) => Write(Collections, wireId, default);

    public static byte[] OfStoredQuery(ReadOnlySpan<byte> nameUtf8) => [StoredQueries, .. nameUtf8];

    public static byte[] OfDocument(ulong wireId, ReadOnlySpan<byte> encodedKey) => Write(Documents, wireId, encodedKey);

    /// <summary>What came of a request stands under its key, without the keyspace.</summary>
    public static byte[] OfRequest(ReadOnlySpan<byte> requestKey) => [Requests, .. requestKey[1..]];

    /// <summary>Where the things an operation changes stand.</summary>
    public static byte[] Of(ChangeOperation operation)
    {
        if (operation.WireId == 0)
            return OfStoredQuery(operation.Key);
        if (operation.Kind >= ChangeKind.Truncate)
            return OfCollection(operation.WireId);
        Span<byte> encoded = stackalloc byte[DocumentKeyCodec.EncodedLengthMax];
        if (!DocumentKeyCodec.CanEncode(operation.Key))
            throw new InvalidDataException("a document has an impossible key");
        return OfDocument(operation.WireId, encoded[..DocumentKeyCodec.Encode(operation.Key, encoded)]);
    }

    /// <summary>The kind of thing a token stands behind; 0 for the start.</summary>
    public static byte PhaseOf(ReadOnlySpan<byte> token) => token.IsEmpty ? (byte)0 : token[0];

    /// <exception cref="InvalidDataException">It is no token of a collection or document.</exception>
    public static ulong WireIdOf(ReadOnlySpan<byte> token) =>
        token.Length >= PrefixSize ? BinaryPrimitives.ReadUInt64BigEndian(token[1..]) : throw new InvalidDataException("the token of a snapshot is damaged");

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> token) => token[PrefixSize..];

    public static string NameOf(ReadOnlySpan<byte> token) => Encoding.UTF8.GetString(token[1..]);

    private static byte[] Write(byte phase, ulong wireId, ReadOnlySpan<byte> key)
    {
        var position = new byte[PrefixSize + key.Length];
        position[0] = phase;
        BinaryPrimitives.WriteUInt64BigEndian(position.AsSpan(1), wireId);
        key.CopyTo(position.AsSpan(PrefixSize));
        return position;
    }
}
