using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Explain;

/// <summary>How many rows each step is expected to hand on. Rough by nature; only comparisons between plans mean something.</summary>
internal static class PlanEstimates
{
    private const double ListItems = 100;
    private const double GroupShare = 0.2;
    private const double UnknownDepth = 2;
    private const double DepthMax = 100;
    private const double PathsMax = 1e12;
    private const double NearShare = 0.1;
    private const double SearchShare = 0.1;

    /// <param name="before">The nodes in front.</param>
    public static double RowsAfter(LogicalNode node, double rows, IEnumerable<LogicalNode> before, IFabricReader reader) => node switch
    {
        EnumerateCollectionNode scan => rows * reader.EstimateDocuments(scan.Collection),
        IndexNode index => rows * IndexEstimate.Rows(reader, index.Collection, index.Index, index.Equalities, index.Lower, index.Upper),
        IndexUnionNode union => Math.Min(rows * reader.EstimateDocuments(union.Collection), union.Branches.Sum(branch => RowsAfter(branch, rows, before, reader))),
        GeoIndexNode geo => rows * Math.Max(1, reader.EstimateDocuments(geo.Collection) * NearShare),
        BoxIndexNode box => rows * new BoxMatch(box.Index, box.EqualTo, box.Sides).EstimateRows(reader.EstimateDocuments(box.Collection)),
        VectorIndexNode vector => rows * Math.Max(1, vector.Sources.Sum(source => reader.EstimateDocuments(source.Collection) * (double)source.Index.Vector!.Probes / source.Index.Vector.Lists)),
        HashJoinNode join => rows * Math.Max(1, reader.EstimateDocuments(join.Collection) * Share(join, before, reader)),
        EnumerateViewNode search => rows * SearchShare * (search.IsView
            ? reader.Catalog.LinksOf(reader.Catalog.GetView(search.Source)).Sum(link => reader.EstimateDocuments(link.Collection))
            : reader.EstimateDocuments(reader.Catalog.GetCollection(search.Source))),
        EnumerateListNode { Source: ConstantExpression { Value.IsArray: true } list } => rows * list.Value.Items.Count,
        EnumerateListNode { Source: RangeExpression { Children: [ConstantExpression first, ConstantExpression last] } } =>
            rows * (Math.Abs(Casts.ToDouble(last.Value) - Casts.ToDouble(first.Value)) + 1),
        EnumerateListNode => rows * ListItems,
        TraversalNode traversal => rows * EstimatePaths(traversal, reader),
        FilterNode filter => rows * FilterEstimate.Share(filter.Condition, LoopsOf(before), OptimizerContext.ForEstimates(reader)),
        LimitNode { Count: ConstantExpression { Value.IsNumber: true } count } => Math.Min(rows, count.Value.Number),
        CollectNode { Groups.Length: 0 } => 1,
        CollectNode => Math.Max(1, rows * GroupShare),
        NoResultsNode => 0,
        _ => rows,
    };

    private static double Share(HashJoinNode join, IEnumerable<LogicalNode> before, IFabricReader reader)
    {
        var loops = LoopsOf(before.Append(join)).ToList();
        var filters = join.Keys.Select(key => new ComparisonExpression(BinaryOperator.Equal, key.Inner, key.Outer)).Concat(join.Conditions);
        var context = OptimizerContext.ForEstimates(reader);
        return filters.Aggregate(1.0, (share, filter) => share * FilterEstimate.Share(filter, loops, context));
    }

    /// <summary>The loops over documents, whatever way they take to them.</summary>
    private static IEnumerable<EnumerateCollectionNode> LoopsOf(IEnumerable<LogicalNode> nodes) => nodes.Where(node => node.ReadCollection is not null)
        .Select(node => new EnumerateCollectionNode(node.Produced.First(), node.ReadCollection!, IndexHint.None));

    /// <summary>As many neighbours at each vertex as edges have for one of their ends, to the power of the depth.</summary>
    private static double EstimatePaths(TraversalNode node, IFabricReader reader)
    {
        var neighbours = 0.0;
        foreach (var edges in node.Graph.Edges)
        {
            foreach (var index in edges.Collection.Indexes.Where(index => index.Kind == IndexKind.Edge && IsWalked(edges.Direction, index)))
                neighbours += reader.EstimateDocuments(edges.Collection) == 0 ? 0 : 1 / reader.EstimateSelectivity(edges.Collection, index);
        }
        var depth = node.Most is ConstantExpression { Value.IsNumber: true } most ? Math.Min(most.Value.Number, DepthMax) : UnknownDepth;
        return Math.Min(PathsMax, Math.Pow(Math.Max(1, neighbours), depth));
    }

    private static bool IsWalked(EdgeDirection direction, IndexDefinition index) =>
        direction == EdgeDirection.Any || (direction == EdgeDirection.Outbound) == (index.Fields[0].Segments[0] == "_from");
}
