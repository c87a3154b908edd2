using System.Text;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using Microsoft.Extensions.Primitives;

namespace GeoFabric.Server.Http;

/// <summary>If-Match and If-None-Match with revisions, which clients send with quotes or without.</summary>
internal static class Preconditions
{
    /// <summary>The revision the stored document must have; null for any.</summary>
    public static string? ExpectedRevision(HttpRequest request) => Read(request.Headers.IfMatch);

    /// <summary>The revision the client has already; null for none.</summary>
    public static string? KnownRevision(HttpRequest request) => Read(request.Headers.IfNoneMatch);

    public static bool Matches(string revision, RevisionStamp stored)
    {
        Span<byte> text = stackalloc byte[RevisionStamp.TextLengthMax];
        var length = stored.Format(text);
        return revision == "*" || Ascii.Equals(revision, text[..length]);
    }

    /// <summary>A failed precondition, which tells the stored revision.</summary>
    public static GeoFabricException Failed(Value document) => new(ErrorCodes.Conflict, "the stored document has another revision")
    {
        Details = ObjectValue.Of(
            ("_id", document.GetAttribute("_id"u8)), ("_key", document.GetAttribute("_key"u8)), ("_rev", document.GetAttribute("_rev"u8))),
    };

    private static string? Read(StringValues header)
    {
        if (header.Count == 0)
            return null;
        var text = header.ToString().Trim();
        if (text.StartsWith("W/", StringComparison.Ordinal))
            text = text[2..];
        text = text.Trim('"');
        return text.Length is 0 ? null : text;
    }
}
