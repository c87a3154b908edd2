using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>
/// A second, plain implementation of the language that shares no code with the engine but parser, values and functions: it walks the syntax tree
/// with nested loops over lists. What it does not know it refuses with <see cref="NotSupportedException"/>, and then nothing is compared.
/// </summary>
internal sealed class ReferenceEvaluator
{
    private readonly ReferenceContext _context = new();
    private readonly ReferenceExpressions _expressions;
    private readonly ReferenceCollect _collect;
    private readonly ReferenceWindow _window;
    private readonly ReferenceSearch _search;
    private readonly ReferenceTraversal _traversal;
    private readonly ReferencePathSearch _pathSearch;
    private readonly ReferenceModifications _modifications;
    private readonly ReferenceData _data;

    private ReferenceEvaluator(ReferenceData data, Value bindVars)
    {
        _data = data;
        _expressions = new ReferenceExpressions(_context, data, bindVars, (query, row) => Value.FromList([.. Rows(query, row)]));
        _collect = new ReferenceCollect(_context, _expressions);
        _window = new ReferenceWindow(_context, _expressions, _collect);
        _search = new ReferenceSearch(_context, _expressions, data);
        var graph = new ReferenceGraph(_context, _expressions, data);
        _traversal = new ReferenceTraversal(_context, _expressions, graph);
        _pathSearch = new ReferencePathSearch(_context, _expressions, graph);
        _modifications = new ReferenceModifications(data, _expressions);
    }

    /// <summary>Runs a query. One that fails leaves <paramref name="data"/> half changed.</summary>
    public static QueryOutcome Run(QuerySyntax query, Value bindVars, ReferenceData data)
    {
        var evaluator = new ReferenceEvaluator(data, bindVars);
        try
        {
            List<Value> rows = [.. evaluator.Rows(query, null)];
            return new QueryOutcome(rows, 0, "", evaluator._context.Warnings);
        }
        catch (GeoFabricException error)
        {
            return new QueryOutcome([], error.ErrorNumber, error.Message, "");
        }
    }

    private IEnumerable<Value> Rows(QuerySyntax query, ReferenceRow? outer)
    {
        IEnumerable<ReferenceRow?> rows = [outer];
        var level = new Level();
        foreach (var operation in query.Operations)
        {
            if (operation is ReturnSyntax result)
                return result.IsDistinct ? Distinct(rows.Select(row => _expressions.Evaluate(result.Expression, row))) : rows.Select(row => _expressions.Evaluate(result.Expression, row));
            rows = Apply(operation, rows, outer, level);
            // What is changed is changed for all rows, however few of them are looked at.
            if (ReferenceModifications.IsIn(operation))
                rows = rows.ToList();
        }
        // A modification without RETURN: it happens, and gives nothing.
        return rows.ToList().Take(0).Select(_ => Value.Null);
    }

    private IEnumerable<ReferenceRow?> Apply(OperationSyntax operation, IEnumerable<ReferenceRow?> rows, ReferenceRow? outer, Level level)
    {
        switch (operation)
        {
            case ForSyntax loop when loop.Search is not null || ReferenceSearch.IsView(loop.Source):
                level.IsInsideLoop = true;
                level.Declare(loop.Target);
                return rows.SelectMany(row => _search.Apply(loop, row));
            case ForSyntax loop:
                level.IsInsideLoop = true;
                level.Declare(loop.Target);
                return rows.SelectMany(row => Source(loop.Source, row).Select(item => Bind(loop.Target, item, row)));
            case FilterSyntax filter:
                return rows.Where(row => _expressions.IsTrue(filter.Condition, row));
            case LetSyntax let:
                level.Declare(let.Target);
                return rows.Select(row => Bind(let.Target, _expressions.Evaluate(let.Value, row), row));
            case SortSyntax sort:
                return Sort(sort, rows);
            case LimitSyntax limit:
                return Limit(limit, rows);
            case CollectSyntax collect:
                var members = level.Members;
                level.StartOver(collect);
                return _collect.Apply(collect, rows, outer, members);
            case WindowSyntax window:
                level.Declare(window.Aggregates.Select(aggregate => aggregate.Variable));
                return _window.Apply(window, rows);
            case TraversalSyntax traversal:
                level.IsInsideLoop = true;
                level.Declare(ReferenceTraversal.Names(traversal));
                return rows.SelectMany(row => _traversal.Apply(traversal, row));
            case PathSearchSyntax search:
                level.IsInsideLoop = true;
                level.Declare(search.Variables);
                return rows.SelectMany(row => _pathSearch.Apply(search, row));
            case InsertSyntax or UpdateSyntax or RemoveSyntax or UpsertSyntax:
                return _modifications.Apply(operation, rows);
            default:
                throw new NotSupportedException(operation.GetType().Name);
        }
    }

