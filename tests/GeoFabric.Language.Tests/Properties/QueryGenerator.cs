namespace GeoFabric.Language.Tests.Properties;

/// <param name="Seed">Gives the query again, and chooses among ways to run it.</param>
/// <param name="IsOrdered">Whether the language fixes the order of the rows.</param>
/// <param name="HasLimit">Whether a LIMIT occurs, after which a plan may have looked at rows that do not come out.</param>
internal sealed record GeneratedQuery(int Seed, string Text, string BindVars, bool IsOrdered, bool HasLimit);

/// <summary>
/// Writes random reading queries. What depends on the order of rows (LIMIT, INTO, PUSH) is written only where the language fixes that order, so that
/// every plan must give the same. A new operation is one more line of <see cref="Operation"/>.
/// </summary>
internal sealed class QueryGenerator
{
    private static readonly string[] Aggregates =
    [
        "LENGTH", "MIN", "MAX", "SUM", "AVG", "UNIQUE", "SORTED_UNIQUE", "COUNT_DISTINCT", "PUSH", "COUNT", "AVERAGE", "VARIANCE", "VARIANCE_POPULATION", "VARIANCE_SAMPLE", "STDDEV", "STDDEV_POPULATION", "STDDEV_SAMPLE",
        "COUNT_UNIQUE", "BIT_AND", "BIT_OR", "BIT_XOR",
    ];

    private readonly Random _random;
    private readonly ExpressionGenerator _expressions;
    private bool _hasLimit;

    private QueryGenerator(int seed)
    {
        _random = new Random(seed);
        _expressions = new ExpressionGenerator(_random) { Subquery = (scope, depth) => Level(scope, depth + 1, mustBeOrdered: true).Text };
    }

    public static GeneratedQuery Make(int seed)
    {
        var generator = new QueryGenerator(seed);
        var (text, isOrdered) = generator.Level([], 0, mustBeOrdered: false);
        if (generator._expressions.OneIn(30))
            text = "WITH a, e " + text;
        return new GeneratedQuery(seed, text, generator._expressions.BindVars(text), isOrdered, generator._hasLimit);
    }

    private (string Text, bool IsOrdered) Level(IReadOnlyList<GeneratedVariable> outer, int depth, bool mustBeOrdered)
    {
        var level = new LevelState([.. outer]);
        var operations = new List<string>();
        var count = depth == 0 ? _random.Next(1, 6) : _random.Next(1, 3);
        // Most queries loop over documents first; what has nothing to read says little.
        if (!_expressions.OneIn(4))
            operations.Add(For(level, depth));
        for (var i = operations.Count; i < count; i++)
            operations.Add(Operation(level, depth));
        if (mustBeOrdered && !level.IsOrdered)
            operations.Add(TotalSort(level));
        var expression = Result(level, depth);
        // Of equal values DISTINCT keeps the first, and equal values may look different.
        var isDistinct = level.HasLoop && _expressions.OneIn(5);
        if (depth > 1 && isDistinct)
            isDistinct = false;
        operations.Add($"RETURN {(isDistinct ? "DISTINCT " : "")}{expression}");
        return (string.Join(' ', operations), level.IsOrdered);
    }

    private string Operation(LevelState level, int depth)
    {
        switch (_random.Next(level.HasLoop ? 14 : 5))
        {
            case 0 or 1 or 2:
                return For(level, depth);
            case 3:
                return $"FILTER {_expressions.Condition(level.Scope, depth)}";
            case 4 or 12:
                return Let(level, depth);
            case 5 or 6 or 7:
                return $"FILTER {_expressions.Condition(level.Scope, depth)}";
            case 8:
                return TotalSort(level);
            case 9:
                _hasLimit = true;
                var sort = level.IsOrdered ? "" : TotalSort(level) + " ";
                return $"{sort}LIMIT {_expressions.Pick("1", "3", "2, 3", "0", "1, 100", "10", "1, null", "2.7")}";
            case 13:
                return Window(level, depth);
            default:
                return Collect(level, depth);
        }
    }

