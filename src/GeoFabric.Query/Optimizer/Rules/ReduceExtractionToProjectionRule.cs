using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// An index scan whose documents are only asked for attributes that the index holds, or for their key, takes them from the index and reads no
/// document. Must not fire when the document as a whole, another attribute, or a subquery needs it.
/// </summary>
internal sealed class ReduceExtractionToProjectionRule : IPlanRule
{
    private static readonly IndexField s_key = new(["_key"]);

    public string Name => "reduce-extraction-to-projection";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        if (plan.Nodes.Any(node => node.IsModification))
            return plan;
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is IndexNode { Projections.Length: 0 } scan && IsCoveringKind(scan.Index))
                plan = Project(plan, i, scan, context) ?? plan;
        }
        return plan;
    }

    /// <summary>Whether entries hold what documents have in the fields: one entry for each document.</summary>
    internal static bool IsCoveringKind(IndexDefinition index) =>
        index.Kind is IndexKind.Persistent or IndexKind.Ttl && !index.Fields.Any(field => field.IsExpanded);

    /// <summary>Whether the expressions need nothing of the variable's document but fields of the index and the key.</summary>
    internal static bool Covers(IndexDefinition index, Variable variable, IEnumerable<Expression> expressions)
    {
        var replaced = new VariableExpression(new Variable(variable.Slot, "0"));
        return expressions.All(expression => !expression.Rewrite(part => FieldOf(index, part, variable) is null ? part : replaced).Uses(variable));
    }

    private static LogicalPlan? Project(LogicalPlan plan, int position, IndexNode scan, OptimizerContext context)
    {
        var behind = plan.Nodes.Skip(position + 1).ToList();
        if (!Covers(scan.Index, scan.Variable, behind.SelectMany(node => node.Expressions)))
            return null;
        var projections = new List<IndexProjection>();
        var nodes = behind.Select(node => node.MapExpressions(expression => expression.Rewrite(part =>
        {
            if (FieldOf(scan.Index, part, scan.Variable) is not { } field)
                return part;
            var known = projections.Find(projection => projection.Field == field);
            if (known is null)
                projections.Add(known = new IndexProjection(context.NewVariable(part.ToString()), field, part));
            return new VariableExpression(known.Variable);
        }))).ToList();
        return projections.Count == 0 ? null : plan.With([.. plan.Nodes.Take(position), scan with { Projections = [.. projections] }, .. nodes]);
    }

    /// <returns>The position of the field an expression reads, <see cref="IndexProjection.Key"/> for the key, null for anything else.</returns>
    private static int? FieldOf(IndexDefinition index, Expression expression, Variable variable)
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
