using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;
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
    /// <summary>Longer texts are pasted data, seen once: they have a place of their own, so that they do not push real queries out.</summary>
    private const int TextLengthMax = 16 * 1024;

    /// <summary>Long texts kept: the ones being run, which are planned once to see what they need and not again inside the writer.</summary>
    private const int LongEntriesMax = 4;

    private readonly Shelf _shelf = new(entriesMax);
    private readonly Shelf _longTexts = new(LongEntriesMax);
    private long _hits;
    private long _misses;

    /// <summary>Queries that ran by a plan which another run before them had left here.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Queries whose plan had to be made.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    public int Count => _shelf.Count + _longTexts.Count;

    /// <summary>The plan from the cache, or a new one.</summary>
    public PreparedQuery Prepare(string fabricId, QueryRequest request, IFabricReader reader, StageClock stages, StopSignal? stop = null)
    {
        if (Find(fabricId, request, (reader.Catalog.Version, reader.StatisticsVersion)) is { } cached && !cached.IsOutgrown(reader))
            return cached;
        var prepared = Plan(request, reader, stages, stop);
        var structural = prepared.Bound.StructuralParameters;
        ShelfOf(request).Keep(request.Text, structural, KeyOf(fabricId, request, (reader.Catalog.Version, reader.StatisticsVersion), structural), prepared);
        return prepared;
    }

    /// <summary>Counts a run of a query. One that writes, or may run elsewhere, asks for its plan several times and would seem to hit by itself.</summary>
    public void CountRun(PreparedQuery prepared) => Interlocked.Increment(ref (prepared.IsFirstRun() ? ref _misses : ref _hits));

    /// <summary>A new plan that is not kept.</summary>
    /// <param name="stop">Ends the planning; null for never.</param>
    public PreparedQuery Plan(QueryRequest request, IFabricReader reader, StageClock stages, StopSignal? stop = null)
    {
        Action throwIfStopped = stop is null ? static () => { } : stop.ThrowIfStopped;
        stages.Enter(QueryStage.Parsing);
        var text = new QueryText(request.Text);
        var syntax = QueryParser.Parse(request.Text, throwIfStopped);
        stages.Enter(QueryStage.OptimizingAst);
        var bound = QueryBinder.Bind(syntax, text, reader.Catalog, request.BindVars, throwIfStopped);
        stages.Enter(QueryStage.OptimizingPlan);
        var plan = request.FullCount ? CountAtLastLimit(bound.Plan) : bound.Plan;
        var optimized = RuleSchedule.Optimize(plan, new OptimizerContext(reader, bound.SlotCount, throwIfStopped), rules, request.Rules);
        return new PreparedQuery(bound, optimized);
    }

    /// <summary>The plan from the cache; null when there is none.</summary>
    public PreparedQuery? Find(string fabricId, QueryRequest request, (long Catalog, long Statistics) version) =>
        ShelfOf(request).Find(request.Text) is { } plans ? plans.Find(KeyOf(fabricId, request, version, plans.StructuralNames)) : null;

    private Shelf ShelfOf(QueryRequest request) => request.Text.Length <= TextLengthMax ? _shelf : _longTexts;

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
        return new PlanKey(fabricId, version, request.Rules.Text, values, request.FullCount);
    }

    /// <summary>What tells the plans of one text apart.</summary>
    private readonly record struct PlanKey(string FabricId, (long Catalog, long Statistics) Version, string Rules, string StructuralValues, bool FullCount);

    /// <summary>The plans of one text.</summary>
    /// <param name="structuralNames">The parameters that shape them.</param>
    private sealed class TextPlans(ImmutableArray<string> structuralNames)
    {
        private readonly ConcurrentDictionary<PlanKey, PreparedQuery> _plans = new();

        public ImmutableArray<string> StructuralNames => structuralNames;

        public int Count => _plans.Count;

        public PreparedQuery? Find(PlanKey key) => _plans.GetValueOrDefault(key);

        /// <returns>Whether there was none yet.</returns>
        public bool Keep(PlanKey key, PreparedQuery prepared)
        {
            if (_plans.TryAdd(key, prepared))
                return true;
            _plans[key] = prepared;
            return false;
        }
    }

    /// <summary>Some plans by their text, which is looked for once.</summary>
    private sealed class Shelf(int entriesMax)
    {
        private readonly ConcurrentDictionary<string, TextPlans> _texts = new(StringComparer.Ordinal);
        private int _count;

        public int Count => _count;

        public TextPlans? Find(string text) => _texts.GetValueOrDefault(text);

        public void Keep(string text, ImmutableArray<string> structuralNames, PlanKey key, PreparedQuery prepared)
        {
            if (_count >= entriesMax)
            {
                _texts.Clear();
                _count = 0;
            }
            var plans = Find(text);
            if (plans is null || !plans.StructuralNames.SequenceEqual(structuralNames))
            {
                // Another catalog may make other parameters shape the plan.
                Interlocked.Add(ref _count, -(plans?.Count ?? 0));
                _texts[text] = plans = new TextPlans(structuralNames);
            }
            if (plans.Keep(key, prepared))
                Interlocked.Increment(ref _count);
        }
    }
}
