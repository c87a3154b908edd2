using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoFabric.Language.Tests.Properties;

internal enum VariableKind
{
    /// <summary>A document of <c>a</c>, <c>b</c> or <c>e</c>.</summary>
    Document,

    /// <summary>Any value without documents in it.</summary>
    Plain,

    /// <summary>An array of objects made by INTO, whose attributes are variables again.</summary>
    Groups,
}

/// <param name="Members">Of groups: the attributes of each item.</param>
internal sealed record GeneratedVariable(string Name, VariableKind Kind, IReadOnlyList<GeneratedVariable>? Members = null);

/// <summary>Writes random expressions over the variables in scope as query text, and collects the parameters it invents.</summary>
internal sealed partial class ExpressionGenerator(Random random)
{
    private const int DepthMax = 3;

    private static readonly string[] Paths =
    [
        "x", "y", "s", "n", "n.p", "n.q", "t", "o", "big", "r", "u", "_key", "missing", "t[0]", "t[-1]", "o[0].v", "n[\"p\"]", "t[*]", "o[*].v", "m", "m.p", "m[0]", "m.p.q", "ts", "_id", "_from", "_to",
        "`n`.p", "`o`[0].`v`", "`miss ing`", "t[1 + 1]", "n[CONCAT(\"\", \"q\")]", "o[* FILTER CURRENT.v > 1].v", "o[* RETURN CURRENT.v]", "m[**]", "o[*].v[*]", "t[\"0\"]", "m[1.7]",
    ];

