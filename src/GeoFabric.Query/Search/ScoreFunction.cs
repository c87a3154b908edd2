namespace GeoFabric.Query.Search;

/// <summary>How well a document fits its terms.</summary>
internal abstract class ScoreFunction
{
    /// <summary>What a term weighs, from how rare it is.</summary>
    /// <param name="documents">Documents that have the field.</param>
    /// <param name="matching">Documents that have the term.</param>
    public abstract double Weigh(long documents, long matching);

    /// <summary>What a weight is worth in one document.</summary>
    /// <param name="length">Terms of the document's field.</param>
    /// <param name="averageLength">The same over all documents that have the field.</param>
    public abstract double Score(double weight, int frequency, int length, double averageLength);
}

/// <summary>Okapi BM25.</summary>
/// <param name="saturation">k: how much further occurrences count; 0 for not at all.</param>
/// <param name="lengthShare">b: how much long fields count less, from 0 to 1.</param>
internal sealed class Bm25Function(double saturation, double lengthShare) : ScoreFunction
{
    public override double Weigh(long documents, long matching) => Math.Log(1 + ((documents - matching + 0.5) / (matching + 0.5))) * (saturation + 1);

    public override double Score(double weight, int frequency, int length, double averageLength) =>
        weight * frequency / (frequency + (saturation * (1 - lengthShare + (lengthShare * length / averageLength))));
}

/// <summary>Term frequency times inverse document frequency.</summary>
/// <param name="isNormalized">Whether long fields count less.</param>
internal sealed class TfidfFunction(bool isNormalized) : ScoreFunction
{
    public override double Weigh(long documents, long matching) => 1 + Math.Log((documents + 1.0) / (matching + 1.0));

    public override double Score(double weight, int frequency, int length, double averageLength) =>
        weight * Math.Sqrt(frequency) / (isNormalized ? Math.Sqrt(length) : 1);
}