    private string Let(LevelState level, int depth)
    {
        if (_expressions.OneIn(6))
        {
            // Taken apart; the names exist only from here on.
            var source = _expressions.Documents(level.Scope) is { } document && _expressions.OneIn(2) ? document : _expressions.Value(level.Scope, depth);
            var (first, second) = (_expressions.NewName(), _expressions.NewName());
            level.Scope.Add(new GeneratedVariable(first, VariableKind.Plain));
            level.Scope.Add(new GeneratedVariable(second, VariableKind.Plain));
            return $"LET {_expressions.Pick($"[{first}, , {second}]", $"{{x: {first}, n: {{p: {second}}}}}", $"{{t: [{first}, {second}]}}", $"[[{first}], {{v: {second}}}]")} = {source}";
        }
        var value = _expressions.Value(level.Scope, depth);
        return $"LET {Declare(level, VariableKind.Plain)} = {value}";
    }

    private string For(LevelState level, int depth)
    {
        // The product of the loops stays small enough for thousands of queries.
        if (level.Loops >= 2)
            return $"FILTER {_expressions.Condition(level.Scope, depth)}";
        level.Loops++;
        level.HasLoop = true;
        if (_expressions.OneIn(6))
            return Walk(level, depth);
        if (_random.Next(4) > 0)
        {
            var collection = _expressions.Pick("a", "b", "a", "b", "e");
            var document = Declare(level, VariableKind.Document);
            level.Keys.Add(document + "._key");
            level.IsOrdered = false;
            var filter = _expressions.OneIn(2) ? $" FILTER {_expressions.IndexableCondition(document, level.Scope, depth)}" : "";
            return $"FOR {document} IN {collection}{filter}";
        }
        var source = _expressions.OneIn(3) && depth < 2
            ? $"({Level(level.Scope, depth + 1, mustBeOrdered: true).Text})"
            : _expressions.OneIn(20) ? _expressions.Value(level.Scope, depth)
            : _expressions.OneIn(5) && _expressions.Documents(level.Scope) is { } array ? $"{array}.{_expressions.Pick("t[*]", "o[*]", "m[*]", "o[*].v")}"
            : _expressions.Pick("1..3", "[3, 1, 2, 1]", "[null, \"a\", {p: 1, v: 2}, [1]]", $"[{_expressions.Scalar(level.Scope, depth)}, 5]", "[]", "2..0");
        // Items of a list repeat, so a sort over them leaves ties, which keep the order of the list: fixed only if the rows before were in order.
        level.HasTies |= !level.IsOrdered;
        if (!_expressions.OneIn(8))
            return $"FOR {Declare(level, VariableKind.Plain)} IN {source}";
        var (first, second) = (Declare(level, VariableKind.Plain), Declare(level, VariableKind.Plain));
        return $"FOR {_expressions.Pick($"[{first}, {second}]", $"{{p: {first}, v: {second}}}")} IN {source}";
    }

    /// <summary>A traversal. Rows that agree in what it declares are the same row, whatever path led there.</summary>
    private string Walk(LevelState level, int depth)
    {
        var start = _expressions.Documents(level.Scope) is { } document && _expressions.OneIn(2)
            ? document + _expressions.Pick("", "._id", "._from", "._to", "._id")
            : _expressions.Pick("\"a/k1\"", "\"b/k2\"", "\"a/k0\"", "\"b/k0\"", "\"a/k3\"", $"({_expressions.Value(level.Scope, 2)})");
        var (vertex, edge, path) = (Declare(level, VariableKind.Document), "", "");
        level.Keys.Add(vertex + "._id");
        if (!_expressions.OneIn(4))
        {
            edge = Declare(level, VariableKind.Document);
            level.Keys.Add(edge + "._id");
        }
        if (edge.Length > 0 && !_expressions.OneIn(4))
        {
            path = _expressions.NewName();
            level.Keys.Add(path + ".edges[*]._key");
        }
        level.IsOrdered = false;
        var text = $"FOR {string.Join(", ", new[] { vertex, edge, path }.Where(name => name.Length > 0))} IN {_expressions.Pick("", "1..2 ", "0..2 ", "2 ", "0 ", "1..3 ", "0..1 ", "2..3 ")}";
        text += $"{_expressions.Pick("OUTBOUND", "INBOUND", "ANY")} {start} {_expressions.Pick("e", "e", "e", "INBOUND e", "ANY e")}";
        if (_expressions.OneIn(3))
        {
            var condition = path.Length > 0 && _expressions.OneIn(2) ? _expressions.PathCondition(path) : _expressions.Condition(level.Scope, 2);
            text += $" PRUNE {(_expressions.OneIn(3) ? Declare(level, VariableKind.Plain) + " = " : "")}{condition}";
        }
        text += _expressions.Pick("", "", "", " OPTIONS {order: \"bfs\"}", " OPTIONS {bfs: true, uniqueVertices: \"path\"}", " OPTIONS {uniqueVertices: \"path\"}", " OPTIONS {uniqueEdges: \"none\"}", " OPTIONS {order: \"dfs\", uniqueVertices: \"none\"}");
        if (path.Length > 0 && _expressions.OneIn(2))
            text += $" FILTER {_expressions.PathCondition(path)}";
        if (_expressions.OneIn(2))
            text += $" FILTER {_expressions.IndexableCondition(edge.Length > 0 && _expressions.OneIn(2) ? edge : vertex, level.Scope, depth)}";
        if (path.Length == 0 || _expressions.OneIn(2))
            return text;
        var part = _expressions.Pick("edges[*]._key", "vertices[*]._id", "vertices[*].x", "edges[-1].s", "vertices[1].n.p", "edges[* FILTER CURRENT.x > 1].y", "vertices[0].x");
        return text + $" LET {Declare(level, VariableKind.Plain)} = {path}.{part}";
    }

