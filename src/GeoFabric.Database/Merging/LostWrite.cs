using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>A value that merging discarded although its writer did not know the one that won.</summary>
/// <param name="Path">Attribute names joined by dots; empty for the whole document.</param>
/// <param name="Rule">Why it lost: "later-write", "delete-wins", "later-document", "list-replaced", "element-removed".</param>
internal sealed record LostWrite(string Path, string Rule, Value Value, RevisionStamp Lost, RevisionStamp Winner);
