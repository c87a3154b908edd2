using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using Microsoft.Extensions.Primitives;

namespace GeoFabric.Server.Endpoints;

/// <summary>What all document writes read from a request.</summary>
internal static class DocumentWrite
{
    public const int KeyBytesMax = 256;

    /// <summary>A path's key in UTF-8; 0 bytes when it is too long to be one, which no document has.</summary>
    public static int KeyBytes(string key, Span<byte> destination) => Encoding.UTF8.TryGetBytes(key, destination, out var written) ? written : 0;

    /// <summary>201 when the request or the collection waits for the sync, else 202. Either way the write is on disk.</summary>
    public static int Status(ApiRequest request, bool collectionWaits) => request.Flag("waitForSync", collectionWaits) ? 201 : 202;

    /// <summary>The revision in a precondition header, quoted or not.</summary>
    public static string? HeaderRevision(StringValues header) => header.Count == 0 || header[0] is not { Length: > 0 } text ? null : text.Trim().Trim('"');

    /// <summary>412 with the stored document's <c>_id</c>, <c>_key</c> and <c>_rev</c>.</summary>
    public static GeoFabricException PreconditionFailed(Value stored) =>
        new(ErrorCodes.Conflict, $"the stored revision is {stored.GetAttribute("_rev"u8).Text}")
        {
            Details = ObjectValue.Of(
                ("_id", stored.GetAttribute("_id"u8)),
                ("_key", stored.GetAttribute("_key"u8)),
                ("_rev", stored.GetAttribute("_rev"u8))),
        };
}
