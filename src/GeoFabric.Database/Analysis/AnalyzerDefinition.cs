using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Analysis;

/// <summary>An analyzer as it is described: a kind and its settings under a name.</summary>
/// <param name="Properties">The settings, an object; those left out have the defaults of the kind.</param>
/// <param name="Features">"frequency", "norm", "position": told to clients. All three are always kept where the kind has them.</param>
public sealed record AnalyzerDefinition(string Name, string Type, Value Properties, ImmutableArray<string> Features)
{
    public const int NameLengthMax = 64;

    /// <summary>The whole value is one token.</summary>
    public static AnalyzerDefinition Identity { get; } = new("identity", "identity", Value.EmptyObject, ["frequency", "norm"]);

    /// <summary>Shared by everything that uses this definition, made when it is first needed.</summary>
    public Analyzer Instance => field ??= AnalyzerFactory.Create(this);

    /// <summary>Whether both make the same tokens under the same name.</summary>
    public bool Equals(AnalyzerDefinition? other) => other is not null && Name == other.Name && Type == other.Type && Properties == other.Properties;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
