namespace GeoFabric.Database.Inverted;

/// <summary>That a term occurs in a document.</summary>
/// <param name="Key">Where the term's field and term are written, as in the keys of blocks.</param>
/// <param name="Frequency">How often, at least 1.</param>
/// <param name="Length">Terms of the document's field, repetitions included.</param>
/// <param name="Positions">Where, as differences in seven-bit numbers; empty where the analyzer has none.</param>
internal readonly record struct Posting(ByteRange Key, uint Document, int Frequency, int Length, ByteRange Positions);

/// <summary>A stretch of a buffer.</summary>
internal readonly record struct ByteRange(int Start, int Length);