    private static readonly string[] ScalarPaths = ["x", "y", "s", "n.p", "n.q", "big", "r", "u", "_key", "x", "s", "y", "m", "ts", "_from", "_to", "n", "t", "m.p"];

    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "1", "2", "3", "-1", "1.0", "1.5", "\"\"", "\"a\"", "\"A\"", "\"ab\"", "\"ä\"", "\"k1\"", "\"k3\"", "\"2\"", "[]", "[1]", "[1, 2, null]", "{}", "{\"p\": 1}", "9007199254740993", "9007199254740992",
        "[null]", "[[1], 2]", "{\"q\": null, \"p\": 1}", "{\"v\": 2}", "\"a/k1\"", "\"b/k3\"", "4294967296", "0.1", "1e300", "9223372036854775807", "-0.0", "\"日本\"", "\"🦊\"", "2.0", "4000000002", "\"it's\"", "\"\\\"\\\\ \\n\"", "\"\\u00e4\\u0000\"", "[[], {}, \"\"]", "[\"a\", \"k1\", 2]",
    ];

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">=", "=="];
    private static readonly string[] Patterns = ["\"a%\"", "\"%b\"", "\"_\"", "\"k%\"", "\"ab\"", "\"\"", "\"a\\\\%b\"", "\"A%\"", "\"ä%\"", "\"k_\"", "\"日%\"", "\"%\"", "\"1%\""];
    private static readonly string[] Quantifiers = ["", "ANY", "ALL", "NONE", "2", "1..2", "AT LEAST (1)", "0"];

    private readonly Random _random = random;
    private readonly List<(string Name, string Json)> _parameters = [];
    private int _names;

    /// <summary>Writes a subquery; set by the generator of queries.</summary>
    public Func<IReadOnlyList<GeneratedVariable>, int, string>? Subquery { get; set; }

    /// <summary>The parameters that a text uses, as JSON.</summary>
    public string BindVars(string text)
    {
        var used = ParameterName().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        return "{" + string.Join(",", _parameters.Where(parameter => used.Contains(parameter.Name)).Select(parameter => $"\"{parameter.Name}\":{parameter.Json}")) + "}";
    }

    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"v{++_names}");

    public string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    public bool OneIn(int n) => _random.Next(n) == 0;

    /// <summary>A condition an index could serve, on a document variable.</summary>
    public string IndexableCondition(string document, IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        if (OneIn(2))
            return LikelyCondition(document);
        var path = document + "." + Pick(ScalarPaths);
        switch (_random.Next(23))
        {
            case 0:
                return $"{path} IN [{Scalar(scope, depth)}, {Scalar(scope, depth)}, {Scalar(scope, depth)}]";
            case 1:
                return $"{Scalar(scope, depth)} IN {document}.{Pick("t", "m", "t[*]")}";
            case 2:
                return $"{Scalar(scope, depth)} IN {document}.o[*].v";
            case 3:
                return $"{path} {Pick(">=", ">")} {Scalar(scope, depth)} && {path} {Pick("<", "<=")} {Scalar(scope, depth)}";
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
            case 9:
                return $"{document}.{Pick("_from", "_to")} {Pick("==", "IN", ">")} {Pick("\"a/k1\"", "\"b/k2\"", "[\"a/k0\", \"b/k1\"]", Scalar(scope, depth))}";
            case 10:
                return $"{document}._id {Pick("==", "IN", "<")} {Pick("\"a/k1\"", "\"b/k2\"", "[\"a/k0\", \"b/k1\"]", Scalar(scope, depth))}";
            case 11:
                return $"{path} {Pick("==", ">", "IN")} {Scalar(scope, depth)} && {document}.{Pick(ScalarPaths)} {Pick(Comparisons)} {Scalar(scope, depth)}";
            case 12:
                return $"{document}.{Pick("t", "o[*].v", "m")} {Quantifier()} {Pick("==", "<", ">=", "!=", "IN")} {Scalar(scope, depth)}";
            case 13:
                return $"{path} IN {Array(scope, depth + 1)}";
            case 14 or 15:
                return Nearby(document);
            case 16:
                return $"{path} {Pick("IN", "NOT IN")} [0, 1, 2, 3, \"a\", \"k1\", null, \"b\", 5]";
            case 17:
                return $"[{Scalar(scope, depth)}, {Scalar(scope, depth)}] {Pick("ANY", "NONE")} == {path}";
            case 19:
                var (first, second) = _random.Next(3) switch { 0 => ("n.p", "big"), _ => ("x", "y") };
                return $"{document}.{first} >= {Likely(first)} && {document}.{second} {Pick("<", "<=")} {Pick("3", "2", "1e16")} && {document}.{first} <= {Pick("3", "4", "null")}";
            case 20:
                var other = Documents(scope) ?? document;
                return $"{document}.x == {Likely("x")} && {document}.x == {other}.{Pick("y", "x", "n.p")}";
            case 18:
                return $"({path} {Pick(">", ">=")} 1 || {path} {Pick(">", ">=")} 2)";
            default:
                return $"{path} {Pick(Comparisons)} {Scalar(scope, depth)}";
        }
    }

    /// <summary>A condition on places that an index could serve.</summary>
    private string Nearby(string document) => Pick(
        $"{Distance(document)} {Pick("<", "<=", ">=", ">")} {Pick("0", "112000", "160000", "400000", "1e6", "3e7")}",
        $"GEO_IN_RANGE({document}.loc, [{Pick("0", "1")}, 0], {Pick("0", "100000")}, {Pick("160000", "400000")})",
        $"{Pick("GEO_CONTAINS", "GEO_INTERSECTS")}(GEO_POLYGON([[[-2, -2], [2, -2], [2, 1], [-2, 1], [-2, -2]]]), {document}.loc)");

    /// <summary>How far a document's place is from another one.</summary>
    public string Distance(string document) => Pick($"GEO_DISTANCE({document}.loc, [{Pick("0", "1", "-2")}, {Pick("0", "2")}])", $"GEO_DISTANCE([0, 1], {document}.loc)");

    /// <summary>A condition with values that documents have, so that bounds are met exactly.</summary>
    private string LikelyCondition(string document)
    {
        if (OneIn(4))
        {
            // Two fields of one index.
            var (one, two) = _random.Next(5) switch { 0 => ("x", "y"), 1 => ("y", "s"), 2 => ("n.p", "n.q"), 3 => ("s", "x"), _ => ("m", "x") };
            return $"{document}.{one} {Pick("==", "==", "IN")} {Pick(Likely(one), $"[{Likely(one)}, {Likely(one)}]")} && {document}.{two} {Pick("==", "==", ">=", "<")} {Likely(two)}";
        }
        var path = Pick("x", "y", "n.p", "x", "y", "s", "_key", "ts", "n.q");
        var (first, second) = (Likely(path), Likely(path));
        var either = string.CompareOrdinal(first, second) < 0 ? $"({document}.{path} == {first} || {document}.{path} == {second})" : $"{document}.{path} IN [{first}, {second}]";
        var condition = Pick($"{document}.{path} {Pick(Comparisons)} {first}", $"{document}.{path} {Pick(">", ">=")} {first} && {document}.{path} {Pick("<", "<=")} {second}", either);
        var other = Pick("x", "y", "s", "n.q");
        return OneIn(3) ? $"{condition} {Pick("&&", "&&", "||")} {document}.{other} {Pick("==", ">", "<=")} {Likely(other)}" : condition;
    }

    private string Likely(string path) => path switch
    {
        "s" or "n.q" => Pick("\"a\"", "\"A\"", "\"ab\"", "\"ä\"", "\"b\"", "\"10\"", "\"z\"", "null"),
        "_key" => Pick("\"k1\"", "\"k2\"", "\"k3\"", "\"k0\""),
        "ts" => Pick("4000000001", "4000000002", "4000000003"),
        _ => Pick("0", "1", "2", "3", "-1", "4", "null", "2.0"),
    };

    /// <summary>A condition on the steps of a path that a traversal could look at while it walks.</summary>
    public string PathCondition(string path)
    {
        var field = Pick("x", "y", "s", "n.p", "_key", "w");
        var part = Pick("vertices", "edges");
        return Pick(
            $"{path}.{part}[{Pick("0", "1", "2", "-1")}].{field} {Pick(Comparisons)} {Likely(field)}",
            $"{path}.{part}[*].{field} {Pick("ALL", "ANY", "NONE", "ALL")} {Pick(Comparisons)} {Likely(field)}",
            $"{path}.{part}[*].{field} {Pick("ALL", "ANY", "NONE")} {Pick("IN", "NOT IN")} [{Likely(field)}, {Likely(field)}]",
            $"{path}.{part}[1].{field} {Pick("==", ">", "!=")} {Likely(field)} && {path}.{part}[0].{field} {Pick(Comparisons)} {Likely(field)}",
            $"LENGTH({path}.{part}) {Pick(Comparisons)} {Pick("1", "2")}",
            $"{Likely(field)} {Pick("IN", "NOT IN")} {path}.{part}[*].{field}",
            $"{path}.{part}[? {Pick("ALL", "NONE", "1", "ANY")} FILTER CURRENT.{field} {Pick(Comparisons)} {Likely(field)}]");
    }

    public string Condition(IReadOnlyList<GeneratedVariable> scope, int depth = 0)
    {
        if (depth >= DepthMax)
            return $"{Scalar(scope, depth)} {Pick(Comparisons)} {Scalar(scope, depth)}";
        var document = Documents(scope);
        if (document is not null && _random.Next(3) > 0)
            return IndexableCondition(document, scope, depth + 1);
        return _random.Next(13) switch
        {
            0 => $"({Condition(scope, depth + 1)} {Pick("&&", "AND")} {Condition(scope, depth + 1)})",
            1 => $"({Condition(scope, depth + 1)} {Pick("||", "OR")} {Condition(scope, depth + 1)})",
            2 => $"{Pick("NOT ", "!")}({Condition(scope, depth + 1)})",
            3 => $"{Array(scope, depth + 1)} {Quantifier()} {Pick("==", "<", ">=", "!=", "IN", "NOT IN", ">", "<=")} {Scalar(scope, depth + 1)}",
            4 => $"{Scalar(scope, depth + 1)} {Pick("IN", "NOT IN")} {Array(scope, depth + 1)}",
            5 => $"{Scalar(scope, depth + 1)} {Pick("LIKE", "NOT LIKE")} {Pick(Patterns)}",
            6 => $"{Scalar(scope, depth + 1)} {Pick("=~", "!~")} {Pick("\"a\"", "\"^k[0-9]$\"", "\"b+\"", "\"(\"", Scalar(scope, depth + 1))}",
            7 => $"HAS({Value(scope, depth + 1)}, {Pick("\"x\"", "\"p\"")})",
            8 => $"{Array(scope, depth + 1)}[? {Pick(Quantifiers)} FILTER {Pick("CURRENT", "CURRENT", "CURRENT.v", $"({Scalar(scope, depth + 1)})")} {Pick(Comparisons)} {Literal()}]",
            9 => Pick("true", "false", "1", "null", "\"\"", "[]"),
            10 => $"{Array(scope, depth + 1)}[?]",
            _ => $"{Value(scope, depth + 1)} {Pick(Comparisons)} {Value(scope, depth + 1)}",
        };
    }

    public string Value(IReadOnlyList<GeneratedVariable> scope, int depth = 0)
    {
        if (depth >= DepthMax)
            return Scalar(scope, depth);
        return _random.Next(21) switch
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
            10 when Subquery is not null && depth < 2 => Pick($"LENGTH({Subquery(scope, depth + 1)})", $"FIRST({Subquery(scope, depth + 1)})", $"({Subquery(scope, depth + 1)})[0]", $"({Subquery(scope, depth + 1)})", $"({Subquery(scope, depth + 1)})[*].r"),
            11 => $"{Pick("-", "+")}{Scalar(scope, depth + 1)}",
            12 => $"({Value(scope, depth + 1)} ? : {Scalar(scope, depth + 1)})",
            13 => $"[{Value(scope, depth + 1)}, {{p: {Scalar(scope, depth + 1)}}}]",
            14 => $"LENGTH({Pick("a", "b", "e")})",
            15 or 16 => FunctionChoice.Write(_random, () => _random.Next(3) == 0 ? Array(scope, depth + 1) : _random.Next(4) == 0 ? Value(scope, depth + 1) : Scalar(scope, depth + 1)),
            17 when Subquery is not null => StoredDocument(scope, depth + 1),
            _ => Scalar(scope, depth),
        };
    }

    /// <summary>DOCUMENT, and of what it gives something without a revision.</summary>
    private string StoredDocument(IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        var document = Documents(scope);
        var id = document is not null && OneIn(2) ? $"{document}.{Pick("_id", "_from", "_to", "missing")}" : Pick("\"a/k1\"", "\"b/k0\"", "\"e/k2\"", "\"a/none\"", "\"nowhere/k1\"", Scalar(scope, depth));
        var key = document is not null && OneIn(2) ? $"{document}.{Pick("_key", "r", "_id", "s")}" : Pick("\"k1\"", "\"k0\"", "\"a/k2\"", Scalar(scope, depth));
        var collection = Pick("a", "b", "e", "\"a\"", "\"b\"");
        return Pick(
            $"DOCUMENT({id}).{Pick("x", "_key", "n.p", "t")}",
            $"DOCUMENT({collection}, {key}).{Pick("x", "_id", "s", "m")}",
            $"UNSET(DOCUMENT({id}), \"_rev\")",
            $"DOCUMENT([{id}, \"b/k1\", {id}])[*].{Pick("_id", "x")}",
            $"DOCUMENT({collection}, [{key}, \"k2\"])[*].{Pick("_id", "s")}",
            $"LENGTH(DOCUMENT({collection}, {Array(scope, depth + 1)})[*]._key)",
            $"(DOCUMENT({id}) != null)");
    }

    public string Scalar(IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        if (scope.Count > 0 && _random.Next(5) > 1)
        {
            var variable = scope[_random.Next(scope.Count)];
            switch (variable.Kind)
            {
                case VariableKind.Document when OneIn(25):
                    return $"{variable.Name}.{Parameter(Pick("\"x\"", "\"s\"", "[\"n\", \"p\"]"))}";
                case VariableKind.Document:
                    return $"{variable.Name}.{Pick(depth < DepthMax ? Paths : ScalarPaths)}";
                case VariableKind.Groups:
                    var member = variable.Members![_random.Next(variable.Members.Count)];
                    return member.Kind == VariableKind.Plain && !OneIn(4) ? $"{variable.Name}[*].{member.Name}"
                        : member.Kind == VariableKind.Document && !OneIn(4) ? $"{variable.Name}[*].{member.Name}.{Pick("x", "s", "n.p", "_key")}"
                        : $"LENGTH({variable.Name})";
                default:
                    return OneIn(6) ? $"{variable.Name}.{Pick("p", "v", "k")}" : OneIn(12) ? $"{variable.Name}[{Pick("0", "-1", "\"p\"")}]" : variable.Name;
            }
        }
        return Literal();
    }

    public string Literal()
    {
        var literal = Pick(Literals);
        return OneIn(4) ? Parameter(literal) : literal;
    }

    private string Parameter(string json)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{_parameters.Count}");
        _parameters.Add((name, json));
        return "@" + name;
    }

    public string Array(IReadOnlyList<GeneratedVariable> scope, int depth)
    {
        if (depth >= DepthMax)
            return Pick("[]", "[1, 2, 3]", "[3, \"a\", null, 1]", "[[1, 2], [3]]");
        var source = Documents(scope) is { } document ? $"{document}.{Pick("t", "o", "t[*]", "o[*].v", "missing", "x", "m")}" : "[1, {v: 2}, [3, 4], null, 2]";
        return _random.Next(12) switch
        {
            0 => $"[{Value(scope, depth + 1)}, {Value(scope, depth + 1)}]",
            1 => $"({Pick("1", "0", "3", "-1", "1.9")}..{Pick("2", "4", "1", "0", $"LENGTH({source})")})",
            2 => $"{source}[* FILTER CURRENT {Pick(Comparisons)} {Literal()}]",
            3 => $"{source}[* RETURN {Pick("CURRENT.v", "[CURRENT]", $"CURRENT == {Scalar(scope, depth + 1)}")}]",
            4 => $"{source}[* FILTER CURRENT != null LIMIT {Pick("1", "1, 1", "2", "0", "-1", "0, 2")} RETURN [CURRENT]]",
            5 => $"[{source}, [[1], 2]]{Pick("[**]", "[***]", "[*][*]", "[**].v")}",
            6 when Subquery is not null && depth < 2 => $"({Subquery(scope, depth + 1)})",
            7 => $"UNION({source}[*], [1, 2])",
            8 => $"[{Literal()}, {Literal()}, {Literal()}]",
            9 => $"{source}[* LIMIT {Pick("1", "2", "1, 2")}]",
            _ => source,
        };
    }

    /// <summary>A document in scope, or null when there is none.</summary>
    public string? Documents(IReadOnlyList<GeneratedVariable> scope)
    {
        var documents = scope.Where(variable => variable.Kind == VariableKind.Document).ToList();
        return documents.Count == 0 ? null : documents[_random.Next(documents.Count)].Name;
    }

    private string Quantifier() => Pick("ALL", "ANY", "NONE", "AT LEAST (1)", "AT LEAST (2)");

    [GeneratedRegex("@(p[0-9]+)")]
    private static partial Regex ParameterName();
}
