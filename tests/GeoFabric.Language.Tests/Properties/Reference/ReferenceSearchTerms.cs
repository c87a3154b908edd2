using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>What a document can be found by.</summary>
internal sealed class ReferenceSearchTerms(Value document, SearchField link)
{
    /// <summary>The values of an attribute, of items where there are arrays on the way. None when the view leaves the attribute out.</summary>
    public List<Value> Attributes(IReadOnlyList<string> path)
    {
        // Made up, and left out unless they are named.
        if (path[0] is "_id" or "_rev" || Rule(path) is null)
            return [];
        List<Value> found = [document];
        foreach (var name in path)
            found = [.. found.SelectMany(Flat).Where(value => value.TryGetAttribute(Encoding.UTF8.GetBytes(name), out _)).Select(value => ReferenceValues.Attribute(value, name))];
        return found;
    }

    /// <summary>Null, booleans and numbers at a path.</summary>
    public List<Value> Values(IReadOnlyList<string> path) => [.. Attributes(path).SelectMany(Flat).Where(value => !value.IsString && !value.IsObject)];

    /// <summary>The terms of each text at a path, with their positions.</summary>
    public List<List<(byte[] Term, int Position)>> Texts(IReadOnlyList<string> path, AnalyzerDefinition analyzer) =>
        Rule(path)?.Contains(analyzer) == true ? [.. Attributes(path).SelectMany(Flat).Where(value => value.IsString).Select(text => Tokens(analyzer, text))] : [];

    public static List<(byte[] Term, int Position)> Tokens(AnalyzerDefinition analyzer, Value text)
    {
        var tokens = new TokenList();
        analyzer.Instance.Analyze(text.Utf8, tokens);
        return [.. Enumerable.Range(0, tokens.Count).Select(i => (tokens[i].ToArray(), tokens.PositionAt(i)))];
    }

    private static IEnumerable<Value> Flat(Value value) => value.IsArray ? ReferenceValues.Items(value).SelectMany(Flat) : [value];

    /// <summary>The analyzers of an attribute; null when it is left out.</summary>
    private IReadOnlyCollection<AnalyzerDefinition>? Rule(IReadOnlyList<string> path)
    {
        var field = link;
        var includesAll = false;
        foreach (var name in path)
        {
            if (!includesAll && field.Fields.TryGetValue(name, out var inner))
                field = inner;
            else if (field.IncludesAllFields)
                includesAll = true;
            else
                return null;
        }
        return field.Analyzers;
    }
}
