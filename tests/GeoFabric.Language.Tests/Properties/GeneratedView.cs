using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// The view <c>found</c>, over everything in <c>a</c> with three analyzers and over some attributes of <c>b</c>, and the indexes of <c>a</c> that queries
/// ask for by name: an inverted one, and one of vectors.
/// </summary>
internal static class GeneratedView
{
    public const string Name = "found";

    /// <summary>Lower case words without endings cut off.</summary>
    public static AnalyzerDefinition Words { get; } = new("words", "text", JsonValueReader.Parse("""{"locale":"en","case":"lower","accent":false,"stemming":false}"""u8), ["frequency", "norm", "position"]);

    /// <summary>Each two letters.</summary>
    public static AnalyzerDefinition Pairs { get; } = new(
        "pairs", "ngram", JsonValueReader.Parse("""{"min":2,"max":2,"preserveOriginal":false,"streamType":"utf8"}"""u8), ["frequency", "norm", "position"]);

    /// <summary>What is searched, by name of the collection.</summary>
    public static IReadOnlyDictionary<string, SearchField> Links { get; } = new SortedDictionary<string, SearchField>(StringComparer.Ordinal)
    {
        ["a"] = SearchSettings.Nothing.With([], [AnalyzerDefinition.Identity, Words, Pairs], includesAllFields: true),
        ["b"] = SearchSettings.Nothing
            .With(["x"], [AnalyzerDefinition.Identity], includesAllFields: false)
            .With(["s"], [AnalyzerDefinition.Identity, Words, Pairs], includesAllFields: false)
            .With(["n"], [AnalyzerDefinition.Identity, Words], includesAllFields: true)
            .With(["t"], [Words], includesAllFields: false)
            .With(["m", "p"], [AnalyzerDefinition.Identity], includesAllFields: true),
    };

    public static async Task CreateAsync(FabricDatabase fabric, AccessScope scope)
    {
        await fabric.SaveAnalyzerAsync(scope, Words);
        await fabric.SaveAnalyzerAsync(scope, Pairs);
        await fabric.CreateViewAsync(scope, Name, new ViewSettings(Links) { Stored = new StoredValues([new(["x", "s"], "none"), new(["m.p"], "none")], [("n", true)]) });
        var identity = SearchSettings.Nothing
            .With(["x"], [AnalyzerDefinition.Identity], includesAllFields: false)
            .With(["s"], [AnalyzerDefinition.Identity], includesAllFields: false)
            .With(["n"], [AnalyzerDefinition.Identity], includesAllFields: true);
        await fabric.CreateIndexAsync(scope, "a", new IndexSettings("inverted", ["x", "s", "n"]) { Name = "inverted", Search = identity });
        await fabric.CreateIndexAsync(scope, "a", new IndexSettings("vector", ["vec"]) { Name = "vectors", Vector = new VectorSettings(VectorSettings.InnerProduct, 2, 2) });
    }
}
