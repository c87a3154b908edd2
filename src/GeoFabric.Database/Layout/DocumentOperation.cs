namespace GeoFabric.Database.Layout;

/// <summary>One operation on a document inside a change record.</summary>
/// <param name="Path">Where in the document, encoded; empty for the whole document.</param>
public readonly record struct DocumentOperation(ChangeKind Kind, byte[] Path, byte[] Payload);