    private string TotalSort(LevelState level)
    {
        var items = new List<string>();
        for (var i = _random.Next(3); i > 0; i--)
            items.Add((_expressions.OneIn(3) ? _expressions.Value(level.Scope, 2) : _expressions.Scalar(level.Scope, 2)) + _expressions.Pick("", " DESC", " ASC"));
        items.AddRange(level.Keys.Select(key => key + _expressions.Pick("", "", " DESC")));
        // A sort by nothing but constants behind a COLLECT says that no order is wanted.
        foreach (var variable in level.HasTies || level.Keys.Count == 0 ? level.Scope.Where(variable => variable.Kind == VariableKind.Plain) : [])
            items.Add($"JSON_STRINGIFY({variable.Name})");
        level.IsOrdered = true;
        if (items.Count == 0)
            return "FILTER true";
        // Now and then one before that begins like it.
        return (_expressions.OneIn(6) ? $"SORT {items[0]} " : "") + "SORT " + string.Join(", ", items);
    }

    private string Collect(LevelState level, int depth)
    {
        var sort = level.IsOrdered ? "" : TotalSort(level) + " ";
        var groups = new List<string>();
        var names = new List<GeneratedVariable>();
        for (var i = _random.Next(3); i > 0; i--)
        {
            var name = _expressions.NewName();
            groups.Add($"{name} = {(_expressions.OneIn(4) ? _expressions.Value(level.Scope, depth + 1) : _expressions.Scalar(level.Scope, depth))}");
            names.Add(new GeneratedVariable(name, VariableKind.Plain));
        }
        var text = "COLLECT " + string.Join(", ", groups);
        var form = _random.Next(6);
        if (form == 0)
            text += $" WITH COUNT INTO {Add(names, VariableKind.Plain)}";
        if (form is 1 or 2 || (groups.Count == 0 && form > 3))
        {
            text += Aggregate(level, names, depth);
        }
        if (form is 2 or 3)
            text += " INTO " + Into(level, names, depth);
        if (_expressions.OneIn(8))
            text += " OPTIONS {method: " + _expressions.Pick("\"hash\"", "\"sorted\"") + "}";
        level.AfterCollect(names);
        return sort + text;
    }

