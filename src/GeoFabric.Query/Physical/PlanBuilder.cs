using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Operators;
using GeoFabric.Query.Physical.Parallel;

namespace GeoFabric.Query.Physical;

/// <summary>Makes the operators of one execution from a plan, one for each node but RETURN, which the caller evaluates.</summary>
internal static class PlanBuilder
{
    /// <summary>The operators of a whole query; several threads may read what it begins with.</summary>
    public static PhysicalOperator BuildQuery(LogicalPlan plan, QueryContext context, IList<PhysicalOperator>? profiled)
    {
        if (ParallelScanPlan.Find(plan, context) is not { } parallel)
            return Build(plan, context, profiled);
        PhysicalOperator current = new ParallelScanOperator(context, parallel, context.ParallelScans!) { NodeIndex = 1 };
        var rest = new LogicalPlan(plan.Nodes.SetItem(parallel.Next, parallel.NextNode));
        for (var i = parallel.Next; rest.Nodes[i] is not ReturnNode; i++)
            current = Build(rest, i, current, context);
        return current;
    }

    public static PhysicalOperator Build(LogicalPlan plan, QueryContext context, IList<PhysicalOperator>? profiled)
    {
        PhysicalOperator current = new SingletonOperator(context);
        profiled?.Add(current);
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is ReturnNode)
                break;
            current = Build(plan, i, current, context);
            profiled?.Add(current);
        }
        return current;
    }

    private static PhysicalOperator Build(LogicalPlan plan, int index, PhysicalOperator input, QueryContext context)
    {
        var keepRows = index + 1 < plan.Nodes.Length;
        return plan.Nodes[index] switch
        {
            EnumerateCollectionNode node => new CollectionScanOperator(context, input, node) { NodeIndex = index },
            IndexNode node => new IndexScanOperator(context, input, node) { NodeIndex = index },
            IndexUnionNode node => new IndexUnionOperator(context, input, node) { NodeIndex = index },
            GeoIndexNode node => new GeoScanOperator(context, input, node) { NodeIndex = index },
            BoxIndexNode node => new BoxScanOperator(context, input, node) { NodeIndex = index },
            VectorIndexNode node => new VectorScanOperator(context, input, node) { NodeIndex = index },
            HashJoinNode node => new HashJoinOperator(context, input, node) { NodeIndex = index },
            EnumerateViewNode node => new ViewSearchOperator(context, input, node) { NodeIndex = index },
            EnumerateListNode node => new ListScanOperator(context, input, node) { NodeIndex = index },
            TraversalNode node => new TraversalOperator(context, input, node) { NodeIndex = index },
            PathSearchNode node => new PathSearchOperator(context, input, node) { NodeIndex = index },
            FilterNode node => new FilterOperator(context, input, node) { NodeIndex = index },
            CalculationNode node when Modifies(node.Expression) => new ModifyingCalculationOperator(context, input, node) { NodeIndex = index },
            CalculationNode node => new CalculationOperator(context, input, node) { NodeIndex = index },
            SortNode node => new SortOperator(context, input, node) { NodeIndex = index },
            LimitNode node => new LimitOperator(context, input, node, plan.Nodes.Take(index).Any(Modifies)) { NodeIndex = index },
            CollectNode node => new CollectOperator(context, input, node) { NodeIndex = index },
            WindowNode node => new WindowOperator(context, input, node) { NodeIndex = index },
            InsertNode node => new InsertOperator(context, input, node, Reads(plan, index, node), keepRows) { NodeIndex = index },
            UpdateNode node => new UpdateOperator(context, input, node, Reads(plan, index, node), keepRows) { NodeIndex = index },
            RemoveNode node => new RemoveOperator(context, input, node, Reads(plan, index, node), keepRows) { NodeIndex = index },
            UpsertNode node => new UpsertOperator(context, input, node, Reads(plan, index, node), keepRows) { NodeIndex = index },
            NoResultsNode => new NoResultsOperator(context, input) { NodeIndex = index },
            var other => throw new System.Diagnostics.UnreachableException($"No operator for {other.TypeName}."),
        };
    }

    private static bool Modifies(LogicalNode node) => node.IsModification || node.Expressions.Any(Modifies);

    private static bool Modifies(Expression expression) =>
        (expression is SubqueryExpression subquery && subquery.Plan.IsModification) || expression.Children.Any(Modifies);

    /// <summary>Whether anything before the modification reads documents that it may change.</summary>
    private static bool Reads(LogicalPlan plan, int index, ModificationNode modification)
    {
        var before = new LogicalPlan([.. plan.Nodes.Take(index)]);
        // Which collections the vertices of a traversal lie in is seen on the way, and a view may be over any; asking costs more than reading first.
        return before.AllNodes().Any(node => node is PathNode or EnumerateViewNode or VectorIndexNode { View: not null }
            || node.ReadCollection?.Name == modification.Collection.Name
            || (node.ReadCollection is null && node.Expressions.Any(expression => expression.Purity() != Builtins.FunctionPurity.Pure)));
    }
}
