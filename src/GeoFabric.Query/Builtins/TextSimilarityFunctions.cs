using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that tell how alike two strings are, or how they sound.</summary>
public static class TextSimilarityFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("LEVENSHTEIN_DISTANCE", 2, 2, FunctionPurity.Pure, "Fewest insertions, deletions, replacements and swaps of neighbours that make one text the other.", "LEVENSHTEIN_DISTANCE(\"foxes\", \"ofxe\")", "2", LevenshteinDistance),
        new("NGRAM_SIMILARITY", 3, 3, FunctionPurity.Pure, "Length of the longest common sequence of n-grams, as a share of those of the second text.", "NGRAM_SIMILARITY(\"quick fox\", \"quick foxx\", 3)", "0.875", NgramSimilarity),
        new("NGRAM_POSITIONAL_SIMILARITY", 3, 3, FunctionPurity.Pure, "As NGRAM_SIMILARITY, but half-matching n-grams count in part and the longer text is the measure.", "NGRAM_POSITIONAL_SIMILARITY(\"quick fox\", \"quick foxx\", 3)", "0.875", NgramPositionalSimilarity),
        new("SOUNDEX", 1, 1, FunctionPurity.Pure, "Four-character code of how an English word sounds.", "SOUNDEX(\"sounteks\")", "\"S532\"", Soundex),
    ];

    private static Value LevenshteinDistance(in FunctionCall call) => Value.FromInteger(DamerauLevenshtein(
        CodePoints.ToArray(Casts.ToText(call[0]).Utf8), CodePoints.ToArray(Casts.ToText(call[1]).Utf8), call.Context));

    /// <summary>
    /// Unrestricted Damerau-Levenshtein distance with memory linear in the texts (Zhao and Sahni, "String correction using the
    /// Damerau-Levenshtein distance", 2019): a swap whose partner lies far back can only pay off when it is adjacent in one of the
    /// texts, so besides two rows only one remembered cost for each column and one for the row are needed.
    /// </summary>
    internal static int DamerauLevenshtein(int[] first, int[] second, EvaluationContext context)
    {
        context.ReserveMemory(12L * (second.Length + 2));
        const int Far = int.MaxValue / 2;
        // Index 0 stands for column -1 of the table, where nothing is reachable.
        var previous = new int[second.Length + 2];
        var current = new int[second.Length + 2];
        var beforeColumnMatch = new int[second.Length + 2];
        Array.Fill(previous, Far);
        Array.Fill(beforeColumnMatch, Far);
        current[0] = Far;
        for (var j = 0; j <= second.Length; j++)
            current[j + 1] = j;
        var lastRowOf = new Dictionary<int, int>();
        for (var i = 1; i <= first.Length; i++)
        {
            if ((i & 0x3F) == 0 || second.Length > 0x4000)
                context.ThrowIfStopped();
            (previous, current) = (current, previous);
            var lastMatchColumn = -1;
            var twoRowsUp = current[1];
            current[1] = i;
            var beforeRowMatch = Far;
            for (var j = 1; j <= second.Length; j++)
            {
                var isMatch = first[i - 1] == second[j - 1];
                var cost = Math.Min(previous[j] + (isMatch ? 0 : 1), Math.Min(current[j] + 1, previous[j + 1] + 1));
                if (isMatch)
                {
                    lastMatchColumn = j;
                    beforeColumnMatch[j] = previous[j - 1];
                    beforeRowMatch = twoRowsUp;
                }
                else
                {
                    var lastMatchRow = lastRowOf.GetValueOrDefault(second[j - 1], -1);
                    if (j - lastMatchColumn == 1)
                        cost = Math.Min(cost, beforeColumnMatch[j] + i - lastMatchRow);
                    else if (i - lastMatchRow == 1)
                        cost = Math.Min(cost, beforeRowMatch + j - lastMatchColumn);
                }
                twoRowsUp = current[j + 1];
                current[j + 1] = cost;
            }
            lastRowOf[first[i - 1]] = i;
        }
        return current[second.Length + 1];
    }

    private static Value NgramSimilarity(in FunctionCall call) => Ngrams(call, isPositional: false);

    private static Value NgramPositionalSimilarity(in FunctionCall call) => Ngrams(call, isPositional: true);

    private static Value Ngrams(in FunctionCall call, bool isPositional)
    {
        if (!call[0].IsString || !call[1].IsString || !call[2].IsNumber)
            return call.WrongType();
        var size = Casts.ToInteger(call[2]);
        if (size < 1)
            return call.Warn(ErrorCodes.BadParameter, $"{size} is no size of n-grams, it must be 1 or more");
        var left = CodePoints.ToArray(call[0].Utf8);
        var right = CodePoints.ToArray(call[1].Utf8);
        if (left.AsSpan().SequenceEqual(right))
            return Value.FromInteger(1);
        if (Math.Min(left.Length, right.Length) < size)
            return Value.FromDouble(isPositional ? SharedStart(left, right) : 0);
        var common = LongestCommon(left, right, (int)size, isPositional, call.Context);
        var grams = (isPositional ? Math.Max(left.Length, right.Length) : right.Length) - size + 1;
        return Value.FromDouble(common / size / grams);
    }

    /// <summary>A text shorter than the n-gram is its own only n-gram: characters equal in place, as a share of the longer text.</summary>
    private static double SharedStart(int[] left, int[] right) => CountEqual(left, right) / (double)Math.Max(left.Length, right.Length);

    private static int CountEqual(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        var equal = 0;
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            equal += left[i] == right[i] ? 1 : 0;
        return equal;
    }

    /// <summary>Weight of the best common sequence of n-grams, in characters: an n-gram found whole weighs its size.</summary>
    private static double LongestCommon(int[] left, int[] right, int size, bool isPositional, EvaluationContext context)
    {
        var columns = right.Length - size + 1;
        context.ReserveMemory(20L * (columns + 1));
        var previous = new long[columns + 1];
        var current = new long[columns + 1];
        // Characters equal in place, of the n-gram of this row and that of each column. The next row's follow from those one column before.
        var equal = new int[columns];
        for (var i = 0; i + size <= left.Length; i++)
        {
            context.ThrowIfStopped();
            for (var j = columns - 1; j > 0 && i > 0; j--)
                equal[j] = equal[j - 1] - (left[i - 1] == right[j - 1] ? 1 : 0) + (left[i + size - 1] == right[j + size - 1] ? 1 : 0);
            for (var j = 0; j < (i == 0 ? columns : 1); j++)
            {
                context.ThrowIfStopped();
                equal[j] = CountEqual(left.AsSpan(i, size), right.AsSpan(j, size));
            }
            for (var j = 0; j < columns; j++)
            {
                var weight = isPositional || equal[j] == size ? equal[j] : 0;
                current[j + 1] = Math.Max(previous[j] + weight, Math.Max(previous[j + 1], current[j]));
            }
            (previous, current) = (current, previous);
        }
        return previous[columns];
    }

    private static Value Soundex(in FunctionCall call)
    {
        Span<byte> code = stackalloc byte[4];
        code.Fill((byte)'0');
        var length = 0;
        byte last = 0;
        foreach (var character in Casts.ToText(call[0]).Utf8)
        {
            var letter = (byte)(character | 0x20);
            if (letter is < (byte)'a' or > (byte)'z' || character >= 0x80)
                continue;
            var digit = "01230120022455012623010202"u8[letter - 'a'];
            if (length == 0)
                code[length++] = (byte)(letter - 0x20);
            else if (digit != '0' && digit != last)
                code[length++] = digit;
            // H and W are silent: equal sounds around them are one. A vowel separates them.
            if (letter is not ((byte)'h' or (byte)'w'))
                last = digit;
            if (length == code.Length)
                break;
        }
        return length == 0 ? Value.EmptyString : Value.FromUtf8(code);
    }
}
