using System.Collections.Immutable;
using GeoFabric.Database.Analysis;

namespace GeoFabric.Database.Catalog;

/// <summary>What of a document's attribute is found by a search, and of the attributes inside it. The root stands for the document.</summary>
/// <param name="Analyzers">How its strings become terms. Other values are terms as they are.</param>
/// <param name="IncludesAllFields">Whether attributes that <paramref name="Fields"/> does not name are found too, in the same way.</param>
/// <param name="Fields">The attributes inside that are named.</param>
public sealed record SearchField(ImmutableArray<AnalyzerDefinition> Analyzers, bool IncludesAllFields, ImmutableSortedDictionary<string, SearchField> Fields)
{
    /// <summary>Most levels of <see cref="Fields"/>.</summary>
    public const int DepthMax = 32;

    /// <summary>What the client said of stored values, told back to it: what an attribute exists with is always kept.</summary>
    public string StoreValues { get; init; } = "none";

    /// <summary>Items of an array are found under their position in it, as in <c>d.tags[1]</c>, and not under the array's own path.</summary>
    public bool TracksListPositions { get; init; }

    /// <summary>Whether anything in it knows positions.</summary>
    public bool KnowsPositions => TracksListPositions || Fields.Values.Any(inner => inner.KnowsPositions);

    /// <summary>What holds for an attribute below it; null when that is not found at all.</summary>
    public SearchField? Find(IEnumerable<string> path)
    {
        var found = this;
        foreach (var name in path)
        {
            if (found.Fields.TryGetValue(name, out var inner))
                found = inner;
            else if (!found.IncludesAllFields)
                return null;
            else
                found = found with { Fields = SearchSettings.Nothing.Fields };
        }
        return found;
    }

    public bool Equals(SearchField? other) => other is not null
        && IncludesAllFields == other.IncludesAllFields
        && StoreValues == other.StoreValues
        && TracksListPositions == other.TracksListPositions
        && Analyzers.SequenceEqual(other.Analyzers)
        && Fields.Count == other.Fields.Count
        && Fields.All(field => other.Fields.TryGetValue(field.Key, out var same) && field.Value.Equals(same));

    public override int GetHashCode() => HashCode.Combine(IncludesAllFields, Analyzers.Length, Fields.Count);

    /// <summary>The analyzers used anywhere in it.</summary>
    public IEnumerable<AnalyzerDefinition> AllAnalyzers() => Analyzers.Concat(Fields.Values.SelectMany(field => field.AllAnalyzers()));
}
