using GeoFabric.Database.Analysis;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>Reads the functions of a search condition.</summary>
internal sealed class SearchCallReader(SearchScope scope)
{
    public delegate SearchCondition ConditionReader(Expression condition, SearchTraits traits);

    public SearchCondition Read(CallExpression call, SearchTraits traits, ConditionReader read)
    {
        var arguments = call.Children;
        return call.Function.Name switch
        {
            "ANALYZER" => read(arguments[0], traits with { Analyzer = scope.ReadAnalyzer(arguments[1], "ANALYZER") }),
            "BOOST" => read(arguments[0], traits with { Boost = traits.Boost * ReadBoost(arguments[1]) }),
            "MIN_MATCH" => ReadMinMatch(call, traits, read),
            "EXISTS" => ReadExists(call, traits),
            "IN_RANGE" => SearchConditionReader.InRange(
                scope.ReadPath(arguments[0], "IN_RANGE"), scope.Evaluate(arguments[1]), ReadFlag(call, 3, absent: true), scope.Evaluate(arguments[2]), ReadFlag(call, 4, absent: true), traits),
            "LIKE" => ReadLike(call, traits),
            "STARTS_WITH" => ReadStartsWith(call, traits),
            "LEVENSHTEIN_MATCH" => ReadLevenshtein(call, traits),
            "NGRAM_MATCH" => ReadNgram(call, traits),
            "MINHASH_MATCH" => ReadMinHash(call, traits),
            "GEO_CONTAINS" or "GEO_INTERSECTS" or "GEO_IN_RANGE" or "GEO_EQUALS" => scope.OnDocuments(call, traits),
            "PHRASE" => new PhraseReader(scope).Read(call, traits),
            _ => throw SearchScope.Unsupported(call),
        };
    }

    private double ReadBoost(Expression expression)
    {
        var boost = scope.Evaluate(expression);
        return boost.IsNumber && boost.Number >= 0 ? boost.Number : throw SearchScope.WrongArgument("BOOST", $"the boost must be a number from 0, not {SearchScope.Shorten(boost)}");
    }

    private SearchCondition ReadMinMatch(CallExpression call, SearchTraits traits, ConditionReader read)
    {
        var least = scope.Evaluate(call.Children[^1]);
        if (!least.IsNumber)
            throw SearchScope.WrongArgument("MIN_MATCH", $"the last argument must be a number, not {SearchScope.Shorten(least)}");
        return SearchCondition.AtLeast([.. call.Children.SkipLast(1).Select(part => read(part, traits))], Casts.ToInteger(least));
    }