    private string Aggregate(LevelState level, List<GeneratedVariable> names, int depth)
    {
        var aggregates = new List<string>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var argument = _expressions.Documents(level.Scope) is { } document && _expressions.OneIn(2)
                ? $"{document}.{_expressions.Pick("x", "y", "s", "n.p", "m", "u", "big")}"
                : _expressions.OneIn(4) ? _expressions.Value(level.Scope, depth + 1) : _expressions.Scalar(level.Scope, depth);
            var function = _expressions.Pick(Aggregates);
            aggregates.Add($"{Add(names, VariableKind.Plain)} = {function}({argument})");
        }
        return " AGGREGATE " + string.Join(", ", aggregates);
    }

    /// <summary>Which rows lie in a frame, and of equal range values which comes first, depends on the order of the rows.</summary>
    private string Window(LevelState level, int depth)
    {
        var sort = level.IsOrdered ? "" : TotalSort(level) + " ";
        var document = _expressions.Documents(level.Scope);
        var (measure, bounds) = _random.Next(5) switch
        {
            0 or 1 => ("", new[] { "0", "1", "2", "\"unbounded\"", "5" }),
            2 when document is not null => ($"{document}.ts WITH ", ["\"PT0.001S\"", "\"PT0.002S\"", "\"unbounded\""]),
            3 when document is not null => ($"{document}.{_expressions.Pick("x", "y", "u", "big", "n.p")} WITH ", ["0", "1", "2.5", "\"unbounded\"", "0.5"]),
            _ => ($"{_expressions.Scalar(level.Scope, 2)} WITH ", ["0", "1", "3", "\"unbounded\""]),
        };
        var (preceding, following) = ($"preceding: {_expressions.Pick(bounds)}", $"following: {_expressions.Pick(bounds)}");
        var names = new List<GeneratedVariable>();
        var text = $"{sort}WINDOW {measure}{{{_expressions.Pick($"{preceding}, {following}", preceding, following, $"{following}, {preceding}")}}}{Aggregate(level, names, depth)}";
        level.Scope.AddRange(names);
        return text;
    }

    private string Into(LevelState level, List<GeneratedVariable> names, int depth)
    {
        var own = level.Scope.Skip(level.Outer).Where(variable => variable.Kind != VariableKind.Groups).ToList();
        if (own.Count == 0 || _expressions.OneIn(2))
        {
            var value = _expressions.Scalar(level.Scope, depth);
            return $"{Add(names, VariableKind.Plain)} = {value}";
        }
        var kept = _expressions.OneIn(2) ? own.Where(_ => _expressions.OneIn(2)).ToList() : [];
        var into = _expressions.NewName();
        names.Add(new GeneratedVariable(into, VariableKind.Groups, kept.Count == 0 ? own : kept));
        return kept.Count == 0 ? into : $"{into} KEEP {string.Join(", ", kept.Select(variable => variable.Name))}";
    }

    private string Add(List<GeneratedVariable> names, VariableKind kind)
    {
        names.Add(new GeneratedVariable(_expressions.NewName(), kind));
        return names[^1].Name;
    }

    private string Result(LevelState level, int depth)
    {
        var own = level.Scope.Skip(level.Outer).Select(variable => variable.Kind switch
        {
            VariableKind.Document => _expressions.Pick($"{variable.Name}._key", $"UNSET({variable.Name}, \"_rev\")", $"{variable.Name}.x", $"KEEP({variable.Name}, \"_id\", \"s\", \"m\")"),
            VariableKind.Groups => $"LENGTH({variable.Name})",
            _ => variable.Name,
        }).ToList();
        return _random.Next(3) switch
        {
            0 => _expressions.Value(level.Scope, depth),
            1 when own.Count > 0 => $"[{string.Join(", ", own)}]",
            _ => $"{{r: {_expressions.Value(level.Scope, depth)}, q: [{string.Join(", ", own)}]}}",
        };
    }

    private string Declare(LevelState level, VariableKind kind)
    {
        var name = _expressions.NewName();
        level.Scope.Add(new GeneratedVariable(name, kind));
        return name;
    }

    /// <summary>What is known about the rows of one query level while it is written.</summary>
    private sealed class LevelState(List<GeneratedVariable> outer)
    {
        public List<GeneratedVariable> Scope { get; } = outer;

        public int Outer { get; } = outer.Count;

        /// <summary>Keys of the documents in a row; sorting by all of them fixes the order.</summary>
        public List<string> Keys { get; } = [];

        public bool IsOrdered { get; set; } = true;

        public bool HasTies { get; set; }

        public bool HasLoop { get; set; }

        public int Loops { get; set; }

        public void AfterCollect(List<GeneratedVariable> names)
        {
            Scope.RemoveRange(Outer, Scope.Count - Outer);
            Scope.AddRange(names);
            Keys.Clear();
            IsOrdered = true;
            HasTies = false;
        }
    }
}
