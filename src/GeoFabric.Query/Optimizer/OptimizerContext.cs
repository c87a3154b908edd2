using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>What rules may know beyond the plan: figures of the data, and a context for folding constants.</summary>
/// <param name="slotCount">Width of the query's rows before optimization.</param>
public sealed class OptimizerContext(IFabricReader reader, int slotCount)
{
    private readonly IFabricReader _reader = reader;
    private readonly SortedDictionary<uint, (CollectionDefinition Collection, long Documents)> _sizes = [];

    /// <summary>Width of the rows, with the variables that rules have made.</summary>
    public int SlotCount { get; private set; } = slotCount;

    /// <summary>A variable of a rule's own.</summary>
    /// <param name="meaning">What it holds, as people read it in a plan.</param>
    public Variable NewVariable(string meaning) => new(SlotCount++, meaning);

    /// <summary>The collections whose size has been asked for.</summary>
    public ImmutableArray<(CollectionDefinition Collection, long Documents)> Sizes => [.. _sizes.Values];

    public long EstimateDocuments(CollectionDefinition collection)
    {
        if (!_sizes.TryGetValue(collection.Id, out var size))
            _sizes[collection.Id] = size = (collection, _reader.EstimateDocuments(collection));
        return size.Documents;
    }

    /// <summary>Documents that an index is expected to find.</summary>
    internal double EstimateRows(CollectionDefinition collection, IndexMatch match) =>
        IndexEstimate.Rows(_reader, collection, match.Index, match.Equalities, match.Lower, match.Upper);

    /// <summary>Whether a subquery can be left out, or ended early, without anybody noticing: it changes nothing, never warns and never fails.</summary>
    public static bool IsQuiet(LogicalPlan plan) => plan.Nodes.All(node => IsQuiet(node) && node.Expressions.All(expression => !MayWarn(expression) && expression.Purity() != FunctionPurity.Volatile));

    private static bool IsQuiet(LogicalNode node) => node switch
    {
        SingletonNode or NoResultsNode or EnumerateCollectionNode or HashJoinNode or IndexUnionNode or FilterNode or CalculationNode or SortNode or ReturnNode => true,
        IndexNode index => !index.BoundsMayWarn,
        EnumerateListNode list => list.Source is ConstantExpression { Value.IsArray: true } or ArrayExpression,
        LimitNode limit => limit.Expressions.All(number => number is ConstantExpression),
        CollectNode collect => !collect.Aggregates.Any(aggregate => aggregate.Function.MayWarn),
        _ => false,
    };

    /// <summary>Whether evaluating the expression may add a warning or throw, so that running it more or less often would be seen.</summary>
    public static bool MayWarn(Expression expression) => expression switch
    {
        CallExpression call when !QuietFunctions.Contains(call.Function) => true,
        SubqueryExpression subquery => !IsQuiet(subquery.Plan),
        DynamicCallExpression or UserFunctionExpression or RangeExpression => true,
        ArithmeticExpression { MayWarn: true } => true,
        PatternExpression { Operator: Syntax.BinaryOperator.Matches or Syntax.BinaryOperator.NotMatches } => true,
        _ => expression.Children.Any(MayWarn),
    };
}
