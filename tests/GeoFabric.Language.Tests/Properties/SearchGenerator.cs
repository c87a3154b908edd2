namespace GeoFabric.Language.Tests.Properties;

/// <summary>Writes loops over the view, with conditions of every kind that SEARCH knows.</summary>
internal sealed class SearchGenerator(ExpressionGenerator expressions)
{
    private const int DepthMax = 3;

    private static readonly string[] Paths =
    [
        "x", "y", "s", "x", "s", "n.p", "n.q", "t", "t[*]", "o.v", "o[*].v", "m", "m.p", "m.q", "r", "u", "_key", "missing", "_id", "ts", "big", "n", "m.p.q", "o", "`n`.p",
    ];

    private static readonly string[] Texts = ["\"a\"", "\"A\"", "\"ab\"", "\"abc\"", "\"b\"", "\"ä\"", "\"k1\"", "\"\"", "\"a ab\"", "\"10\"", "\"日本\"", "\"z\"", "\"Ab\"", "\"bc\"", "\"a%b\""];

    /// <summary>Whether a LIMIT was written.</summary>
    public bool HasLimit { get; private set; }

    public string Write(GeneratedLevel level, int depth)
    {
        List<GeneratedVariable> around = [.. level.Scope];
        var document = level.Declare(expressions, VariableKind.Document);
        level.Keys.Add(document + "._id");
        level.IsOrdered = false;
        var text = $"FOR {document} IN {GeneratedView.Name}{(expressions.OneIn(12) ? "" : " SEARCH " + Condition(document, around, 0))}";
        text += expressions.Pick("", "", "", "", " OPTIONS {collections: [\"a\"]}", " OPTIONS {collections: [\"b\", \"a\"]}");
        if (expressions.OneIn(4))
            text += $" FILTER {expressions.IndexableCondition(document, level.Scope, depth)}";
        if (!expressions.OneIn(6))
            return text;
        HasLimit = true;
        level.IsOrdered = level.Keys.Count == 1;
        return level.IsOrdered ? $"{text} SORT {expressions.Pick("BM25", "TFIDF")}({document}) DESC, {document}._id LIMIT {expressions.Pick("2", "1, 3", "5")}" : text;
    }

    /// <summary>A subquery that gives the scores of the best documents, in order.</summary>
    public string Ordered(IReadOnlyList<GeneratedVariable> around)
    {
        HasLimit = true;
        var document = expressions.NewName();
        if (expressions.OneIn(2))
        {
            var score = $"{expressions.Pick("BM25", "TFIDF")}({document})";
            return $"FOR {document} IN {GeneratedView.Name} SEARCH {Condition(document, around, 1)} SORT {score} DESC LIMIT {expressions.Pick("2", "1, 2", "4")} RETURN {score}";
        }
        // All lists are looked through, so that it is no matter of chance.
        var near = $"APPROX_NEAR_INNER_PRODUCT({document}.vec, [{expressions.Pick("1, 2", "-1, 3", "2, 0")}], {{nProbe: 9}})";
        var filter = expressions.Pick("", $" FILTER {document}.x > 0", $" FILTER {document}.vec[0] > 0");
        return $"FOR {document} IN a FILTER LENGTH({document}.vec) == 2{filter} SORT {near} DESC LIMIT {expressions.Pick("1", "3", "1, 2")} RETURN {near}";
    }

    /// <summary>What the inverted index of <c>a</c> can find.</summary>
    public string Equality(string document)
    {
        var value = expressions.Pick("\"a\"", "\"ab\"", "1", "2", "null", "[1, \"a\"]", "0", "\"b\"");
        return $"{document}.{expressions.Pick("x", "s", "n.p", "n.q", "n")} {(value[0] == '[' ? "IN" : "==")} {value}";
    }

    private string Condition(string document, IReadOnlyList<GeneratedVariable> around, int depth)
    {
        string Inner() => Condition(document, around, depth + 1);

        if (depth >= DepthMax || expressions.OneIn(2))
            return Leaf($"{document}.{expressions.Pick(Paths)}", around);
        return expressions.Pick("and", "and", "or", "or", "not", "least", "analyzer", "boost") switch
        {
            "and" => $"({Inner()} {expressions.Pick("&&", "AND")} {Inner()})",
            "or" => $"({Inner()} {expressions.Pick("||", "OR")} {Inner()})",
            "not" => $"{expressions.Pick("NOT ", "!")}({Inner()})",
            "least" => $"MIN_MATCH({Inner()}, {Inner()}, {Inner()}, {expressions.Pick("1", "2", "3", "0")})",
            "analyzer" => $"ANALYZER({Inner()}, {Analyzer()})",
            _ => $"BOOST({Inner()}, 2.5)",
        };
    }

