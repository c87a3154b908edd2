using System.Collections.Immutable;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>The steps of a query or subquery, first to last. Begins with a <see cref="SingletonNode"/>; ends with RETURN or with a modification.</summary>
public sealed record LogicalPlan(ImmutableArray<LogicalNode> Nodes)
{
    public LogicalNode Last => Nodes[^1];

    public ReturnNode? Return => Last as ReturnNode;

    /// <summary>Whether the plan or any of its subqueries changes documents.</summary>
    public bool IsModification => AllNodes().Any(node => node.IsModification);

    /// <summary>The nodes of this plan and, depth first, of all plans inside its expressions.</summary>
    public IEnumerable<LogicalNode> AllNodes()
    {
        foreach (var node in Nodes)
        {
            yield return node;
            foreach (var expression in node.Expressions)
            {
                foreach (var inner in InnerNodes(expression))
                    yield return inner;
            }
        }
    }

    /// <summary>Variables the plan reads but does not set: those of the query around it.</summary>
    public HashSet<Variable> FreeVariables()
    {
        var free = new HashSet<Variable>();
        var set = new HashSet<Variable>();
        foreach (var node in Nodes)
        {
            free.UnionWith(node.Used());
            set.UnionWith(node.Produced);
        }
        free.ExceptWith(set);
        return free;
    }

    private static IEnumerable<LogicalNode> InnerNodes(Expression expression)
    {
        if (expression is SubqueryExpression subquery)
        {
            foreach (var node in subquery.Plan.AllNodes())
                yield return node;
        }
        foreach (var child in expression.Children)
        {
            foreach (var node in InnerNodes(child))
                yield return node;
        }
    }
}
