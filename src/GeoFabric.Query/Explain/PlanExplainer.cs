using System.Text;
using GeoFabric.Database;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Query.Explain;

/// <summary>Describes a prepared query: nodes with estimates, rules, collections, variables, and a tree as text.</summary>
public static class PlanExplainer
{
    public static ExplainedPlan Explain(PreparedQuery prepared, IFabricReader reader)
    {
        var documents = prepared.Plan.AllNodes().Where(node => node.ReadCollection is not null).Select(node => node.Produced.First()).ToHashSet();
        var steps = new ExplainedSteps(reader, documents);
        var nodes = steps.Of(prepared.Plan);
        return new ExplainedPlan(
            nodes,
            [.. prepared.Optimized.Applied],
            [.. prepared.Bound.Collections.Select(c => (c.Name, c.IsWrite ? "write" : "read"))],
            [.. prepared.Bound.Variables.Concat(prepared.Plan.AllNodes().SelectMany(node => node.Produced)).Distinct().Select(steps.Describe), .. steps.Temporaries],
            [.. prepared.Bound.Warnings.Select(w => (w.Code.Number, w.Message))],
            nodes[^1].EstimatedCost,
            nodes[^1].EstimatedRows,
            prepared.IsModification,
            prepared.Optimized.RulesExecuted,
            prepared.Optimized.RulesSkipped,
            prepared.Bound.Consistency is { } level ? $"{Tree(prepared.Plan)}\nconsistency: {level}" : Tree(prepared.Plan))
        {
            Consistency = prepared.Bound.Consistency,
            IdsBefore = steps.IdsBefore,
        };
    }

    /// <summary>The plan as a tree, last step on top, as golden tests and terminals show it.</summary>
    public static string Tree(LogicalPlan plan)
    {
        var text = new StringBuilder();
        AppendTree(text, plan, "");
        return text.ToString().TrimEnd('\n');
    }

    private static void AppendTree(StringBuilder text, LogicalPlan plan, string indent)
    {
        var depth = 0;
        for (var i = plan.Nodes.Length - 1; i > 0 || i == 0 && plan.Nodes.Length == 1; i--)
        {
            text.Append(indent).Append(' ', depth * 4);
            if (depth > 0 || indent.Length > 0)
                text.Append(" └─ ");
            text.Append(NodeText.Describe(plan.Nodes[i])).Append('\n');
            foreach (var subquery in NodeText.Subqueries(plan.Nodes[i]))
            {
                text.Append(indent).Append(' ', (depth * 4) + 4).Append(" subquery:\n");
                AppendTree(text, subquery, indent + new string(' ', (depth * 4) + 5));
            }
            depth++;
        }
    }
}
