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
        if (Find(fabricId, request, reader.Catalog.Version) is { } cached)
        {
            Hits++;
            return cached;
        }
        var isCacheable = request.Text.Length <= TextLengthMax;
        stages.Enter("parsing");
        var text = new QueryText(request.Text);
        var syntax = QueryParser.Parse(request.Text);
        stages.Enter("optimizing ast");
        var bound = QueryBinder.Bind(syntax, text, reader.Catalog, request.BindVars);
        stages.Enter("optimizing plan");
        var plan = request.FullCount ? CountAtLastLimit(bound.Plan) : bound.Plan;
        var optimized = RuleSchedule.Optimize(plan, new OptimizerContext(reader, bound.SlotCount), rules, request.Rules);
        var prepared = new PreparedQuery(bound, optimized);
        if (isCacheable)
        {
            if (_plans.Count >= entriesMax)
            {
                _plans.Clear();
                _structuralNames.Clear();
            }
            _structuralNames[request.Text] = bound.StructuralParameters;
            _plans[KeyOf(fabricId, request, reader.Catalog.Version, bound.StructuralParameters)] = prepared;
        }
        return prepared;
    }

    /// <summary>The plan from the cache; null when there is none.</summary>
    public PreparedQuery? Find(string fabricId, QueryRequest request, long catalogVersion) =>
        request.Text.Length <= TextLengthMax && _structuralNames.TryGetValue(request.Text, out var names)
        && _plans.TryGetValue(KeyOf(fabricId, request, catalogVersion, names), out var cached)
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

    private static PlanKey KeyOf(string fabricId, QueryRequest request, long catalogVersion, ImmutableArray<string> structuralNames)
    {
        var values = "";
        if (structuralNames.Length > 0)
        {
            var text = new StringBuilder();
            foreach (var name in structuralNames)
                text.Append(request.BindVars.GetAttribute(Encoding.UTF8.GetBytes(name)).ToString()).Append('\n');
            values = text.ToString();
        }
        return new PlanKey(fabricId, catalogVersion, request.Text, request.Rules.Text, values, request.FullCount);
    }

    private readonly record struct PlanKey(string FabricId, long CatalogVersion, string Text, string Rules, string StructuralValues, bool FullCount);
}
