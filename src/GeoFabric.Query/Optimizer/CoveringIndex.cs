using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>What an index can tell of documents without reading them.</summary>
internal static class CoveringIndex
{
    private static readonly IndexField s_key = new(["_key"]);

    /// <summary>Whether entries hold what documents have in the fields: one entry for each document.</summary>
    public static bool IsCovering(IndexDefinition index) =>
        index.Kind == IndexKind.Persistent && !index.Fields.Any(field => field.IsExpanded);

    /// <summary>Whether the expressions need nothing of the variable's document but fields of the index and the key.</summary>
    public static bool Covers(IndexDefinition index, Variable variable, IEnumerable<Expression> expressions)
    {
        var replaced = new VariableExpression(new Variable(variable.Slot, "0"));
        return expressions.All(expression => !expression.Rewrite(part => FieldOf(index, part, variable) is null ? part : replaced).Uses(variable));
    }

    /// <returns>The position of the field an expression reads, <see cref="IndexProjection.Key"/> for the key, null for anything else.</returns>
    public static int? FieldOf(IndexDefinition index, Expression expression, Variable variable)
    {
        if (expression is not AttributeExpression || AttributePath.Of(expression, variable) is not { } path)
            return null;
        for (var i = 0; i < index.Fields.Length; i++)
        {
            if (path.Matches(index.Fields[i]))
                return i;
        }
        return path.Matches(s_key) ? IndexProjection.Key : null;
    }
}
