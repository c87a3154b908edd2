using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>What an index can tell of documents without reading them.</summary>
internal static class CoveringIndex
{
    private static readonly IndexField s_key = new(["_key"]);
    private static readonly IndexField s_id = new(["_id"]);

    /// <summary>Whether entries hold what documents have in the fields: one entry for each document.</summary>
    public static bool IsCovering(IndexDefinition index) =>
        index.Kind == IndexKind.Persistent && !index.Fields.Any(field => field.IsExpanded);

    /// <summary>Whether the expressions need nothing of the variable's document but fields of the index and the key.</summary>
    public static bool Covers(IndexDefinition index, Variable variable, IEnumerable<Expression> expressions) =>
        Covers(index.Fields, hasIds: false, variable, expressions);

    /// <summary>Whether the expressions need nothing of the loop's documents but what its index tells.</summary>
    public static bool Covers(ICoveringLoop loop, IEnumerable<Expression> expressions) => Covers(loop.Held, loop.HasIds, loop.Variable, expressions);

    /// <returns>The <see cref="IndexProjection.Field"/> an expression reads; null for anything else.</returns>
    public static int? FieldOf(ICoveringLoop loop, Expression expression) => FieldOf(loop.Held, loop.HasIds, expression, loop.Variable);

    private static bool Covers(ImmutableArray<IndexField> held, bool hasIds, Variable variable, IEnumerable<Expression> expressions)
    {
        var replaced = new VariableExpression(new Variable(variable.Slot, "0"));
        return expressions.All(expression => !expression.Uses(variable) || !expression.Rewrite(part => FieldOf(held, hasIds, part, variable) is null ? part : replaced).Uses(variable));
    }

    private static int? FieldOf(ImmutableArray<IndexField> held, bool hasIds, Expression expression, Variable variable)
    {
        if (expression is not AttributeExpression || AttributePath.Of(expression, variable) is not { } path)
            return null;
        for (var i = 0; i < held.Length; i++)
        {
            if (path.Matches(held[i]))
                return i;
        }
        if (hasIds && path.Matches(s_id))
            return IndexProjection.Id;
        return path.Matches(s_key) ? IndexProjection.Key : null;
    }
}
