using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop over a collection or a semantic view whose documents are sorted by APPROX_NEAR_...(), nearest first, and limited, reads the lists of vector indexes that are near the vector. It is the
/// only way to compute these calls, so it cannot be switched off; where it must not fire, for another order, metric or attribute, they are error 1554.
/// </summary>
internal sealed class UseVectorIndexRule : IPlanRule
{
    private const string Prefix = "APPROX_NEAR_";

    public string Name => "use-vector-index";

    public bool IsMandatory => true;

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var isAsked = plan.Nodes.Any(node => node.Expressions.Any(HasCall));
        for (var i = 0; isAsked && i < plan.Nodes.Length; i++)
        {
            if (LoopAt(plan.Nodes[i]) is { } loop)
                plan = Use(plan, i, loop, context);
        }
        if (plan.Nodes.SelectMany(node => node.Expressions).FirstOrDefault(HasCall) is { } left)
            throw ErrorCodes.VectorSearchNotApplied.With($"{left} finds documents by a vector index only, as the first key of SORT, nearest first, with LIMIT behind it");
        if (plan.Nodes.FirstOrDefault(node => node is EnumerateViewNode { Vectors: not null }) is EnumerateViewNode whole)
        {
            throw ErrorCodes.VectorSearchNotApplied.With(
                $"view '{whole.Source}' of type '{ViewDefinition.SemanticType}' finds documents by APPROX_NEAR_COSINE(), _L2() or _INNER_PRODUCT() of one of its attributes only, as the first key of SORT, nearest first, with LIMIT behind it");
        }
        return plan;
    }

    /// <summary>The vector indexes a loop may use, and in which order they are tried.</summary>
    private static Loop? LoopAt(LogicalNode node) => node switch
    {
        EnumerateCollectionNode scan => new Loop(
            scan.Variable,
            null,
            [.. scan.Collection.Indexes.Where(index => index.Kind == IndexKind.Vector && index.ViewId == 0)
                .OrderBy(index => index.IsBuilding).ThenBy(index => scan.Hint.Names.IndexOf(index.Name) is >= 0 and var place ? place : int.MaxValue)
                .Select(index => new VectorSource(scan.Collection, index))]),
        EnumerateViewNode { Vectors: { } sources } view => new Loop(view.Variable, view.Source, sources),
        _ => null,
    };

    private static LogicalPlan Use(LogicalPlan plan, int position, Loop scan, OptimizerContext context)
    {
        var end = position + 1;
        while (end < plan.Nodes.Length && plan.Nodes[end] is FilterNode or CalculationNode)
            end++;
        if (end == plan.Nodes.Length || plan.Nodes[end] is not SortNode sort || !HasLimitBehind(plan, end))
            return plan;
        var first = sort.Items[0];
        var named = plan.Nodes.Take(end).Skip(position + 1).OfType<CalculationNode>().FirstOrDefault(node => first.Expression is VariableExpression name && ReferenceEquals(name.Variable, node.Variable));
        if ((named?.Expression ?? first.Expression) is not CallExpression call || !call.Function.Name.StartsWith(Prefix, StringComparison.Ordinal))
            return plan;
        var metric = MetricOf(call);
        // The smallest distance is the nearest, and the greatest similarity.
        if (first.IsDescending == (metric == VectorSettings.Euclidean) || FindSources(scan, call, metric) is not ({ } sources, { } target))
            return plan;
        var options = call.Children.Length > 2 ? call.Children[2] : null;
        var later = plan.Nodes.Skip(position).SelectMany(node => node.Produced).ToHashSet();
        if (new[] { target, options }.Any(part => part is not null && (part.Variables().Overlaps(later) || part.Purity() == FunctionPurity.Volatile)))
            return plan;
        if (sources.FirstOrDefault(source => source.Index.IsBuilding) is { } building)
            throw ErrorCodes.VectorIndexNotReady.With($"'{building.Index.Name}' of collection '{building.Collection.Name}' is still being filled");
        var score = context.NewVariable(metric == VectorSettings.Euclidean ? "distance" : "similarity");
        var nodes = plan.Nodes.Select((node, i) => i <= position ? node : node.MapExpressions(expression => expression.Rewrite(part => IsSame(part, call) ? new VariableExpression(score) : part)));
        var near = new VectorIndexNode(scan.Variable, score, sources, scan.View, target, options);
        var used = plan with { Nodes = [.. nodes.Select((node, i) => i == position ? near : node)] };
        return sources.Any(source => source.Index.Vector!.CodeBits > 0) && MayStopEarly(used, position, end) ? StopEarly(used, position, end, near, context) : used;
    }

    /// <summary>Where it is known how near the next documents are at best, a sort behind a single search need not see them all. Of equal ones the smaller key comes first, whatever the order they came in.</summary>
    private static LogicalPlan StopEarly(LogicalPlan plan, int position, int end, VectorIndexNode near, OptimizerContext context)
    {
        var sort = (SortNode)plan.Nodes[end];
        var reached = context.NewVariable("nearest left");
        var inOrder = sort with
        {
            Items = sort.Items.Add(new SortItem(new AttributeExpression(new VariableExpression(near.Variable), "_key"), IsDescending: false)),
            Limit = SortLimitRule.LimitBehind(plan, end),
            Reached = reached,
        };
        return plan with { Nodes = plan.Nodes.SetItem(position, near with { Reached = reached }).SetItem(end, inOrder) };
    }

    /// <summary>Whether documents that are left out make no difference: they are not counted, and nothing warns of them or is done for them.</summary>
    private static bool MayStopEarly(LogicalPlan plan, int position, int end) =>
        plan.IsSingleRowBefore(position)
        && SortLimitRule.LimitBehind(plan, end) is not null
        && plan.Nodes.Take(end + 1).Skip(position + 1).All(node => node.Expressions.All(expression => !expression.MayWarn && !HasSubquery(expression)));

    private static bool HasSubquery(Expression expression) => expression is SubqueryExpression || expression.Children.Any(HasSubquery);

    private static string MetricOf(CallExpression call) => call.Function.Name[Prefix.Length..] switch
    {
        "COSINE" => VectorSettings.Cosine,
        "L2" => VectorSettings.Euclidean,
        _ => VectorSettings.InnerProduct,
    };

    /// <summary>The index of a collection, or the indexes of a view, that know the attribute by the metric; either argument may be the attribute.</summary>
    private static (ImmutableArray<VectorSource> Sources, Expression Target)? FindSources(Loop loop, CallExpression call, string metric)
    {
        foreach (var (attribute, target) in new[] { (call.Children[0], call.Children[1]), (call.Children[1], call.Children[0]) })
        {
            if (AttributePath.Of(attribute, loop.Variable) is not { } path)
                continue;
            var fitting = loop.Sources.Where(source => source.Index.Vector!.Metric == metric && path.Matches(source.Index.Fields[0])).Take(loop.View is null ? 1 : int.MaxValue);
            if (fitting.ToImmutableArray() is { IsEmpty: false } found)
                return (found, target);
        }
        return null;
    }

    private static bool HasLimitBehind(LogicalPlan plan, int sort)
    {
        var next = sort + 1;
        while (next < plan.Nodes.Length && plan.Nodes[next] is CalculationNode)
            next++;
        return next < plan.Nodes.Length && plan.Nodes[next] is LimitNode;
    }

    private static bool IsSame(Expression part, CallExpression call) => part is CallExpression && part.ToString() == call.ToString() && part.Variables().SetEquals(call.Variables());

    private static bool HasCall(Expression expression) =>
        (expression is CallExpression call && call.Function.Name.StartsWith(Prefix, StringComparison.Ordinal)) || expression.Children.Any(HasCall);

    /// <param name="View">Name of the view; null for a collection.</param>
    private sealed record Loop(Variable Variable, string? View, ImmutableArray<VectorSource> Sources);
}
