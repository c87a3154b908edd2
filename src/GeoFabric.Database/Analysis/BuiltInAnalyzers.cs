using System.Collections.Frozen;
using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Analysis;

/// <summary>The analyzers every fabric has.</summary>
public static class BuiltInAnalyzers
{
    private static readonly string[] Languages = ["de", "en", "es", "fi", "fr", "it", "nl", "no", "pt", "ru", "sv", "zh"];

    /// <summary>In the order of their names.</summary>
    public static ImmutableArray<AnalyzerDefinition> All { get; } = [AnalyzerDefinition.Identity, .. Languages.Select(Text)];

    public static FrozenDictionary<string, AnalyzerDefinition> ByName { get; } = All.ToFrozenDictionary(analyzer => analyzer.Name, StringComparer.Ordinal);

    private static AnalyzerDefinition Text(string language)
    {
        using var properties = new ValueBuilder();
        properties.BeginObject();
        properties.WriteAttribute("locale"u8, Value.FromString(language));
        properties.WriteAttribute("case"u8, Value.FromString("lower"));
        properties.WriteAttribute("stopwords"u8, Value.EmptyArray);
        properties.WriteAttribute("accent"u8, Value.False);
        properties.WriteAttribute("stemming"u8, Value.True);
        properties.EndObject();
        return new AnalyzerDefinition("text_" + language, "text", properties.Build(), ["frequency", "norm", "position"]);
    }
}
