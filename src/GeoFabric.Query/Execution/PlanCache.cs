using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Execution;

/// <summary>
/// Plans by query text, catalog version, rule selection and the values of the parameters that shape the plan. Rights are not part of it: a plan
/// names what it needs, and that is checked at each execution.
/// </summary>
/// <param name="rules">What the optimizer applies, in order.</param>
/// <remarks>
/// Thread-safe. When full it is emptied: plans cost a millisecond to make again, and a smarter policy would cost something at every hit.
/// </remarks>
public sealed class PlanCache(IReadOnlyList<IPlanRule> rules, int entriesMax = 1024)
{
    /// <summary>Longer texts are pasted data, seen once; keeping them would push real queries out.</summary>
    private const int TextLengthMax = 16 * 1024;

    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _structuralNames = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<PlanKey, PreparedQuery> _plans = new();

    public long Hits { get; private set; }

    public int Count => _plans.Count;

    /// <summary>The plan from the cache, or a new one.</summary>
    public PreparedQuery Prepare(string fabricId, QueryRequest request, IFabricReader reader, StageClock stages)
    {
        if (Find(fabricId, request, (reader.Catalog.Version, reader.StatisticsVersion)) is { } cached && !cached.IsOutgrown(reader))
        {
            Hits++;
            return cached;
        }
        var prepared = Plan(request, reader, stages);
        if (request.Text.Length <= TextLengthMax)
        {
            if (_plans.Count >= entriesMax)
            {
                _plans.Clear();
                _structuralNames.Clear();
            }
            var structural = prepared.Bound.StructuralParameters;
            _structuralNames[request.Text] = structural;
            _plans[KeyOf(fabricId, request, (reader.Catalog.Version, reader.StatisticsVersion), structural)] = prepared;
        }
        return prepared;
    }

    /// <summary>A new plan that is not kept.</summary>
    public PreparedQuery Plan(QueryRequest request, IFabricReader reader, StageClock stages)
    {
        stages.Enter(QueryStage.Parsing);
        var text = new QueryText(request.Text);
        var syntax = QueryParser.Parse(request.Text);
        stages.Enter(QueryStage.OptimizingAst);
        var bound = QueryBinder.Bind(syntax, text, reader.Catalog, request.BindVars);
        stages.Enter(QueryStage.OptimizingPlan);
        var plan = request.FullCount ? CountAtLastLimit(bound.Plan) : bound.Plan;
        var optimized = RuleSchedule.Optimize(plan, new OptimizerContext(reader, bound.SlotCount), rules, request.Rules);
        return new PreparedQuery(bound, optimized);
    }

    /// <summary>The plan from the cache; null when there is none.</summary>
    public PreparedQuery? Find(string fabricId, QueryRequest request, (long Catalog, long Statistics) version) =>
        request.Text.Length <= TextLengthMax && _structuralNames.TryGetValue(request.Text, out var names)
        && _plans.TryGetValue(KeyOf(fabricId, request, version, names), out var cached)
            ? cached
            : null;

    /// <summary>With fullCount the last LIMIT of the top level counts the rows it cuts off.</summary>
    private static LogicalPlan CountAtLastLimit(LogicalPlan plan)
    {
        for (var i = plan.Nodes.Length - 1; i >= 0; i--)
        {
            if (plan.Nodes[i] is LimitNode limit)
                return plan with { Nodes = plan.Nodes.SetItem(i, limit with { CountsAll = true }) };
        }
        return plan;
    }

    private static PlanKey KeyOf(string fabricId, QueryRequest request, (long Catalog, long Statistics) version, ImmutableArray<string> structuralNames)
    {
        var values = "";
        if (structuralNames.Length > 0)
        {
            var text = new StringBuilder();
            foreach (var name in structuralNames)
                text.Append(request.BindVars.GetAttribute(Encoding.UTF8.GetBytes(name)).ToString()).Append('\n');
            values = text.ToString();
        }
        return new PlanKey(fabricId, version, request.Text, request.Rules.Text, values, request.FullCount);
    }

    private readonly record struct PlanKey(string FabricId, (long Catalog, long Statistics) Version, string Text, string Rules, string StructuralValues, bool FullCount);
}
