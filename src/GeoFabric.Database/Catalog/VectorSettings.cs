using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Catalog;

/// <summary>How a vector index divides vectors into lists, and how many of them are looked through.</summary>
/// <param name="Metric">One of <see cref="Metrics"/>.</param>
/// <param name="Dimension">Numbers of each vector; documents with other vectors, or none, have no entry.</param>
/// <param name="Lists">Lists that vectors are divided into; fewer when there were fewer vectors at the creation.</param>
/// <param name="Probes">Lists that are looked through unless a query says otherwise.</param>
/// <param name="TrainingIterations">Rounds in which the middles of the lists are moved to where the vectors are.</param>
public sealed record VectorSettings(string Metric, int Dimension, int Lists, int Probes = 1, int TrainingIterations = 25)
{
    public const string Cosine = "cosine";
    public const string Euclidean = "l2";
    public const string InnerProduct = "innerProduct";

    /// <summary>Bits of each number of the vectors as the index keeps them; 0 when it keeps none, and documents are read for theirs.</summary>
    public int CodeBits { get; init; }

    public const int DimensionMax = 4096;
    public const int TrainingIterationsMax = 1000;

    /// <summary>The middles of all lists are part of the definition, which every region gets.</summary>
    public const int NumbersMax = 1_000_000;

    /// <summary>What <see cref="CodeBits"/> may be where vectors are kept.</summary>
    public static IReadOnlyList<int> CodeSizes { get; } = [4, 6, 8, 16];

    public static IReadOnlyList<string> Metrics { get; } = [Cosine, Euclidean, InnerProduct];

    /// <exception cref="GeoFabricException">10.</exception>
    public void Check()
    {
        if (!Metrics.Contains(Metric))
            throw ErrorCodes.BadParameter.With($"metric '{Metric}' of a vector index; it is one of {string.Join(", ", Metrics)}");
        if (Dimension is < 1 or > DimensionMax)
            throw ErrorCodes.BadParameter.With($"dimension {Dimension} of a vector index; it is 1 to {DimensionMax}");
        if (Lists < 1 || (long)Lists * Dimension > NumbersMax)
            throw ErrorCodes.BadParameter.With($"{Lists} lists (nLists) of a vector index; with dimension {Dimension} they are 1 to {NumbersMax / Dimension}");
        if (Probes < 1 || Probes > Lists)
            throw ErrorCodes.BadParameter.With($"{Probes} lists to look through (defaultNProbe) of a vector index; with nLists {Lists} they are 1 to {Lists}");
        if (TrainingIterations is < 1 or > TrainingIterationsMax)
            throw ErrorCodes.BadParameter.With($"trainingIterations {TrainingIterations} of a vector index; they are 1 to {TrainingIterationsMax}");
        if (CodeBits != 0 && !CodeSizes.Contains(CodeBits))
            throw ErrorCodes.BadParameter.With($"{CodeBits} bits for a number of a vector; they are {string.Join(", ", CodeSizes)}");
    }
}
