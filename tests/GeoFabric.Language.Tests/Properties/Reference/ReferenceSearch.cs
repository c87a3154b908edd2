using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>
/// SEARCH over the generated view: every document is asked whether the condition holds, its texts analyzed anew each time. Comparisons hold for values of
/// the bound's own type, texts compare by their bytes, and items of an array stand for it.
/// </summary>
internal sealed class ReferenceSearch(ReferenceContext context, ReferenceExpressions expressions, ReferenceData data)
{
    public static bool IsView(ExpressionSyntax source) => source is NameSyntax { Name: GeneratedView.Name };

    public IEnumerable<ReferenceRow?> Apply(ForSyntax loop, ReferenceRow? row)
    {
        var options = loop.Options is null ? Value.EmptyObject : expressions.Evaluate(loop.Options, null);
        if (ReferenceValues.Members(options).Exists(option => option.Name != "collections"))
            throw new NotSupportedException($"the options {options}");
        var only = ReferenceValues.Attribute(options, "collections");
        var name = ((NameTargetSyntax)loop.Target).Name;
        foreach (var (collection, link) in GeneratedView.Links)
        {
            if (only.IsArray && !ReferenceValues.Items(only).Exists(item => item.Text == collection))
                continue;
            foreach (var document in data.Collection(collection))
            {
                context.Step();
                var test = new ReferenceSearchTest(expressions, new ReferenceSearchTerms(document, link), name, row);
                if (loop.Search is null || test.Holds(loop.Search, AnalyzerDefinition.Identity))
                    yield return new ReferenceRow(name, document, row);
            }
        }
    }
}
