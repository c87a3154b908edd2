using System.Collections.Immutable;
using GeoFabric.Database.Transactions;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>
/// How a plan is cut between the threads that read a collection and the query's own thread: what goes row by row behind the scan is done for each part of
/// the collection on any thread, and the rows come together in the order of a scan by one thread, so that nothing shows who did what. A top-k sort or a
/// COLLECT whose aggregates can be put together from those of parts is done for the parts as well, which leaves few rows to come together.
/// </summary>
/// <param name="Scan">The scan.</param>
/// <param name="PartNodes">What is done to each part, behind the scan.</param>
/// <param name="Next">The first node that the query's own thread runs.</param>
/// <param name="NextNode">What it is there.</param>
internal sealed record ParallelScanPlan(EnumerateCollectionNode Scan, ImmutableArray<LogicalNode> PartNodes, int Next, LogicalNode NextNode)
{
    /// <summary>A sort that keeps more rows gains nothing from parts that drop the others.</summary>
    private const long TopRowsMax = 1000;

    /// <summary>A query that may use less memory than this has none for rows that wait.</summary>
    private const long MemoryFrom = 64 << 20;

    /// <returns>Null when one thread has to do it, or does it as well.</returns>
    public static ParallelScanPlan? Find(LogicalPlan plan, QueryContext context)
    {
        if (context.ParallelScans is not { } settings || context.IsProfiling || context.Limits.MemoryBytes < MemoryFrom || context.Reader is not FabricSnapshot
            || plan.Nodes.Length < 3 || plan.Nodes[1] is not EnumerateCollectionNode { IsCountOnly: false } scan)
            return null;
        var next = 2;
        while (plan.Nodes[next] is FilterNode or CalculationNode && plan.Nodes[next].Expressions.All(MayRunAnywhere))
            next++;
        if (StopsEarly(plan, next) || context.Reader.EstimateDocuments(scan.Collection) < settings.DocumentsFrom)
            return null;
        var nodes = plan.Nodes[2..next];
        switch (plan.Nodes[next])
        {
            case CollectNode { Into: null } collect when collect.Expressions.All(MayRunAnywhere) && collect.Aggregates.All(aggregate => aggregate.Function.CreateMerging is not null):
                return new ParallelScanPlan(scan, nodes.Add(collect with { IsSorted = false }), next, Merging(collect));
            case SortNode { Limit: not null, Reached: null } sort when sort.Expressions.All(MayRunAnywhere) && Operators.SortOperator.RowsNeeded(sort.Limit, context) is > 0 and <= TopRowsMax:
                return new ParallelScanPlan(scan, nodes.Add(sort), next, sort);
            case CollectNode:
                // Its thread would read attributes of documents that lie in another processor's cache: a quarter more processor time.
                return null;
            case SortNode:
                return new ParallelScanPlan(scan, nodes, next, plan.Nodes[next]);
            default:
                // A bare scan is soon read; most of the work is done with its rows.
                return nodes.IsEmpty ? null : new ParallelScanPlan(scan, nodes, next, plan.Nodes[next]);
        }
    }

    /// <summary>Subqueries have operators of their own, and what differs with each call would differ with the threads.</summary>
    private static bool MayRunAnywhere(Expression expression) =>
        expression is not SubqueryExpression && expression.OwnPurity != FunctionPurity.Volatile && expression.Children.All(MayRunAnywhere);

    /// <summary>Whether the query may end before the scan has: then reading ahead is wasted.</summary>
    private static bool StopsEarly(LogicalPlan plan, int next)
    {
        var ends = plan.Nodes.Skip(next).FirstOrDefault(node => node is LimitNode or NoResultsNode or SortNode or CollectNode or WindowNode);
        return ends is LimitNode { CountsAll: false } or NoResultsNode;
    }

    /// <summary>COLLECT over the groups of the parts.</summary>
    private static CollectNode Merging(CollectNode collect) => collect with
    {
        Groups = [.. collect.Groups.Select(group => group with { Expression = new VariableExpression(group.Variable) })],
        Aggregates = [.. collect.Aggregates.Select(aggregate => aggregate with
        {
            Function = aggregate.Function with { Create = aggregate.Function.CreateMerging! },
            Argument = new VariableExpression(aggregate.Variable),
        })],
    };
}
