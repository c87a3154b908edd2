using System.Globalization;

namespace GeoFabric.Language.Tests.Properties;

internal enum VariableKind
{
    /// <summary>A document of <c>a</c> or <c>b</c>.</summary>
    Document,

    /// <summary>Any value without documents in it.</summary>
    Plain,
}

internal sealed record GeneratedVariable(string Name, VariableKind Kind);

/// <summary>Writes random expressions over the variables in scope as query text, and collects the parameters it invents.</summary>
internal sealed class ExpressionGenerator(Random random)
{
    private const int DepthMax = 3;

    private static readonly string[] Paths = ["x", "y", "s", "n", "n.p", "n.q", "t", "o", "big", "r", "u", "_key", "missing", "t[0]", "t[-1]", "o[0].v", "n[\"p\"]", "t[*]", "o[*].v"];
    private static readonly string[] ScalarPaths = ["x", "y", "s", "n.p", "n.q", "big", "r", "u", "_key", "x", "s", "y"];
    private static readonly string[] Literals = ["null", "true", "false", "0", "1", "2", "3", "-1", "1.0", "1.5", "\"\"", "\"a\"", "\"A\"", "\"ab\"", "\"ä\"", "\"k1\"", "\"k3\"", "\"2\"", "[]", "[1]", "[1, 2, null]", "{}", "{p: 1}", "9007199254740993", "9007199254740992"];
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">=", "=="];
    private static readonly string[] Patterns = ["\"a%\"", "\"%b\"", "\"_\"", "\"k%\"", "\"ab\"", "\"\"", "\"a\\\\%b\"", "\"A%\"", "\"ä%\"", "\"k_\""];

    private readonly Random _random = random;
    private readonly List<(string Name, string Json)> _parameters = [];
    private int _names;

    public string BindVars => "{" + string.Join(",", _parameters.Select(parameter => $"\"{parameter.Name}\":{parameter.Json}")) + "}";

    /// <summary>Writes a subquery; set by the generator of queries.</summary>
    public Func<IReadOnlyList<GeneratedVariable>, int, string>? Subquery { get; set; }

    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"v{++_names}");

    public string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    public bool OneIn(int n) => _random.Next(n) == 0;

    /// <summary>A condition an index could serve, on a document variable.</summary>
    public string IndexableCondition(string document, IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        var path = document + "." + Pick(ScalarPaths);
        switch (_random.Next(12))
        {
            case 0:
                return $"{path} IN [{Scalar(scope, depth)}, {Scalar(scope, depth)}, {Scalar(scope, depth)}]";
            case 1:
                return $"{Scalar(scope, depth)} IN {document}.t";
            case 2:
                return $"{Scalar(scope, depth)} IN {document}.o[*].v";
            case 3:
                return $"{path} >= {Scalar(scope, depth)} && {path} < {Scalar(scope, depth)}";
            case 4:
                return $"{document}.s LIKE {Pick(Patterns)}";
            case 5:
                return $"STARTS_WITH({document}.s, {Pick("\"a\"", "\"\"", "\"k\"", "\"ä\"", "\"A\"")})";
            case 6:
                return $"({path} == {Scalar(scope, depth)} || {path} == {Scalar(scope, depth)})";
            case 7:
                return $"{document}._key {Pick("==", "<", ">=", "IN")} {Pick("\"k1\"", "\"k2\"", "[\"k1\", \"k5\"]", "1", "null", Scalar(scope, depth))}";
            case 8:
                return $"{Scalar(scope, depth)} {Pick(Comparisons)} {path}";
            default:
                return $"{path} {Pick(Comparisons)} {Scalar(scope, depth)}";
        }
    }

    public string Condition(IReadOnlyList<GeneratedVariable> scope, int depth = 0)
    {
        if (depth >= DepthMax)
            return $"{Scalar(scope, depth)} {Pick(Comparisons)} {Scalar(scope, depth)}";
        var document = Documents(scope);
        if (document is not null && _random.Next(3) > 0)
            return IndexableCondition(document, scope, depth + 1);
        return _random.Next(12) switch
        {
            0 => $"({Condition(scope, depth + 1)} && {Condition(scope, depth + 1)})",
            1 => $"({Condition(scope, depth + 1)} || {Condition(scope, depth + 1)})",
            2 => $"NOT ({Condition(scope, depth + 1)})",
            3 => $"{Array(scope, depth + 1)} {Pick("ALL", "ANY", "NONE")} {Pick("==", "<", ">=", "!=")} {Scalar(scope, depth + 1)}",
            4 => $"{Scalar(scope, depth + 1)} {Pick("IN", "NOT IN")} {Array(scope, depth + 1)}",
            5 => $"{Scalar(scope, depth + 1)} {Pick("LIKE", "NOT LIKE")} {Pick(Patterns)}",
            6 => $"{Scalar(scope, depth + 1)} =~ {Pick("\"a\"", "\"^k[0-9]$\"", "\"b+\"")}",
            7 => $"HAS({Value(scope, depth + 1)}, {Pick("\"x\"", "\"p\"")})",
            8 => $"{Array(scope, depth + 1)}[? {Pick("", "ALL", "NONE", "2", "1..2")} FILTER CURRENT {Pick(Comparisons)} {Literal()}]",
            9 => Pick("true", "false", "1", "null", "\"\""),
            _ => $"{Value(scope, depth + 1)} {Pick(Comparisons)} {Value(scope, depth + 1)}",
        };
    }

    public string Value(IReadOnlyList<GeneratedVariable> scope, int depth = 0)
    {
        if (depth >= DepthMax)
            return Scalar(scope, depth);
        return _random.Next(16) switch
        {
            0 => $"({Value(scope, depth + 1)} {Pick("+", "-", "*")} {Value(scope, depth + 1)})",
            1 => $"({Scalar(scope, depth + 1)} {Pick("/", "%")} {Pick("2", "3", Scalar(scope, depth + 1))})",
            2 => $"({Condition(scope, depth + 1)} ? {Value(scope, depth + 1)} : {Value(scope, depth + 1)})",
            3 => $"({Value(scope, depth + 1)} {Pick("||", "&&")} {Value(scope, depth + 1)})",
            4 => Array(scope, depth + 1),
            5 => $"{{k: {Value(scope, depth + 1)}, [CONCAT(\"m\", {Pick("1", "2")})]: {Scalar(scope, depth + 1)}}}",
            6 => $"{Pick("TO_STRING", "TO_NUMBER", "TO_BOOL", "TYPENAME", "IS_ARRAY", "LENGTH", "CHAR_LENGTH", "LOWER", "ABS", "FLOOR", "JSON_STRINGIFY", "SORTED")}({Scalar(scope, depth + 1)})",
            7 => $"{Pick("FIRST", "LAST", "MIN", "MAX", "SUM", "UNIQUE", "REVERSE", "LENGTH", "COUNT_DISTINCT")}({Array(scope, depth + 1)})",
            8 => $"CONCAT({Scalar(scope, depth + 1)}, {Scalar(scope, depth + 1)})",
            9 => $"({Condition(scope, depth + 1)})",
            10 when Subquery is not null && depth < 2 => Pick($"LENGTH({Subquery(scope, depth + 1)})", $"FIRST({Subquery(scope, depth + 1)})", $"({Subquery(scope, depth + 1)})[0]", $"({Subquery(scope, depth + 1)})"),
            11 => $"-{Scalar(scope, depth + 1)}",
            _ => Scalar(scope, depth),
        };
    }

    public string Scalar(IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        if (scope.Count > 0 && _random.Next(5) > 1)
        {
            var variable = scope[_random.Next(scope.Count)];
            if (variable.Kind == VariableKind.Document)
                return $"{variable.Name}.{Pick(depth < DepthMax ? Paths : ScalarPaths)}";
            return OneIn(6) ? $"{variable.Name}.{Pick("p", "v", "k")}" : variable.Name;
        }
        return Literal();
    }

    public string Literal()
    {
        var literal = Pick(Literals);
        if (!OneIn(4) || literal is "{p: 1}")
            return literal;
        var name = string.Create(CultureInfo.InvariantCulture, $"p{_parameters.Count}");
        _parameters.Add((name, literal));
        return "@" + name;
    }

    public string Array(IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        if (depth >= DepthMax)
            return Pick("[]", "[1, 2, 3]", "[3, \"a\", null, 1]", "[[1, 2], [3]]");
        var source = Documents(scope) is { } document ? $"{document}.{Pick("t", "o", "t[*]", "o[*].v", "missing", "x")}" : "[1, {v: 2}, [3, 4], null, 2]";
        return _random.Next(9) switch
        {
            0 => $"[{Value(scope, depth + 1)}, {Value(scope, depth + 1)}]",
            1 => $"{Pick("1", "0", "3", "-1")}..{Pick("2", "4", "1", "0")}",
            2 => $"{source}[* FILTER CURRENT {Pick(Comparisons)} {Literal()}]",
            3 => $"{source}[* RETURN CURRENT.v]",
            4 => $"{source}[* FILTER CURRENT != null LIMIT {Pick("1", "1, 1", "2", "0")} RETURN [CURRENT]]",
            5 => $"[{source}, [[1], 2]][**]",
            6 when Subquery is not null && depth < 2 => $"({Subquery(scope, depth + 1)})",
            7 => $"UNION({source}[*], [1, 2])",
            _ => source,
        };
    }

    private string? Documents(IReadOnlyList<GeneratedVariable> scope)
    {
        var documents = scope.Where(variable => variable.Kind == VariableKind.Document).ToList();
        return documents.Count == 0 ? null : documents[_random.Next(documents.Count)].Name;
    }
}