    private SearchCondition ReadExists(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "EXISTS");
        if (call.Children.Length == 1)
            return Exists(path, TermBounds.All, traits);
        var type = scope.Evaluate(call.Children[1]);
        var name = type.IsString ? type.Text.ToLowerInvariant() : "";
        if (name == "analyzer")
        {
            // An analyzer that has made terms of it: any of them will do.
            var analyzer = call.Children.Length > 2 ? scope.ReadAnalyzer(call.Children[2], "EXISTS") : traits.Analyzer;
            return new TermSetCondition(path, analyzer.Name, TermBounds.All, traits.Boost);
        }
        ValueKind? kind = name switch
        {
            "null" => ValueKind.Null,
            "bool" or "boolean" => ValueKind.Boolean,
            "numeric" or "number" => ValueKind.Number,
            "string" => ValueKind.String,
            "array" => ValueKind.Array,
            "object" or "nested" => ValueKind.Object,
            _ => null,
        };
        return kind is not { } wanted
            ? throw SearchScope.WrongArgument("EXISTS", $"the type must be \"null\", \"bool\", \"numeric\", \"string\", \"array\", \"object\" or \"analyzer\", not {SearchScope.Shorten(type)}")
            : new TermSetCondition(path, SearchTerms.Existence, TermBounds.WithPrefix(SearchTerms.TypeOf(wanted)), traits.Boost);
    }

    private static TermSetCondition Exists(SearchPath path, TermBounds bounds, SearchTraits traits) => new(path, SearchTerms.Existence, bounds, traits.Boost);

    private TermSetCondition ReadLike(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "LIKE");
        var pattern = Casts.ToText(scope.Evaluate(call.Children[1])).Utf8.ToArray();
        return !ReadFlag(call, 2, absent: false)
            ? SearchConditionReader.Like(path, pattern, traits)
            : new TermSetCondition(path, traits.Analyzer.Name, TermBounds.All, traits.Boost) { Test = term => TextPatterns.IsLike(term, pattern, ignoreCase: true) };
    }

    private SearchCondition ReadStartsWith(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "STARTS_WITH");
        var prefixes = scope.Evaluate(call.Children[1]);
        if (prefixes.IsString)
            return new TermSetCondition(path, traits.Analyzer.Name, TermBounds.WithPrefix(prefixes.Utf8.ToArray()), traits.Boost);
        if (!prefixes.IsArray || prefixes.Items.Count > SearchLimits.NamedTermsMax)
            throw SearchScope.WrongArgument("STARTS_WITH", $"the prefix must be a string or an array of at most {SearchLimits.NamedTermsMax} strings, not {SearchScope.Shorten(prefixes)}");
        var parts = new List<SearchCondition>();
        foreach (var prefix in prefixes.Items)
        {
            if (!prefix.IsString)
                throw SearchScope.WrongArgument("STARTS_WITH", $"a prefix must be a string, not {SearchScope.Shorten(prefix)}");
            parts.Add(new TermSetCondition(path, traits.Analyzer.Name, TermBounds.WithPrefix(prefix.Utf8.ToArray()), traits.Boost));
        }
        return SearchCondition.AtLeast(parts, call.Children.Length > 2 ? Casts.ToInteger(scope.Evaluate(call.Children[2])) : 1);
    }

    private LevenshteinCondition ReadLevenshtein(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "LEVENSHTEIN_MATCH");
        var values = call.Children.Skip(1).Select(scope.Evaluate).ToArray();
        return new LevenshteinCondition(path, traits.Analyzer.Name, PhraseReader.ReadLevenshtein(values, "LEVENSHTEIN_MATCH"), traits.Boost);
    }

    private NgramCondition ReadNgram(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "NGRAM_MATCH");
        var target = scope.Evaluate(call.Children[1]);
        if (!target.IsString)
            throw SearchScope.WrongArgument("NGRAM_MATCH", $"the target must be a string, not {SearchScope.Shorten(target)}");
        var threshold = 0.7;
        var analyzer = traits.Analyzer;
        foreach (var option in call.Children.Skip(2))
        {
            var value = scope.Evaluate(option);
            if (value.IsNumber && value.Number is > 0 and <= 1)
                threshold = value.Number;
            else if (value.IsString)
                analyzer = scope.ReadAnalyzer(option, "NGRAM_MATCH");
            else
                throw SearchScope.WrongArgument("NGRAM_MATCH", $"the threshold must be a number above 0 and up to 1, not {SearchScope.Shorten(value)}");
        }
        var tokens = new TokenList();
        analyzer.Instance.Analyze(target.Utf8, tokens);
        if (tokens.Count > SearchLimits.NamedTermsMax)
            throw ErrorCodes.ResourceLimit.With($"NGRAM_MATCH() with {tokens.Count} n-grams; at most {SearchLimits.NamedTermsMax}");
        return new NgramCondition(path, analyzer.Name, tokens, threshold, traits.Boost);
    }

    private SearchCondition ReadMinHash(CallExpression call, SearchTraits traits)
    {
        var path = scope.ReadPath(call.Children[0], "MINHASH_MATCH");
        var target = scope.Evaluate(call.Children[1]);
        var threshold = scope.Evaluate(call.Children[2]);
        if (!target.IsString)
            throw SearchScope.WrongArgument("MINHASH_MATCH", $"the target must be a string, not {SearchScope.Shorten(target)}");
        if (!threshold.IsNumber || threshold.Number is not (> 0 and <= 1))
            throw SearchScope.WrongArgument("MINHASH_MATCH", $"the threshold must be a number above 0 and up to 1, not {SearchScope.Shorten(threshold)}");
        var analyzer = call.Children.Length > 3 ? scope.ReadAnalyzer(call.Children[3], "MINHASH_MATCH") : traits.Analyzer;
        var tokens = new TokenList();
        analyzer.Instance.Analyze(target.Utf8, tokens);
        if (tokens.Count > SearchLimits.NamedTermsMax)
            throw ErrorCodes.ResourceLimit.With($"MINHASH_MATCH() with {tokens.Count} hashes; at most {SearchLimits.NamedTermsMax}");
        var terms = Enumerable.Range(0, tokens.Count).Select(i => (SearchCondition)new TermCondition(path, analyzer.Name, tokens[i].ToArray(), traits.Boost));
        return tokens.Count == 0 ? SearchCondition.None : SearchCondition.AtLeast([.. terms], Builtins.SearchFunctions.HashesWanted(tokens.Count, threshold.Number));
    }

    private bool ReadFlag(CallExpression call, int position, bool absent) =>
        call.Children.Length > position ? scope.Evaluate(call.Children[position]).IsTruthy : absent;

    /// <summary>An attribute has a term near a text.</summary>
    private sealed class LevenshteinCondition(SearchPath path, string analyzer, LevenshteinTerms terms, double boost) : SearchCondition
    {
        public override void AddTargets(ICollection<SearchTarget> targets) =>
            targets.Add(new SearchTarget(path, analyzer, SearchTargetKind.Term, [(0, terms.Contains)]));

        public override SearchIterator Open(SearchSource source)
        {
            if (path.IsTooLong)
                return new EmptyIterator();
            var documents = new List<uint>();
            foreach (var term in terms.Find(source, path, analyzer))
                TermSetCondition.AddDocuments(source, path, analyzer, term, documents);
            return TermSetCondition.ToIterator(documents, boost);
        }
    }
}
