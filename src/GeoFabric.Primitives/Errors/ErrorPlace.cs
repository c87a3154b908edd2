namespace GeoFabric.Primitives.Errors;

/// <summary>The part of a text that an error is about. Columns, offsets and lengths count UTF-16 units.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Offset">From 0, in the whole text.</param>
/// <param name="Length">0 at the end of the text.</param>
/// <param name="Suggestion">What may have been meant instead of it; null for no idea.</param>
public sealed record ErrorPlace(int Line, int Column, int Offset, int Length, string? Suggestion);
