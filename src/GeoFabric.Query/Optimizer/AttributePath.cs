using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Optimizer;

/// <summary>An attribute path of a loop variable, such as <c>d.address.city</c> or <c>d.tags[*].name</c>.</summary>
internal sealed record AttributePath(ImmutableArray<string> Segments, int ExpansionAt)
{
    /// <summary>Reads an expression as a path of the variable; null when it is none.</summary>
    public static AttributePath? Of(Expression expression, Variable variable)
    {
        if (expression is ExpansionExpression expansion)
        {
            var head = Plain(expansion.Target, variable);
            if (head is null || !expansion.TryGetTail(out var tail))
                return null;
            return new AttributePath(head.Value.AddRange(tail), head.Value.Length);
        }
        var segments = Plain(expression, variable);
        return segments is null || segments.Value.Length == 0 ? null : new AttributePath(segments.Value, -1);
    }

    public bool Matches(IndexField field) => field.ExpansionAt == ExpansionAt && field.Segments.SequenceEqual(Segments, StringComparer.Ordinal);

    /// <summary><c>x IN d.tags</c> asks for the items of the attribute, as an index on <c>tags[*]</c> stores them.</summary>
    public bool MatchesItems(IndexField field) => field.IsExpanded
        && field.Segments.SequenceEqual(Segments, StringComparer.Ordinal)
        && (ExpansionAt == field.ExpansionAt || (ExpansionAt < 0 && field.ExpansionAt == Segments.Length));

    private static ImmutableArray<string>? Plain(Expression expression, Variable variable) => expression switch
    {
        VariableExpression reference when ReferenceEquals(reference.Variable, variable) => [],
        AttributeExpression attribute => Plain(attribute.Target, variable)?.Add(attribute.Name),
        _ => null,
    };
}
