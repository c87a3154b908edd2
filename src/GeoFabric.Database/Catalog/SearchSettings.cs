using System.Collections.Immutable;
using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Makes what is searched of paths.</summary>
public static class SearchSettings
{
    /// <summary>Nothing but what is named later.</summary>
    public static SearchField Nothing { get; } = new([], IncludesAllFields: false, ImmutableSortedDictionary.Create<string, SearchField>(StringComparer.Ordinal));

    /// <summary>Adds an attribute and, if so wished, all attributes inside it.</summary>
    public static SearchField With(this SearchField root, ReadOnlySpan<string> path, ImmutableArray<AnalyzerDefinition> analyzers, bool includesAllFields)
    {
        if (path.IsEmpty)
            return root with { Analyzers = analyzers, IncludesAllFields = includesAllFields || root.IncludesAllFields };
        var inner = root.Fields.GetValueOrDefault(path[0], Nothing);
        return root with { Fields = root.Fields.SetItem(path[0], inner.With(path[1..], analyzers, includesAllFields)) };
    }

    /// <summary>The words of one attribute, as the fulltext index knows them.</summary>
    internal static SearchField OfFulltext(IndexField field, int minLength)
    {
        using var properties = new ValueBuilder();
        properties.BeginObject();
        properties.WriteInteger("minLength"u8, minLength);
        properties.EndObject();
        var analyzer = new AnalyzerDefinition(AnalyzerFactory.FulltextType, AnalyzerFactory.FulltextType, properties.Build(), ["frequency", "norm"]);
        _ = analyzer.Instance;
        return Nothing.With(field.Segments.AsSpan(), [analyzer], includesAllFields: true);
    }
}
