using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>
/// What is kept of a write to describe it to its caller. Taken on the writer's thread, where every microsecond delays the next writer, and turned into
/// JSON after the commit.
/// </summary>
/// <param name="OldRevision">Revision before the write; null when there was no document, or none is left.</param>
/// <param name="New">The new document, when asked for.</param>
/// <param name="Old">The old document, when asked for.</param>
internal readonly record struct WrittenDocument(byte[] Key, RevisionStamp Revision, RevisionStamp? OldRevision, Value New, Value Old)
{
    public static WrittenDocument Take(DocumentWriteResult result, DocumentWriteOptions options) => new(
        result.Key.ToArray(),
        result.Stamp,
        result.Outcome == DocumentWriteOutcome.Removed ? null : result.OldStamp,
        options.ReturnNew && !result.New.IsNull ? result.New.Detach() : default,
        options.ReturnOld && !result.Old.IsNull ? result.Old.Detach() : default);

    /// <summary>Writes <c>{_id, _key, _rev[, _oldRev][, old][, new]}</c>.</summary>
    public void Write(ByteBuffer target, CollectionDefinition collection)
    {
        var prefix = collection.Source.IdPrefix;
        Span<byte> id = stackalloc byte[512];
        prefix.CopyTo(id);
        Key.CopyTo(id[prefix.Length..]);
        target.Write("{\"_id\":"u8);
        JsonValueWriter.WriteString(target, id[..(prefix.Length + Key.Length)]);
        target.Write(",\"_key\":"u8);
        JsonValueWriter.WriteString(target, Key);
        WriteRevision(target, ",\"_rev\":\""u8, Revision);
        if (OldRevision is { } old)
            WriteRevision(target, ",\"_oldRev\":\""u8, old);
        WriteDocument(target, ",\"old\":"u8, Old);
        WriteDocument(target, ",\"new\":"u8, New);
        target.Write("}"u8);
    }

    public string KeyText => Encoding.UTF8.GetString(Key);

    private static void WriteRevision(ByteBuffer target, ReadOnlySpan<byte> name, RevisionStamp revision)
    {
        Span<byte> text = stackalloc byte[RevisionStamp.TextLengthMax];
        target.Write(name);
        target.Write(text[..revision.Format(text)]);
        target.Write("\""u8);
    }

    private static void WriteDocument(ByteBuffer target, ReadOnlySpan<byte> name, Value document)
    {
        if (document.IsNull)
            return;
        target.Write(name);
        JsonValueWriter.Write(target, document);
    }
}
