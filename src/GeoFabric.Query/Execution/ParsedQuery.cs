using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Execution;

/// <summary>What can be said about a query without running it.</summary>
/// <param name="Parameters">Bind parameters, collection parameters as <c>@name</c>, sorted.</param>
/// <param name="Collections">Names that are no variables, so that only collections or views can be meant, sorted.</param>
/// <param name="Tree">The syntax tree as nested objects of type, name and subNodes.</param>
public sealed record ParsedQuery(ImmutableArray<string> Parameters, ImmutableArray<string> Collections, Value Tree)
{
    public static ParsedQuery Of(QuerySyntax query)
    {
        var parameters = new SortedSet<string>(StringComparer.Ordinal);
        var collections = new SortedSet<string>(StringComparer.Ordinal);
        var variables = new HashSet<string>(StringComparer.Ordinal);
        var tree = Describe(query, parameters, collections, variables);
        return new ParsedQuery([.. parameters], [.. collections], tree);
    }

    private static Value Describe(object node, SortedSet<string> parameters, SortedSet<string> collections, HashSet<string> variables)
    {
        var name = NameOf(node);
        switch (node)
        {
            case ValueParameterSyntax or CollectionParameterSyntax: parameters.Add(name!); break;
            case ForSyntax { Source: NameSyntax source } when !variables.Contains(source.Name): collections.Add(source.Name); break;
            case InsertSyntax { Collection: NameSyntax target }: collections.Add(target.Name); break;
            case UpdateSyntax { Collection: NameSyntax target }: collections.Add(target.Name); break;
            case RemoveSyntax { Collection: NameSyntax target }: collections.Add(target.Name); break;
            case UpsertSyntax { Collection: NameSyntax target }: collections.Add(target.Name); break;
            case NameSyntax { Name: not ("CURRENT" or "OLD" or "NEW") } reference when !variables.Contains(reference.Name): collections.Add(reference.Name); break;
            default: break;
        }
        AddVariables(node is ForSyntax loop ? loop.Target : (node as LetSyntax)?.Target, variables);
        variables.UnionWith(NewNames(node));
        var parts = new List<object>();
        SyntaxChildren.Add(node, parts);
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("type"u8, Value.FromString(TypeOf(node)));
        if (name is not null)
            builder.WriteAttribute("name"u8, Value.FromString(name));
        if (node is LiteralSyntax literal)
            builder.WriteAttribute("value"u8, literal.Value);
        if (parts.Count > 0)
            builder.WriteAttribute("subNodes"u8, Value.FromList([.. parts.Select(part => Describe(part, parameters, collections, variables))]));
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>Variables of the operations that have no target.</summary>
    private static IEnumerable<string> NewNames(object node) => node switch
    {
        TraversalSyntax traversal => traversal.Variables.Append(traversal.PruneVariable).OfType<string>(),
        PathSearchSyntax search => search.Variables,
        CollectSyntax collect => collect.Groups.Select(group => group.Variable).Concat(collect.Aggregates.Select(aggregate => aggregate.Variable))
            .Append(collect.Into).Append(collect.CountInto).OfType<string>(),
        WindowSyntax window => window.Aggregates.Select(aggregate => aggregate.Variable),
        _ => [],
    };

    private static void AddVariables(TargetSyntax? target, HashSet<string> variables)
    {
        if (target is NameTargetSyntax variable)
            variables.Add(variable.Name);
        foreach (var part in (target as ArrayTargetSyntax)?.Items ?? [])
            AddVariables(part, variables);
        foreach (var (_, part) in (target as ObjectTargetSyntax)?.Members ?? [])
            AddVariables(part, variables);
    }

    /// <summary>The record's name without its suffix, in lower-case words: "binary", "value parameter".</summary>
    private static string TypeOf(object node)
    {
        var type = node.GetType().Name.Replace("Syntax", "", StringComparison.Ordinal);
        return string.Concat(type.Select((c, i) => char.IsUpper(c) && i > 0 ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
    }

    private static string? NameOf(object node) => node switch
    {
        NameSyntax name => name.Name,
        ValueParameterSyntax parameter => parameter.Name,
        CollectionParameterSyntax parameter => parameter.Name,
        AttributeSyntax attribute => attribute.Name,
        CallSyntax call => call.Name,
        BinarySyntax binary => binary.Operator.ToString(),
        UnarySyntax unary => unary.Operator.ToString(),
        _ => null,
    };
}
