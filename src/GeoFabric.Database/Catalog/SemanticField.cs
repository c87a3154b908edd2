using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>An attribute with vectors that a semantic view finds documents by.</summary>
/// <param name="Path">As clients write it.</param>
/// <param name="Vector">How its vectors are divided. Lists and probes are chosen when the view is made or the attribute is added.</param>
/// <param name="Told">What the client said of it, as it is told back: size, distanceType, indexConfig, quantizationConfig.</param>
public sealed record SemanticField(string Path, VectorSettings Vector, Value Told)
{
    public const int FieldsMax = 16;

    /// <summary>The middles of the lists one behind another, the same in all regions.</summary>
    public ImmutableArray<float> Centroids { get; init; } = [];

    /// <summary>Whether both ask for the same, whatever the documents were when they were made.</summary>
    public bool AsksForSame(SemanticField other) => Path == other.Path && Told == other.Told;
}
