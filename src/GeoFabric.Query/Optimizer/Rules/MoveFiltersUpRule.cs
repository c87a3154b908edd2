using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Moves a FILTER in front of loops, walks over graphs, calculations and sorts that it does not depend on, so fewer rows reach them.
/// Must not cross LIMIT or COLLECT, nor a modification, nor anything that may warn or fail: that would change what clients see.
/// </summary>
internal sealed class MoveFiltersUpRule : IPlanRule
{
    private static readonly HashSet<Variable> s_nothing = [];

    public string Name => "move-filters-up";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var stretches = new List<Stretch>();
        var open = new Stretch();
        var isMoved = false;
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not FilterNode filter)
            {
                stretches.Add(open);
                open.End(plan.Nodes[i], CanCross(plan, i, s_nothing));
                open = new Stretch();
                continue;
            }
            var isMovable = !filter.Condition.MayWarn && filter.Condition.Purity() != FunctionPurity.Volatile;
            var target = isMovable ? FindTarget(stretches, open, filter.Condition.Variables()) : open;
            isMoved |= target != open;
            target.Add(filter, isMovable);
        }
        return isMoved ? plan.With(stretches.Append(open).SelectMany(stretch => stretch.Nodes)) : plan;
    }

    /// <summary>The first stretch that the filter can come to. Filters keep their order among themselves; only crossing something else is worth a move.</summary>
    private static Stretch FindTarget(List<Stretch> stretches, Stretch open, IReadOnlySet<Variable> used)
    {
        var target = open;
        for (var i = stretches.Count - 1; i > 0 && target.IsQuiet && stretches[i].LetsPass(used); i--)
            target = stretches[i];
        return target;
    }

    /// <summary>Whether a filter that reads <paramref name="used"/> may stand on either side of a node without anybody noticing.</summary>
    internal static bool CanCross(LogicalPlan plan, int index, IReadOnlySet<Variable> used)
    {
        var node = plan.Nodes[index];
        if (node is not SortNode && !node.IsRowWise)
            return false;
        if (node.Produced.Any(used.Contains))
            return false;
        if (node is PathNode && !(node is TraversalNode walk && IsQuiet(plan, index, walk)))
            return false;
        // A loop over something that is no array is an error (1563), which a filter in front of it could hide.
        if (node is EnumerateListNode { Source: not (ConstantExpression { Value.IsArray: true } or ArrayExpression or SubqueryExpression) })
            return false;
        return node.Expressions.All(expression => !expression.MayWarn && expression.Purity() != FunctionPurity.Volatile);
    }

    /// <summary>A walk warns of a start that is no vertex, fails at depths that are none, and by weight at weights below 0.</summary>
    private static bool IsQuiet(LogicalPlan plan, int index, TraversalNode walk) =>
        walk is { Options.Order: not TraversalOrder.Weighted, Least: ConstantExpression, Most: ConstantExpression } && IsVertex(plan, index, walk.Start);

    /// <summary>Whether an expression is an id, or a document that comes straight from a collection and so has one.</summary>
    private static bool IsVertex(LogicalPlan plan, int index, Expression start) => start switch
    {
        ConstantExpression { Value: { IsString: true } id } => id.Text.Contains('/', StringComparison.Ordinal),
        AttributeExpression { Name: "_id", Target: VariableExpression document } => IsVertex(plan, index, document),
        VariableExpression { Variable: var variable } => plan.Nodes.Take(index).OfType<EnumerateCollectionNode>().Any(loop => loop.Variable.Equals(variable)),
        _ => false,
    };

    /// <summary>Filters that stand together, and the step behind them. There may be thousands of filters, which are crossed at once.</summary>
    private sealed class Stretch
    {
        private readonly List<LogicalNode> _filters = [];
        private LogicalNode? _end;
        private bool _isEndQuiet;

        /// <summary>Whether none of the filters warns.</summary>
        public bool IsQuiet { get; private set; } = true;

        public IEnumerable<LogicalNode> Nodes => _end is null ? _filters : _filters.Append(_end);

        public void Add(FilterNode filter, bool isQuiet)
        {
            _filters.Add(filter);
            IsQuiet &= isQuiet;
        }

        public void End(LogicalNode node, bool isQuiet) => (_end, _isEndQuiet) = (node, isQuiet);

        public bool LetsPass(IReadOnlySet<Variable> used) => _isEndQuiet && !_end!.Produced.Any(used.Contains);
    }
}
