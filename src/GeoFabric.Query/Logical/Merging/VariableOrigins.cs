using System.Collections.Immutable;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>Where the values of a query's variables come from: which are documents of a loop, which only rename another, which depend on which.</summary>
internal sealed class VariableOrigins
{
    private readonly Dictionary<Variable, string> _loops = [];
    private readonly Dictionary<Variable, Expression> _calculations = [];
    private readonly Dictionary<Variable, ImmutableArray<Expression>> _sources = [];

    public VariableOrigins(LogicalPlan plan)
    {
        foreach (var node in plan.AllNodes())
        {
            if (node is EnumerateCollectionNode loop)
                _loops[loop.Variable] = loop.Collection.Name;
            if (node is CalculationNode calculation)
                _calculations[calculation.Variable] = calculation.Expression;
            if (node.IsModification)
                continue;
            ImmutableArray<Expression> sources = [.. node.Expressions];
            foreach (var variable in node.Produced)
                _sources[variable] = sources;
        }
    }

    /// <summary>Whether the variable runs over the documents of the collection.</summary>
    public bool IsLoopOver(Variable variable, string collection) => _loops.TryGetValue(variable, out var looped) && looped == collection;

    /// <summary>What an expression names, seen through each LET that only renames; null when it computes something.</summary>
    public AttributeReference? Resolve(Expression expression)
    {
        switch (expression)
        {
            case VariableExpression { Variable: var variable }:
                return _calculations.TryGetValue(variable, out var calculation) && Resolve(calculation) is { } renamed ? renamed : new AttributeReference(variable, MergePath.Root);
            case AttributeExpression attribute:
                return Resolve(attribute.Target)?.Inner(PathSegment.Of(attribute.Name));
            case IndexExpression index when PathSegment.Of(index.Index) is { } segment:
                return Resolve(index.Target)?.Inner(segment);
            default:
                return null;
        }
    }

    /// <summary>Whether an expression reads the attribute, a part of it or something around it, itself or by the variables that it reads.</summary>
    public bool Mentions(Expression expression, AttributeReference reference) => Mentions(expression, reference, []);

    /// <summary>Whether a variable's value was read by DOCUMENT(), or from the collection by a subquery.</summary>
    public bool IsReadByStatement(Variable variable, string collection) => ReadsDocuments(new VariableExpression(variable), collection, []);

    private bool Mentions(Expression expression, AttributeReference reference, HashSet<Variable> visited)
    {
        if (Resolve(expression) is { } named)
        {
            if (named.Path.Segments.Any(segment => segment.Computed is not null && Mentions(segment.Computed, reference, visited)))
                return true;
            if (ReferenceEquals(named.Root, reference.Root))
                return named.Path.MayOverlap(reference.Path);
            return visited.Add(named.Root) && _sources.TryGetValue(named.Root, out var sources) && sources.Any(source => Mentions(source, reference, visited));
        }
        return expression is SubqueryExpression subquery
            ? subquery.Plan.Nodes.Any(node => node.Expressions.Any(part => Mentions(part, reference, visited)))
            : expression.Children.Any(part => Mentions(part, reference, visited));
    }

    private bool ReadsDocuments(Expression expression, string collection, HashSet<Variable> visited) => expression switch
    {
        VariableExpression { Variable: var variable } =>
            visited.Add(variable) && _sources.TryGetValue(variable, out var sources) && sources.Any(source => ReadsDocuments(source, collection, visited)),
        CallExpression { Function.Name: "DOCUMENT" } => true,
        SubqueryExpression subquery => subquery.Plan.AllNodes().Any(node => node is EnumerateCollectionNode loop && loop.Collection.Name == collection),
        _ => expression.Children.Any(part => ReadsDocuments(part, collection, visited)),
    };
}
