using System.Reflection;
using System.Text;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Queries that are a little shorter than a given one. Not all of them make sense: what does not, fails the same way in every plan.</summary>
internal static class QueryCandidates
{
    private static readonly string[] Replacements = ["null", "1", "[]", "true"];
    private static readonly NullabilityInfoContext Nullability = new();

    public static IEnumerable<GeneratedQuery> Of(GeneratedQuery query)
    {
        QuerySyntax syntax;
        try
        {
            syntax = QueryParser.Parse(query.Text);
        }
        catch (GeoFabricException)
        {
            yield break;
        }
        var bindVars = JsonValueReader.Parse(Encoding.UTF8.GetBytes(query.BindVars));
        var length = query.Text.Length + query.BindVars.Length;
        var dependsOnOrder = Any(syntax, node => node is LimitSyntax or WindowSyntax or CollectSyntax { Into: not null } or CallSyntax { Name: "PUSH" or "UNIQUE" or "FIRST" or "LAST" } or ReturnSyntax { IsDistinct: true });
        foreach (var variant in Inlined(syntax, bindVars).Concat(Variants(syntax, mayUnsort: !dependsOnOrder)).OfType<QuerySyntax>())
        {
            var text = SyntaxPrinter.Print(variant);
            var used = ReferenceValues.Members(bindVars).Where(member => Any(variant, node => node is ValueParameterSyntax parameter && parameter.Name == member.Name));
            var candidate = query with { Text = text, BindVars = ReferenceValues.Object(used.ToList()).ToString() };
            if (candidate.Text.Length + candidate.BindVars.Length < length)
                yield return IsSorted(syntax) && !IsSorted(variant) ? candidate with { IsOrdered = false } : candidate;
        }
    }

    private static bool IsSorted(QuerySyntax query) => query.Operations.Any(operation => operation is SortSyntax or CollectSyntax);

    /// <summary>The query with the value of each parameter in its place.</summary>
    private static IEnumerable<object> Inlined(QuerySyntax syntax, Value bindVars) => ReferenceValues.Members(bindVars)
        .Select(member => SyntaxRewriting.Rewrite(syntax, node => node is ValueParameterSyntax parameter && parameter.Name == member.Name ? Parse(member.Value.ToString()) : node));

    private static ExpressionSyntax Parse(string expression) => ((ReturnSyntax)QueryParser.Parse("RETURN " + expression).Operations[0]).Expression;

    private static bool Any(object node, Func<object, bool> matches)
    {
        var pending = new List<object> { node };
        while (pending.Count > 0)
        {
            var part = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            if (matches(part))
                return true;
            SyntaxChildren.Add(part, pending);
        }
        return false;
    }

    /// <summary>The node with one change somewhere in it.</summary>
    /// <param name="mayUnsort">Whether nothing depends on the order of the rows of this query level but the order of the result.</param>
    private static IEnumerable<object> Variants(object node, bool mayUnsort = false)
    {
        // A sort fixes what LIMIT and others behind it see; without it, a difference would mean nothing.
        if (node is SortSyntax sort)
        {
            if (sort.Items.Length > 1)
            {
                foreach (var item in sort.Items.Where(item => item.Expression is LiteralSyntax))
                    yield return sort with { Items = sort.Items.Remove(item) };
            }
            yield break;
        }
        if (node is ExpressionSyntax expression and not LiteralSyntax and not NameSyntax)
        {
            // A whole document has a revision, which is another one in each database.
            foreach (var part in expression is CallSyntax { Name: "UNSET" or "KEEP" } ? [] : DirectExpressions(expression))
                yield return part;
            foreach (var replacement in Replacements)
                yield return Parse(replacement);
        }
        foreach (var property in SyntaxRewriting.Parts(node))
        {
            var value = property.GetValue(node)!;
            if (SyntaxRewriting.IsNode(value))
            {
                foreach (var variant in Variants(value).Where(property.PropertyType.IsInstanceOfType))
                    yield return With(node, property, variant);
                if (Nullability.Create(property).WriteState == NullabilityState.Nullable)
                    yield return With(node, property, null);
                continue;
            }
            var items = SyntaxRewriting.Items(value);
            if (node is CallSyntax { Name: "UNSET" or "KEEP" })
                continue;
            for (var i = 0; i < items.Count; i++)
            {
                var at = i;
                var itemType = property.PropertyType.GetGenericArguments()[0];
                if (SyntaxRewriting.IsNode(items[i]))
                {
                    foreach (var variant in Variants(items[i]!).Where(itemType.IsInstanceOfType))
                        yield return With(node, property, SyntaxRewriting.MakeList(property.PropertyType, items.Select((item, index) => index == at ? variant : item)));
                }
                if (items[i] is SortSyntax or CollectSyntax && !mayUnsort)
                    continue;
                var without = With(node, property, SyntaxRewriting.MakeList(property.PropertyType, items.Where((_, index) => index != at)));
                // Whatever the operation brought in is nothing now.
                var names = DeclaredBy(items[i]);
                yield return SyntaxRewriting.Rewrite(without, part => part is NameSyntax name && names.Contains(name.Name) ? Parse("null") : part);
            }
        }
    }

    private static IEnumerable<object> DirectExpressions(ExpressionSyntax expression)
    {
        var parts = new List<object>();
        SyntaxChildren.Add(expression, parts);
        return parts.OfType<ExpressionSyntax>();
    }

    private static List<string> DeclaredBy(object? operation) => operation switch
    {
        ForSyntax { Target: NameTargetSyntax target } => [target.Name],
        LetSyntax { Target: NameTargetSyntax target } => [target.Name],
        CollectSyntax collect => [.. ReferenceCollect.Names(collect)],
        TraversalSyntax traversal => [.. ReferenceTraversal.Names(traversal)],
        PathSearchSyntax search => [.. search.Variables],
        WindowSyntax window => [.. window.Aggregates.Select(aggregate => aggregate.Variable)],
        GroupSyntax group => [group.Variable],
        AggregateSyntax aggregate => [aggregate.Variable],
        _ => [],
    };

    private static object With(object node, PropertyInfo property, object? value)
    {
        var copy = node.GetType().GetMethod("<Clone>$")!.Invoke(node, null)!;
        property.SetValue(copy, value);
        return copy;
    }
}