    private IEnumerable<Value> Source(ExpressionSyntax source, ReferenceRow? row)
    {
        if (source is NameSyntax name && !ReferenceRow.TryFind(row, name.Name, out _))
            return _data.Collection(name.Name);
        var items = _expressions.Evaluate(source, row);
        return items.IsArray ? ReferenceValues.Items(items) : throw ErrorCodes.ArrayExpected.With(items.ToString());
    }

    private ReferenceRow? Bind(TargetSyntax target, Value value, ReferenceRow? row)
    {
        _context.Step();
        switch (target)
        {
            case NameTargetSyntax name:
                return new ReferenceRow(name.Name, value, row);
            case ArrayTargetSyntax array:
                for (var i = 0; i < array.Items.Length; i++)
                {
                    if (array.Items[i] is { } item)
                        row = Bind(item, value.IsArray ? ReferenceValues.Items(value).ElementAtOrDefault(i) : Value.Null, row);
                }
                return row;
            default:
                foreach (var (attribute, inner) in ((ObjectTargetSyntax)target).Members)
                    row = Bind(inner, ReferenceValues.Attribute(value, attribute), row);
                return row;
        }
    }

    private IEnumerable<ReferenceRow?> Sort(SortSyntax sort, IEnumerable<ReferenceRow?> rows)
    {
        var keyed = rows.Select(row => (Row: row, Keys: sort.Items.Select(item => _expressions.Evaluate(item.Expression, row)).ToList())).ToList().OrderBy(_ => 0);
        for (var i = 0; i < sort.Items.Length; i++)
        {
            var at = i;
            if (sort.Items[i].Direction is not null)
                throw new NotSupportedException("a direction that is no word");
            keyed = sort.Items[i].IsDescending ? keyed.ThenByDescending(row => row.Keys[at], ReferenceValues.Order) : keyed.ThenBy(row => row.Keys[at], ReferenceValues.Order);
        }
        foreach (var (row, _) in keyed)
            yield return row;
    }

    private IEnumerable<ReferenceRow?> Limit(LimitSyntax limit, IEnumerable<ReferenceRow?> rows)
    {
        var offset = limit.Offset is null ? 0 : LimitNumber(limit.Offset, 0);
        var count = LimitNumber(limit.Count, int.MaxValue);
        // Take() stops asking after the last row it gives.
        return rows.Skip((int)offset).Take((int)count);
    }

    private long LimitNumber(ExpressionSyntax syntax, long defaultValue)
    {
        var value = _expressions.Evaluate(syntax, null);
        if (value.IsNull)
            return defaultValue;
        return value.IsNumber && value.Number >= 0 ? Math.Min(_expressions.Integer(value), int.MaxValue) : throw ErrorCodes.NumberOutOfRange.With(value.ToString());
    }

    private static IEnumerable<Value> Distinct(IEnumerable<Value> values)
    {
        var seen = new List<Value>();
        foreach (var value in values)
        {
            if (seen.Exists(other => ReferenceValues.AreEqual(other, value)))
                continue;
            seen.Add(value);
            yield return value;
        }
    }

    /// <summary>Names of one query level, for what INTO collects.</summary>
    private sealed class Level
    {
        private readonly List<string> _looped = [];
        private readonly List<string> _unlooped = [];

        public bool IsInsideLoop { get; set; }

        public IReadOnlyList<string> Members => IsInsideLoop ? [.. _looped] : [.. _looped, .. _unlooped];

        public void Declare(IEnumerable<string> names) => (IsInsideLoop ? _looped : _unlooped).AddRange(names);

        public void Declare(TargetSyntax target)
        {
            switch (target)
            {
                case NameTargetSyntax name:
                    Declare([name.Name]);
                    break;
                case ArrayTargetSyntax array:
                    foreach (var item in array.Items)
                    {
                        if (item is not null)
                            Declare(item);
                    }
                    break;
                default:
                    foreach (var (_, inner) in ((ObjectTargetSyntax)target).Members)
                        Declare(inner);
                    break;
            }
        }

        public void StartOver(CollectSyntax collect)
        {
            _looped.Clear();
            _unlooped.Clear();
            _looped.AddRange(ReferenceCollect.Names(collect));
        }
    }
}
