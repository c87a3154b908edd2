using System.Text;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using Microsoft.Extensions.Primitives;

namespace GeoFabric.Server.Http;

/// <summary>If-Match and If-None-Match with revisions, which clients send with quotes or without.</summary>
internal static class Preconditions
{
    /// <summary>Whether the request names revisions of which the stored document must have one.</summary>
    public static bool DemandsRevision(HttpRequest request) => request.Headers.IfMatch.Count > 0;

    /// <summary>Whether If-Match lets a document of this revision through; it does when it names none.</summary>
    public static bool IsWanted(HttpRequest request, RevisionStamp stored) => Find(request.Headers.IfMatch, stored) ?? true;

    /// <summary>Whether If-None-Match names this revision: the client has it already.</summary>
    public static bool IsKnown(HttpRequest request, RevisionStamp stored) => Find(request.Headers.IfNoneMatch, stored) ?? false;

    /// <summary>A failed precondition, which tells the stored revision.</summary>
    public static GeoFabricException Failed(Value document) => new(ErrorCodes.Conflict, "the stored document has another revision")
    {
        Details = [("_id", document.GetAttribute("_id"u8).Text), ("_key", document.GetAttribute("_key"u8).Text), ("_rev", document.GetAttribute("_rev"u8).Text)],
    };

    /// <returns>Null when the header names no revision.</returns>
    private static bool? Find(StringValues header, RevisionStamp stored)
    {
        Span<byte> text = stackalloc byte[RevisionStamp.TextLengthMax];
        text = text[..stored.Format(text)];
        bool? found = null;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var entry = line.AsSpan()[range].Trim();
                if (entry.StartsWith("W/", StringComparison.Ordinal))
                    entry = entry[2..];
                entry = entry.Trim('"');
                if (entry.IsEmpty)
                    continue;
                if (entry is "*" || Ascii.Equals(text, entry))
                    return true;
                found = false;
            }
        }
        return found;
    }
}