    private string Leaf(string path, IReadOnlyList<GeneratedVariable> around)
    {
        string Value() => expressions.OneIn(2) ? Text() : expressions.OneIn(2) ? expressions.Pick("1", "2", "0", "null", "true", "3", "-1") : $"({expressions.Scalar(around, 3)})";
        string Comparison() => expressions.Pick("==", "!=", "<", "<=", ">", ">=", "==");

        string Words() => expressions.OneIn(3) ? path : $"{path.Split('.')[0]}.{expressions.Pick("s", "s", "n.q", "t")}";

        return expressions.Pick("compare", "compare", "turned", "in", "items", "values", "like", "range", "exists", "prefix", "prefixes", "near", "grams", "grams", "phrase", "phrase", "analyzed", "true") switch
        {
            "turned" => $"{Value()} {expressions.Pick(Comparison(), "IN", "NOT IN")} {path}",
            "in" => $"{path} {expressions.Pick("IN", "IN", "NOT IN")} [{Value()}, {Value()}, null]",
            "items" => $"{path} {expressions.Pick("ANY", "NONE")} {expressions.Pick(Comparison(), Comparison(), "IN")} {expressions.Pick(Value(), $"[{Value()}]")}",
            "values" => $"[{Value()}, {Value()}] {expressions.Pick("ALL", "ANY", "NONE", "AT LEAST (1)", "AT LEAST (2)")} {expressions.Pick(Comparison(), "IN", "NOT IN")} {path}",
            "like" => expressions.Pick($"{path} {expressions.Pick("LIKE", "NOT LIKE")} {Pattern()}", $"LIKE({path}, {Pattern()})", $"ANALYZER({path} LIKE {Pattern()}, {Analyzer()})"),
            "range" => $"IN_RANGE({path}, {expressions.Pick($"{Text()}, {Text()}", "-1, 3", "0, 2", "null, 2", "false, true", "1, \"a\"")}{expressions.Pick("", ", true, false", ", false, true", ", false, false")})",
            "exists" => $"EXISTS({path}{expressions.Pick("", "", ", \"null\"", ", \"bool\"", ", \"numeric\"", ", \"string\"", ", \"array\"", ", \"object\"", ", \"analyzer\"", $", \"analyzer\", {Analyzer()}")})",
            "prefix" => expressions.Pick($"STARTS_WITH({path}, {Text()})", $"ANALYZER(STARTS_WITH({path}, {Text()}), {Analyzer()})"),
            "prefixes" => $"STARTS_WITH({path}, [{Text()}, {Text()}, {Text()}]{expressions.Pick("", ", 2", ", 1", ", 0")})",
            "near" => $"LEVENSHTEIN_MATCH({Words()}, {Text()}, {expressions.Pick("0", "1", "2", "1, false")})",
            "grams" => $"NGRAM_MATCH({Words()}, {expressions.Pick("\"abc\"", "\"ab\"", "\"a ab\"", "\"bab\"", Text())}, {expressions.Pick("0.5", "1", "0.3", "0.7")}, \"pairs\")",
            "phrase" => $"PHRASE({Words()}, {expressions.Pick(Text(), "\"a ab\"", "\"b a\"", "\"a\", 0, \"ab\"", "\"b\", 1, \"ab\"", "\"ab b\"", "\"a\", 2, \"b\"", "\"a\", 1, \"a\"", "\"b\", 1, \"b\"")}, \"words\")",
            "analyzed" => $"ANALYZER({path} {expressions.Pick(Comparison(), "IN", "NOT IN")} {expressions.Pick(Text(), $"[{Text()}, {Text()}]")}, {Analyzer()})",
            "true" => expressions.Pick("true", "false", "1 == 1", "null", $"({expressions.Scalar(around, 3)})"),
            _ => $"{path} {Comparison()} {Value()}",
        };
    }

    private string Text() => expressions.Pick(Texts);

    private string Pattern() => expressions.Pick("\"a%\"", "\"%b\"", "\"_\"", "\"%a%\"", "\"ab\"", "\"\"", "\"%\"", "\"a_\"", "\"a\\\\%b\"", "\"_b%\"");

    private string Analyzer() => expressions.Pick("\"words\"", "\"pairs\"", "\"identity\"");
}
