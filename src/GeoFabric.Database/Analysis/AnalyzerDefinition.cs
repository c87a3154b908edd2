using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Analysis;

/// <summary>An analyzer as it is described: a kind and its settings under a name.</summary>
/// <param name="Properties">The settings, an object; those left out have the defaults of the kind.</param>
/// <param name="Features">Some of <see cref="KnownFeatures"/>. The first three are told to clients and always kept where the kind has them; "offset" allows OFFSET_INFO().</param>
public sealed record AnalyzerDefinition(string Name, string Type, Value Properties, ImmutableArray<string> Features)
{
    public const int NameLengthMax = 64;

    public const string OffsetFeature = "offset";

    /// <summary>Each needs those before it, but "norm" is needed by none.</summary>
    public static ImmutableArray<string> KnownFeatures { get; } = ["frequency", "norm", "position", OffsetFeature];

    public bool HasOffsets => Features.Contains(OffsetFeature);

    /// <summary>The same analyzer with features in the usual order.</summary>
    /// <exception cref="GeoFabricException">10 for an unknown one, or one without another that it needs.</exception>
    public AnalyzerDefinition WithFeatures(IReadOnlyCollection<string> features)
    {
        if (features.FirstOrDefault(feature => !KnownFeatures.Contains(feature)) is { } unknown)
            throw ErrorCodes.BadParameter.With($"analyzer '{Name}': feature '{unknown}' is none of {string.Join(", ", KnownFeatures)}");
        foreach (var (feature, needed) in new[] { ("position", "frequency"), (OffsetFeature, "position") })
        {
            if (features.Contains(feature) && !features.Contains(needed))
                throw ErrorCodes.BadParameter.With($"analyzer '{Name}': feature '{feature}' needs '{needed}'");
        }
        return this with { Features = [.. KnownFeatures.Where(features.Contains)] };
    }

    /// <summary>The whole value is one token.</summary>
    public static AnalyzerDefinition Identity { get; } = new("identity", "identity", Value.EmptyObject, ["frequency", "norm"]);

    /// <summary>Shared by everything that uses this definition, made when it is first needed.</summary>
    public Analyzer Instance => field ??= AnalyzerFactory.Create(this);

    /// <summary>Whether both make the same tokens under the same name, and tell the same of them.</summary>
    public bool Equals(AnalyzerDefinition? other) =>
        other is not null && Name == other.Name && Type == other.Type && Properties == other.Properties && Features.SequenceEqual(other.Features, StringComparer.Ordinal);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
