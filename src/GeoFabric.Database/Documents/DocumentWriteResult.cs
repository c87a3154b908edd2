using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Documents;

/// <summary>What a write did to one document.</summary>
public enum DocumentWriteOutcome
{
    Inserted,
    Updated,
    Replaced,
    Removed,

    /// <summary>An update with nothing in it: the document and its revision stayed.</summary>
    Unchanged,

    /// <summary>An insert with overwrite mode ignore met a stored document, which stayed.</summary>
    Ignored,
}

/// <param name="New">The document after the write; null after a removal and an ignored insert. Readable until the transaction ends.</param>
/// <param name="Old">The document before the write; null after a plain insert. Readable until the transaction ends.</param>
/// <param name="Stamp">Revision of the document after the write; the one it had when it was removed.</param>
/// <param name="OldStamp">Revision of <paramref name="Old"/>, if there is one.</param>
public readonly record struct DocumentWriteResult(
    DocumentWriteOutcome Outcome, Value New, Value Old, RevisionStamp Stamp, RevisionStamp? OldStamp)
{
    /// <summary>The document's <c>_key</c> in UTF-8.</summary>
    public ReadOnlySpan<byte> Key => (New.IsNull ? Old : New).GetAttribute("_key"u8).Utf8;

    /// <summary>The document's <c>_id</c>.</summary>
    public Value Id => (New.IsNull ? Old : New).GetAttribute("_id"u8);

    /// <summary>Whether something was stored or deleted.</summary>
    public bool IsWrite => Outcome is not (DocumentWriteOutcome.Unchanged or DocumentWriteOutcome.Ignored);
}
