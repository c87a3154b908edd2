using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer.Rules;

namespace GeoFabric.Query.Optimizer;

/// <summary>
/// What loops that stand together cost in one order or another, with the filters between them taken as early as they can be. The unit is a document
/// looked at.
/// </summary>
/// <param name="runs">How often the first loop runs.</param>
internal sealed class JoinOrder(IReadOnlyList<LogicalNode> loops, IReadOnlyList<LogicalNode> between, double runs, OptimizerContext context)
{
    /// <summary>All orders are compared up to so many loops; of more, the cheapest next loop is taken each time.</summary>
    private const int ExhaustiveMax = 6;

    /// <summary>Looking a document up through an index, beside coming by it in a scan.</summary>
    private const double LookupCost = 2;

    private readonly Dictionary<Expression, double> _shares = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, double?> _lookUps = new(StringComparer.Ordinal);
    private readonly Dictionary<Expression, int> _between = between.OfType<FilterNode>().Select((filter, i) => (filter, i))
        .DistinctBy(pair => pair.filter.Condition).ToDictionary(pair => pair.filter.Condition, pair => pair.i);
    private readonly HashSet<Variable>[] _produced = [.. loops.Select(loop => loop.Produced.ToHashSet())];
    private readonly HashSet<Variable> _all = [.. loops.Concat(between).SelectMany(node => node.Produced)];

    /// <summary>The cost of an order, and how many rows it hands on.</summary>
    public double Cost(IReadOnlyList<int> order)
    {
        var (rows, cost) = (runs, 0.0);
        for (var i = 0; i < order.Count; i++)
            (rows, cost) = Add(order.Take(i).ToList(), order[i], rows, cost);
        return cost;
    }

    /// <summary>The cheapest order; lists keep theirs among each other, as a sort may leave ties in it.</summary>
    public IReadOnlyList<int> FindBest() => loops.Count <= ExhaustiveMax ? FindExhaustively() : FindGreedily();

    /// <summary>The nodes in an order, each filter and calculation as soon as what it reads is there.</summary>
    public IEnumerable<LogicalNode> Arrange(IReadOnlyList<int> order)
    {
        var known = new HashSet<Variable>();
        var waiting = between.ToList();
        foreach (var next in order)
        {
            yield return loops[next];
            known.UnionWith(_produced[next]);
            for (var i = 0; i < waiting.Count; i++)
            {
                if (!IsReady(waiting[i], known))
                    continue;
                yield return waiting[i];
                known.UnionWith(waiting[i].Produced);
                waiting.RemoveAt(i);
                i = -1;
            }
        }
    }

    /// <summary>The best way to come to each set of loops, from the smaller sets: rows and costs depend on the set only, not on how it was come to.</summary>
    private List<int> FindExhaustively()
    {
        var best = new (double Rows, double Cost, List<int> Order)?[1 << loops.Count];
        best[0] = (runs, 0, []);
        for (var set = 0; set < best.Length; set++)
        {
            if (best[set] is not { } known)
                continue;
            for (var next = 0; next < loops.Count; next++)
            {
                if (!CanBeNext(known.Order, next))
                    continue;
                var (rows, cost) = Add(known.Order, next, known.Rows, known.Cost);
                ref var place = ref best[set | (1 << next)];
                if (place is null || cost < place.Value.Cost)
                    place = (rows, cost, [.. known.Order, next]);
            }
        }
        return best[^1]!.Value.Order;
    }

    private List<int> FindGreedily()
    {
        var order = new List<int>();
        var (rows, cost) = (runs, 0.0);
        while (order.Count < loops.Count)
        {
            var next = Enumerable.Range(0, loops.Count).Where(loop => CanBeNext(order, loop))
                .Select(loop => (Loop: loop, Result: Add(order, loop, rows, cost)))
                .MinBy(candidate => candidate.Result.Cost + candidate.Result.Rows);
            (rows, cost) = next.Result;
            order.Add(next.Loop);
        }
        return order;
    }

    private bool CanBeNext(List<int> order, int next) => !order.Contains(next)
        && (loops[next] is not EnumerateListNode || Enumerable.Range(0, next).All(earlier => loops[earlier] is not EnumerateListNode || order.Contains(earlier)));

    /// <summary>What one more loop inside of others adds.</summary>
    private (double Rows, double Cost) Add(List<int> outer, int next, double rows, double cost)
    {
        context.ThrowIfStopped();
        if (loops[next] is EnumerateListNode { Source: ConstantExpression list })
        {
            var items = rows * list.Value.Items.Count * Share(NewFilters(outer, next));
            return (items, cost + items);
        }
        var scan = (EnumerateCollectionNode)loops[next];
        var documents = (double)Math.Max(1, context.EstimateDocuments(scan.Collection));
        var filters = NewFilters(outer, next);
        var found = rows * documents * Share(filters);
        if (LookUp(next, scan, filters, rows > 1) is { } read)
            return (found, cost + (rows * LookupCost * (1 + read)));
        // Documents that are compared with the rows before, or with nothing but constants, are kept in a table.
        var isKept = rows > 1 && filters.Any(filter => HashJoinRule.IsKey(filter, scan.Variable) || filter.Variables().SetEquals([scan.Variable]));
        return (found, cost + (isKept ? (2 * documents) + rows + found : rows * documents));
    }

    /// <returns>Documents that an index reads each time; null when none serves. Asked for the same filters again and again, and counting takes time.</returns>
    private double? LookUp(int loop, EnumerateCollectionNode scan, List<Expression> filters, bool isInner)
    {
        var question = $"{loop}:{isInner}:{string.Join(',', filters.Select(filter => _between[filter]))}";
        if (_lookUps.TryGetValue(question, out var known))
            return known;
        var conditions = filters.Select(filter => IndexCondition.Read(filter, scan.Variable)).OfType<IndexCondition>().ToList();
        return _lookUps[question] = UseIndexesRule.Choose(scan, conditions, context) is { } match && !UseIndexesRule.ReadsTooMany(scan, match, isInner, context)
            ? context.EstimateRows(scan.Collection, match)
            : null;
    }

    /// <summary>Filters that can be asked once the loop is there, and not before.</summary>
    private List<Expression> NewFilters(List<int> outer, int next)
    {
        var known = outer.SelectMany(loop => _produced[loop]).ToHashSet();
        var before = Reachable(known);
        known.UnionWith(_produced[next]);
        var after = Reachable(known);
        return [.. after.Except(before).OfType<FilterNode>().Select(filter => filter.Condition)];
    }

    private HashSet<LogicalNode> Reachable(HashSet<Variable> variables)
    {
        var known = new HashSet<Variable>(variables);
        var reached = new HashSet<LogicalNode>(ReferenceEqualityComparer.Instance);
        // A calculation may read one before it; they stand in that order.
        foreach (var node in between)
        {
            if (!IsReady(node, known))
                continue;
            reached.Add(node);
            known.UnionWith(node.Produced);
        }
        return reached;
    }

    private bool IsReady(LogicalNode node, HashSet<Variable> known) => node.Expressions.All(expression => expression.Variables().All(variable => !_all.Contains(variable) || known.Contains(variable)));

    private double Share(List<Expression> filters) => filters.Aggregate(1.0, (share, filter) => share * Share(filter));

    private double Share(Expression filter) =>
        _shares.TryGetValue(filter, out var share) ? share : _shares[filter] = FilterEstimate.Share(filter, loops.OfType<EnumerateCollectionNode>(), context);
}
