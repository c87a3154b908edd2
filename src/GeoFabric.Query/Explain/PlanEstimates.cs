using GeoFabric.Database;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Query.Explain;

/// <summary>How many rows each step is expected to hand on. Rough by nature; only comparisons between plans mean something.</summary>
internal static class PlanEstimates
{
    private const double ListItems = 100;
    private const double FilterShare = 0.5;
    private const double GroupShare = 0.2;
    private const double JoinShare = 0.1;

    public static double RowsAfter(LogicalNode node, double rows, IFabricReader reader) => node switch
    {
        EnumerateCollectionNode scan => rows * reader.EstimateDocuments(scan.Collection),
        IndexNode index => rows * new IndexMatch(index.Index, index.Equalities, index.Lower, index.Upper, [])
            .EstimateRows(reader.EstimateDocuments(index.Collection), reader.EstimateSelectivity(index.Collection, index.Index)),
        IndexUnionNode union => union.Branches.Sum(branch => RowsAfter(branch, rows, reader)),
        HashJoinNode join => rows * Math.Max(1, reader.EstimateDocuments(join.Collection) * JoinShare),
        EnumerateListNode { Source: ConstantExpression { Value.IsArray: true } list } => rows * list.Value.Items.Count,
        EnumerateListNode { Source: RangeExpression { Children: [ConstantExpression first, ConstantExpression last] } } =>
            rows * (Math.Abs(Casts.ToDouble(last.Value) - Casts.ToDouble(first.Value)) + 1),
        EnumerateListNode => rows * ListItems,
        FilterNode => rows * FilterShare,
        LimitNode { Count: ConstantExpression { Value.IsNumber: true } count } => Math.Min(rows, count.Value.Number),
        CollectNode { Groups.Length: 0 } => 1,
        CollectNode => Math.Max(1, rows * GroupShare),
        NoResultsNode => 0,
        _ => rows,
    };
}
