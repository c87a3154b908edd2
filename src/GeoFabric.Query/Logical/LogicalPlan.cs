using System.Collections.Immutable;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>The steps of a query or subquery, first to last. Begins with a <see cref="SingletonNode"/>; ends with RETURN or with a modification.</summary>
public sealed record LogicalPlan(ImmutableArray<LogicalNode> Nodes)
{
    private Facts _facts = new(Nodes);

    public ImmutableArray<LogicalNode> Nodes
    {
        get;
        // A copy with other nodes has facts of its own.
        init => (field, _facts) = (value, new Facts(value));
    } = Nodes;

    public LogicalNode Last => Nodes[^1];

    public ReturnNode? Return => Last as ReturnNode;

    /// <summary>Whether the plan or any of its subqueries changes documents.</summary>
    public bool IsModification => _facts.IsModification.Value;

    /// <summary>Whether a subquery can be left out, or ended early, without anybody noticing: it changes nothing, never warns and never fails.</summary>
    public bool IsQuiet => _facts.IsQuiet.Value;

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
    public IReadOnlySet<Variable> FreeVariables() => _facts.FreeVariables.Value;

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

    /// <summary>What rules ask again and again about a plan and those inside it, found when it is first asked.</summary>
    private sealed class Facts(ImmutableArray<LogicalNode> nodes)
    {
        public Lazy<bool> IsModification { get; } = new(() => nodes.Any(node => node.IsModification || node.Expressions.Any(HasModification)));

        public Lazy<bool> IsQuiet { get; } = new(() => nodes.All(node => IsQuietNode(node) && node.Expressions.All(expression => !expression.MayWarn && expression.Purity() != FunctionPurity.Volatile)));

        public Lazy<HashSet<Variable>> FreeVariables { get; } = new(() =>
        {
            var free = new HashSet<Variable>();
            foreach (var node in nodes)
                free.UnionWith(node.Used());
            free.ExceptWith(nodes.SelectMany(node => node.Produced));
            return free;
        });

        /// <summary>Whether the node itself, its expressions aside, changes nothing, never warns and never fails.</summary>
        private static bool IsQuietNode(LogicalNode node) => node switch
        {
            SingletonNode or NoResultsNode or EnumerateCollectionNode or HashJoinNode or IndexUnionNode or FilterNode or CalculationNode or SortNode or ReturnNode => true,
            IndexNode index => !index.BoundsMayWarn,
            EnumerateListNode list => list.Source is ConstantExpression { Value.IsArray: true } or ArrayExpression,
            LimitNode limit => limit.Expressions.All(number => number is ConstantExpression),
            CollectNode collect => !collect.Aggregates.Any(aggregate => aggregate.Function.MayWarn),
            _ => false,
        };

        private static bool HasModification(Expression expression) => expression is SubqueryExpression subquery ? subquery.Plan.IsModification : expression.Children.Any(HasModification);
    }
}
