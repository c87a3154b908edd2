using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Verification;

/// <summary>What one region knows of who wrote a document.</summary>
/// <param name="Revision">Of the document as it is here; null when there is none.</param>
/// <param name="Hash">Of the document with what merging remembers of it: equal in regions whose copies are. Zero when there is none.</param>
/// <param name="Applied">What had been applied when this was read.</param>
/// <param name="Stable">Everything up to here has been applied everywhere, and merging has forgotten the order of it.</param>
/// <param name="Attributes">Who wrote each attribute last; those of objects are named by their path.</param>
/// <param name="HasMoreAttributes">Whether the document has more attributes than are named.</param>
/// <param name="Writes">What the logs hold of writes to it, the last first.</param>
/// <param name="ReadFrom">The logs were read from here on; zero when they hold everything since the fabric began.</param>
public sealed record DocumentHistory(
    RevisionStamp? Revision, UInt128 Hash, IReadOnlyList<AppliedPosition> Applied, HybridTimestamp Stable, IReadOnlyList<AttributeOrigin> Attributes, bool HasMoreAttributes,
    IReadOnlyList<DocumentWrite> Writes, HybridTimestamp ReadFrom);

/// <summary>Who wrote an attribute last.</summary>
/// <param name="Path">Its names, from the document inwards.</param>
/// <param name="Stamp">When and where; null when neither merging nor the logs remember.</param>
/// <param name="IsExact">Merging remembers it; otherwise it is the last write in the logs that left the value the attribute has.</param>
public sealed record AttributeOrigin(IReadOnlyList<string> Path, RevisionStamp? Stamp, bool IsExact);

/// <summary>What one transaction did to a document.</summary>
public sealed record DocumentWrite(RevisionStamp Stamp, IReadOnlyList<WrittenPart> Parts);

/// <param name="Path">Names of attributes; <c>[]</c> stands for an element of an array. Empty for the whole document.</param>
public sealed record WrittenPart(ChangeKind Kind, IReadOnlyList<string> Path);
