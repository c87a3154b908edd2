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
    private readonly WalkGenerator _walks;
    private readonly SearchGenerator _searches;
    private readonly int _block;
    private bool _hasLimit;

    private QueryGenerator(int seed)
    {
        _random = new Random(seed);
        _expressions = new ExpressionGenerator(_random) { Subquery = WriteSubquery };
        _walks = new WalkGenerator(_expressions);
        _searches = new SearchGenerator(_expressions);
        _block = seed / FuzzRun.QueriesPerBlock;
    }

    public static GeneratedQuery Make(int seed)
    {
        var generator = new QueryGenerator(seed);
        var (text, isOrdered) = generator.Level([], 0, mustBeOrdered: false);
        if (generator._expressions.OneIn(30))
            text = "WITH a, e " + text;
        return new GeneratedQuery(seed, text, generator._expressions.BindVars(text), isOrdered, generator._hasLimit || generator._walks.HasLimit || generator._searches.HasLimit);
    }

    private string WriteSubquery(IReadOnlyList<GeneratedVariable> scope, int depth) =>
        FuzzRun.Searches(_block) && _expressions.OneIn(3) ? _searches.Ordered(scope)
        : _expressions.OneIn(FuzzRun.Walks(_block) ? 3 : 20) ? _walks.Ordered(scope) : Level(scope, depth + 1, mustBeOrdered: true).Text;

    private (string Text, bool IsOrdered) Level(IReadOnlyList<GeneratedVariable> outer, int depth, bool mustBeOrdered)
    {
        var level = new GeneratedLevel([.. outer]);
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

    private string Operation(GeneratedLevel level, int depth)
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

    private string Let(GeneratedLevel level, int depth)
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
        return $"LET {level.Declare(_expressions, VariableKind.Plain)} = {value}";
    }

    private string For(GeneratedLevel level, int depth)
    {
        // The product of the loops stays small enough for thousands of queries.
        if (level.Loops >= 2)
            return $"FILTER {_expressions.Condition(level.Scope, depth)}";
        level.Loops++;
        level.HasLoop = true;
        if (FuzzRun.HasView(_block) && _expressions.OneIn(2))
            return _searches.Write(level, depth);
        if (level.Loops == 1 && _expressions.OneIn(25))
            return Counted(level);
        if (_expressions.OneIn(FuzzRun.Walks(_block) ? 2 : 12))
            return _walks.Write(level, depth);
        if (_random.Next(4) > 0)
        {
            var collection = _expressions.Pick("a", "b", "a", "b", "e");
            var document = level.Declare(_expressions, VariableKind.Document);
            level.Keys.Add(document + "._key");
            level.IsOrdered = false;
            if (collection == "a" && FuzzRun.HasView(_block) && _expressions.OneIn(2))
                return $"FOR {document} IN a OPTIONS {{indexHint: \"inverted\", forceIndexHint: true}} FILTER {_searches.Equality(document)}";
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
            return $"FOR {level.Declare(_expressions, VariableKind.Plain)} IN {source}";
        var (first, second) = (level.Declare(_expressions, VariableKind.Plain), level.Declare(_expressions, VariableKind.Plain));
        return $"FOR {_expressions.Pick($"[{first}, {second}]", $"{{p: {first}, v: {second}}}")} IN {source}";
    }

    /// <summary>Groups of a whole collection, which an index may know.</summary>
    private string Counted(GeneratedLevel level)
    {
        var (document, collection) = (_expressions.NewName(), _expressions.Pick("a", "b", "e"));
        var group = level.Declare(_expressions, VariableKind.Plain);
        level.HasTies |= !level.IsOrdered;
        var value = $"{document}.{_expressions.Pick("x", "y", "s", "m", "big", "n.p", "r")}";
        var (key, count) = (_expressions.NewName(), _expressions.NewName());
        var counted = _expressions.Pick($"WITH COUNT INTO {count}", $"AGGREGATE {count} = MAX({value})", $"AGGREGATE {count} = COUNT({value})");
        return $"FOR {group} IN (FOR {document} IN {collection} COLLECT {key} = {value} {counted} RETURN [{key}, {count}])";
    }

    private string TotalSort(GeneratedLevel level)
    {
        var items = new List<string>();
        for (var i = _random.Next(3); i > 0; i--)
            items.Add((_expressions.OneIn(3) ? _expressions.Value(level.Scope, 2) : _expressions.Scalar(level.Scope, 2)) + _expressions.Pick("", " DESC", " ASC"));
        if (_expressions.OneIn(6) && _expressions.Documents(level.Scope) is { } near)
            items.Insert(0, _expressions.Distance(near));
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

    private string Collect(GeneratedLevel level, int depth)
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

    private string Aggregate(GeneratedLevel level, List<GeneratedVariable> names, int depth)
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
    private string Window(GeneratedLevel level, int depth)
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

    private string Into(GeneratedLevel level, List<GeneratedVariable> names, int depth)
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

    private string Result(GeneratedLevel level, int depth)
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
}
