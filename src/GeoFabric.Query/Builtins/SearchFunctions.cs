using System.Collections.Frozen;
using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions of search conditions. Most work on any text too; there they look at the text itself.</summary>
public static class SearchFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("TOKENS", 1, 2, FunctionPurity.Stable, "The terms an analyzer makes of a text.", "TOKENS(\"Running foxes\", \"text_en\")", "[\"run\",\"fox\"]", Tokens),
        new("ANALYZER", 2, 2, FunctionPurity.Pure, "A search condition with the terms of an analyzer; elsewhere the condition itself.", "ANALYZER(1 == 1, \"text_en\")", "true", First),
        new("BOOST", 2, 2, FunctionPurity.Pure, "A search condition whose score counts so many times; elsewhere the condition itself.", "BOOST(1 == 1, 2.5)", "true", First),
        new("LEVENSHTEIN_MATCH", 3, 6, FunctionPurity.Pure, "Whether a text is within so many edits of another one.", "LEVENSHTEIN_MATCH(\"foxes\", \"ofxes\", 1)", "true", LevenshteinMatch),
        new("NGRAM_MATCH", 2, 4, FunctionPurity.Stable, "Whether a text has enough of the terms of another one, in their order.", "NGRAM_MATCH(\"quick brown fox\", \"quick fox\", 0.7, \"text_en\")", "true", NgramMatch),
        new("MINHASH_MATCH", 3, 4, FunctionPurity.Stable, "Whether a text has so large a share of the smallest hashes that an analyzer of type minhash makes of another one.", "MINHASH_MATCH(\"a b c\", \"a b c\", 0.9, \"text_en\")", "true", MinHashMatch),
    ];

    /// <summary>Functions that need an index: no example without one. All but FULLTEXT() mean something in a search condition only.</summary>
    public static FrozenDictionary<string, FunctionDefinition> OnIndexes { get; } = ((FunctionDefinition[])
    [
        new("EXISTS", 1, 3, FunctionPurity.Stable, "Documents that have an attribute, of a type if one is given.", "", "", OutsideSearch),
        .. new[] { "COSINE", "L2", "INNER_PRODUCT" }.Select(metric => new FunctionDefinition(
            "APPROX_NEAR_" + metric, 2, 3, FunctionPurity.Stable, "Similarity of a document's vector, by which a SORT with LIMIT finds the nearest in a vector index.", "", "", WithoutVectorIndex)),
        new("FULLTEXT", 3, 4, FunctionPurity.Stable, "The documents a fulltext index finds.", "", "", FulltextFunction.Find),
        new("PHRASE", 2, FunctionDefinition.Unlimited, FunctionPurity.Stable, "Documents in which words stand one behind another.", "", "", OutsideSearch),
    ]).ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    private static Value OutsideSearch(in FunctionCall call) =>
        throw ErrorCodes.FunctionArgumentTypeMismatch.With($"{call.Name}() works in SEARCH only, on an attribute of the loop's variable");

    private static Value WithoutVectorIndex(in FunctionCall call) =>
        throw ErrorCodes.VectorSearchNotApplied.With($"{call.Name}() finds documents by a vector index only, as the first key of SORT with LIMIT");

    /// <summary>How many of so many hashes two texts have to share.</summary>
    internal static int HashesWanted(int count, double threshold) => Math.Max(1, (int)Math.Ceiling(Math.Round(threshold * count, 6)));

    private static Value First(in FunctionCall call) => call[0];

    private static Value Tokens(in FunctionCall call)
    {
        if (!TryReadAnalyzer(call, 1, out var analyzer))
            return default;
        return Tokenize(call, call[0], analyzer, new TokenList());
    }

    /// <summary>The terms of a text; of an array, those of each item.</summary>
    private static Value Tokenize(in FunctionCall call, Value input, Analyzer analyzer, TokenList tokens)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!input.IsString && !input.IsArray)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "the input must be a string or an array of strings");
        var results = new ValueListWriter(call.Context, 8);
        if (input.IsArray)
        {
            foreach (var item in input.Items)
                results.Add(Tokenize(call, item, analyzer, tokens));
            return results.ToValue();
        }
        tokens.Clear();
        analyzer.Analyze(input.Utf8, tokens);
        for (var i = 0; i < tokens.Count; i++)
        {
            call.Context.ReserveMemory(tokens[i].Length);
            // Sort keys and parts of characters are no text: they are shown in base64.
            results.Add(System.Text.Unicode.Utf8.IsValid(tokens[i]) ? Value.FromUtf8(tokens[i]) : Value.FromString(Convert.ToBase64String(tokens[i])));
        }
        return results.ToValue();
    }

    private static Value LevenshteinMatch(in FunctionCall call)
    {
        if (!call[0].IsString || !call[1].IsString || !call[2].IsNumber || call.Count > 3 && !call[3].IsBoolean)
            return call.WrongType();
        var allowsSwaps = call.Count < 4 || call[3].IsTruthy;
        var distance = Casts.ToInteger(call[2]);
        if (distance < 0 || !allowsSwaps && distance > EditDistance.DistanceMax)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{distance} edits: 0 or more, or to {EditDistance.DistanceMax} without swaps");
        var text = call[0].Utf8;
        var prefix = call[5].IsString ? call[5].Utf8 : default;
        if (!text.StartsWith(prefix))
            return Value.FromBoolean(false);
        text = text[prefix.Length..];
        // More edits than an index can look for are counted the way LEVENSHTEIN_DISTANCE does.
        return Value.FromBoolean(distance > EditDistance.DistanceMaxWithSwaps && allowsSwaps
            ? TextSimilarityFunctions.DamerauLevenshtein(CodePoints.ToArray(text), CodePoints.ToArray(call[1].Utf8), call.Context) <= distance
            : new EditDistance(call[1].Text, (int)distance, allowsSwaps).Measure(text) >= 0);
    }

    private static Value NgramMatch(in FunctionCall call)
    {
        if (!call[0].IsString || !call[1].IsString)
            return call.WrongType();
        var threshold = 0.7;
        var analyzerAt = 2;
        if (call.Count > 2 && call[2].IsNumber)
        {
            threshold = call[2].Number;
            analyzerAt = 3;
        }
        if (threshold is not (> 0 and <= 1))
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "the threshold must be above 0 and up to 1");
        if (!TryReadAnalyzer(call, analyzerAt, out var analyzer))
            return default;
        var target = new TokenList();
        var text = new TokenList();
        analyzer.Analyze(call[1].Utf8, target);
        analyzer.Analyze(call[0].Utf8, text);
        call.Context.ReserveMemory(16L * (target.Count + text.Count));
        return Value.FromBoolean(PositionChain.Matches(target, text, threshold, call.Context.ThrowIfStopped));
    }

    private static Value MinHashMatch(in FunctionCall call)
    {
        if (!call[0].IsString || !call[1].IsString || !call[2].IsNumber || call[2].Number is not (> 0 and <= 1))
            return call.WrongType();
        if (!TryReadAnalyzer(call, 3, out var analyzer))
            return default;
        var (target, text) = (new TokenList(), new TokenList());
        analyzer.Analyze(call[1].Utf8, target);
        analyzer.Analyze(call[0].Utf8, text);
        call.Context.ReserveMemory(64L * (target.Count + text.Count));
        var hashes = Enumerable.Range(0, text.Count).Select(i => Convert.ToHexString(text[i])).ToHashSet(StringComparer.Ordinal);
        var shared = Enumerable.Range(0, target.Count).Count(i => hashes.Contains(Convert.ToHexString(target[i])));
        return Value.FromBoolean(target.Count > 0 && shared >= HashesWanted(target.Count, call[2].Number));
    }

    private static bool TryReadAnalyzer(in FunctionCall call, int position, out Analyzer analyzer)
    {
        analyzer = AnalyzerDefinition.Identity.Instance;
        if (call.Count <= position)
            return true;
        if (call[position].IsString && call.Context.Reader.Catalog.TryGetAnalyzer(call[position].Text, out var definition))
        {
            analyzer = definition.Instance;
            return true;
        }
        call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "there is no such analyzer");
        return false;
    }
}
