using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer.Rules;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer;

/// <summary>The share of rows that a filter lets pass.</summary>
internal static class FilterEstimate
{
    private const double EqualShare = 0.1;
    private const double RangeShare = 1.0 / 3;
    private const double OtherShare = 0.5;

    /// <summary>The smallest share that an index of any of the loops tells, else a guess.</summary>
    /// <param name="loops">The loops over collections whose documents the filter may read.</param>
    public static double Share(Expression filter, IEnumerable<EnumerateCollectionNode> loops, OptimizerContext context)
    {
        double? told = null;
        foreach (var scan in loops)
        {
            if (IndexCondition.Read(filter, scan.Variable) is not { } condition || UseIndexesRule.Choose(scan with { Hint = IndexHint.None }, [condition], context) is not { } match)
                continue;
            var share = context.EstimateRows(scan.Collection, match) / Math.Max(1, context.EstimateDocuments(scan.Collection));
            told = Math.Min(share, told ?? 1);
        }
        return told ?? filter switch
        {
            ComparisonExpression { Operator: BinaryOperator.Equal } => EqualShare,
            ComparisonExpression { Operator: BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual } => RangeShare,
            LogicalExpression { IsAnd: true } both => Share(both.Left, loops, context) * Share(both.Right, loops, context),
            LogicalExpression { IsAnd: false } either => Math.Min(1, Share(either.Left, loops, context) + Share(either.Right, loops, context)),
            UnaryExpression { Operator: UnaryOperator.Not } not => 1 - Share(not.Operand, loops, context),
            _ => OtherShare,
        };
    }
}
