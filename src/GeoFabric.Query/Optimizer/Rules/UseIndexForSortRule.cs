using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Storage;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Leaves out a SORT when an index hands the documents over in that order, forward or backward. Fields fixed by an equality may be skipped.
/// Must not fire for a sort over several loops, for mixed directions, for sparse or array indexes; nor does it read a whole index out of order of
/// the documents when all of them are needed anyway: then sorting is cheaper.
/// </summary>
internal sealed class UseIndexForSortRule : IPlanRule
{
    public string Name => "use-index-for-sort";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not SortNode sort || SourceBefore(plan, i) is not { } source || sort.Items.Any(item => item.IsDescending != sort.Items[0].IsDescending))
                continue;
            var direction = sort.Items[0].IsDescending ? ScanDirection.Backward : ScanDirection.Forward;
            var ordered = plan.Nodes[source] switch
            {
                IndexNode node when IsOrderedBy(node.Index, node, node.Variable, sort) => node with { Direction = direction, Order = sort.Items },
                EnumerateCollectionNode { Hint.IsDisabled: false } scan => WholeIndex(plan, i, scan, sort, direction),
                _ => null,
            };
            if (ordered is null)
                continue;
            // Ties of a backward walk come in descending key order; the language promises no order among them.
            return plan with { Nodes = plan.Nodes.SetItem(source, ordered).RemoveAt(i) };
        }
        return plan;
    }

    /// <summary>The only loop before the sort, with nothing but filters and calculations between.</summary>
    private static int? SourceBefore(LogicalPlan plan, int sort)
    {
        var source = sort - 1;
        while (source > 0 && plan.Nodes[source] is FilterNode or CalculationNode)
            source--;
        return source > 0 && plan.IsSingleRowBefore(source) ? source : null;
    }

    private static IndexNode? WholeIndex(LogicalPlan plan, int sortIndex, EnumerateCollectionNode scan, SortNode sort, ScanDirection direction)
    {
        var isLimited = sortIndex + 1 < plan.Nodes.Length && plan.Nodes[sortIndex + 1] is LimitNode { CountsAll: false };
        foreach (var index in PrimaryIndex.AllOf(scan.Collection))
        {
            var node = new IndexNode(scan.Variable, scan.Collection, index, [], null, null, direction) { Order = sort.Items };
            if ((isLimited || index.Kind == IndexKind.Primary) && IsOrderedBy(index, node, scan.Variable, sort))
                return node;
        }
        return null;
    }

    private static bool IsOrderedBy(IndexDefinition index, IndexNode node, Variable variable, SortNode sort)
    {
        if (index.IsSparse || index.IsBuilding || index.Kind is IndexKind.Ttl or IndexKind.Edge or IndexKind.Geo or IndexKind.MultiDimensional or IndexKind.Vector or IndexKind.Inverted || index.Fields.Any(field => field.IsExpanded))
            return false;
        var item = 0;
        for (var field = 0; field < index.Fields.Length && item < sort.Items.Length; field++)
        {
            if (AttributePath.Of(sort.Items[item].Expression, variable) is { } path && path.Matches(index.Fields[field]))
            {
                item++;
                continue;
            }
            var isFixed = field < node.Equalities.Length && !node.Equalities[field].IsIn;
            if (!isFixed)
                return false;
        }
        return item == sort.Items.Length;
    }
}
