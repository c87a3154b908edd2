using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Functions;

public sealed class TextSimilarityFunctionTests
{
    public static TheoryData<string> Cases { get; } = FunctionCase.Parse("""
        LEVENSHTEIN_DISTANCE ["foobar", "bar"] => 3
        LEVENSHTEIN_DISTANCE ["foobar", "foobar"] => 0
        LEVENSHTEIN_DISTANCE ["", "abc"] => 3
        LEVENSHTEIN_DISTANCE ["abc", ""] => 3
        LEVENSHTEIN_DISTANCE ["", ""] => 0
        LEVENSHTEIN_DISTANCE [null, "a"] => 1
        LEVENSHTEIN_DISTANCE ["ab", "ba"] => 1
        LEVENSHTEIN_DISTANCE ["ca", "abc"] => 2
        LEVENSHTEIN_DISTANCE ["kitten", "sitting"] => 3
        LEVENSHTEIN_DISTANCE ["The quick brown fox", "The quick black dog"] => 6
        LEVENSHTEIN_DISTANCE ["der mötör trötet", "der trötet"] => 6
        LEVENSHTEIN_DISTANCE ["🦊ä", "ä🦊"] => 1
        LEVENSHTEIN_DISTANCE [123, 132] => 1
        LEVENSHTEIN_DISTANCE [true, "tru"] => 1
        NGRAM_SIMILARITY ["quick fox", "quick foxx", 3] => 0.875
        NGRAM_SIMILARITY ["quick fox", "quick foxx", 2] => 0.8888888888888888
        NGRAM_SIMILARITY ["quick fox", "quirky fox", 3] => 0.375
        NGRAM_SIMILARITY ["quick foxx", "quick fox", 3] => 1
        NGRAM_SIMILARITY ["quick fox", "quick fox", 3] => 1
        NGRAM_SIMILARITY ["abc", "xyz", 2] => 0
        NGRAM_SIMILARITY ["a", "ab", 2] => 0
        NGRAM_SIMILARITY ["a", "a", 2] => 1
        NGRAM_SIMILARITY ["ä🦊ö", "ä🦊x", 2] => 0.5
        NGRAM_SIMILARITY ["abc", "abd", 0] => null !10
        NGRAM_SIMILARITY ["abc", "abd", -1] => null !10
        NGRAM_SIMILARITY [1, "abd", 2] => null !1542
        NGRAM_SIMILARITY ["abc", null, 2] => null !1542
        NGRAM_SIMILARITY ["abc", "abd", "2"] => null !1542
        NGRAM_SIMILARITY ["abc", "abd", 1e18] => 0
        NGRAM_POSITIONAL_SIMILARITY ["quick fox", "quick foxx", 3] => 0.875
        NGRAM_POSITIONAL_SIMILARITY ["quick fox", "quick foxx", 2] => 0.8888888888888888
        NGRAM_POSITIONAL_SIMILARITY ["quick fox", "quirky fox", 2] => 0.7222222222222222
        NGRAM_POSITIONAL_SIMILARITY ["quick foxx", "quick fox", 3] => 0.875
        NGRAM_POSITIONAL_SIMILARITY ["abc", "abc", 2] => 1
        NGRAM_POSITIONAL_SIMILARITY ["ab", "ac", 3] => 0.5
        NGRAM_POSITIONAL_SIMILARITY ["abc", 5, 3] => null !1542
        SOUNDEX ["example"] => "E251"
        SOUNDEX ["ekzampul"] => "E251"
        SOUNDEX ["soundex"] => "S532"
        SOUNDEX ["sounteks"] => "S532"
        SOUNDEX ["Robert"] => "R163"
        SOUNDEX ["Rupert"] => "R163"
        SOUNDEX ["Ashcraft"] => "A261"
        SOUNDEX ["Tymczak"] => "T522"
        SOUNDEX ["Pfister"] => "P236"
        SOUNDEX ["Honeyman"] => "H555"
        SOUNDEX ["a"] => "A000"
        SOUNDEX [""] => ""
        SOUNDEX [null] => ""
        SOUNDEX ["123"] => ""
        SOUNDEX ["  -Lee"] => "L000"
        """);

    [Theory, MemberData(nameof(Cases))]
    public void Comparing_gives(string line) => FunctionCase.Run(line);

    /// <summary>Of texts of which each pair of places is compared, a million of each: nobody waits for that.</summary>
    [Theory]
    [InlineData("LEVENSHTEIN_DISTANCE", "")]
    [InlineData("NGRAM_SIMILARITY", ", 3")]
    [InlineData("NGRAM_SIMILARITY", ", 500000")]
    [InlineData("NGRAM_POSITIONAL_SIMILARITY", ", 500000")]
    [InlineData("NGRAM_MATCH", ", 0.5, \"text_en\"")]
    public void Comparing_long_texts_stops_when_told(string name, string more)
    {
        var (one, other) = (string.Concat(Enumerable.Repeat("a b ", 250_000)), string.Concat(Enumerable.Repeat("b a ", 250_000)));

        var error = Assert.Throws<GeoFabricException>(() => FunctionCase.Call(new FunctionTestContext { StopsAfter = 3 }, name, $"[\"{one}\", \"{other}\"{more}]"));

        Assert.Equal(ErrorCodes.QueryKilled.Number, error.ErrorNumber);
    }

    [Theory]
    [InlineData(1, "true")]
    [InlineData(2, "true")]
    [InlineData(3, "true")]
    [InlineData(0, "false")]
    public void A_few_edits_of_long_texts_are_found_at_once(int distance, string expected)
    {
        var text = string.Concat(Enumerable.Repeat("abc", 300_000));

        var matches = FunctionCase.Call(new FunctionTestContext(), "LEVENSHTEIN_MATCH", $"[\"{text}\", \"x{text}\", {distance}]");

        Assert.Equal(expected, JsonValueWriter.ToJsonString(matches));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_few_edits_are_those_of_the_whole_table(bool allowsSwaps)
    {
        var random = new Random(5);
        var within = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var (one, other) = (Word(random), Word(random));
            var distance = random.Next(allowsSwaps ? EditDistance.DistanceMaxWithSwaps : EditDistance.DistanceMax) + 1;
            var edits = EditsByTheWholeTable(one, other, allowsSwaps);

            var found = new EditDistance(one, distance, allowsSwaps).Measure(Encoding.UTF8.GetBytes(other));

            Assert.True(found == (edits <= distance ? edits : -1), $"{one} {other} {distance}: {found}, not {edits}");
            within += edits <= distance ? 1 : 0;
        }
        Assert.InRange(within, 2_000, 18_000);
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(9)).Select(_ => "abä"[random.Next(3)])]);

    private static int EditsByTheWholeTable(string one, string other, bool allowsSwaps)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (allowsSwaps && i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[one.Length, other.Length];
    }

    [Fact]
    public void Levenshtein_distance_equals_that_of_the_full_table()
    {
        var random = new Random(7);
        for (var round = 0; round < 3_000; round++)
        {
            var left = RandomText(random);
            var right = RandomText(random);

            var distance = FunctionCase.Call(new FunctionTestContext(), "LEVENSHTEIN_DISTANCE", $"""["{left}", "{right}"]""");

            Assert.True(FullTable(left, right) == distance.Integer, $"{left} {right}: {FullTable(left, right)}, not {distance}");
        }
    }

    [Fact]
    public void Positional_similarity_of_three_grams_counts_thirds()
    {
        var similarity = FunctionCase.Call(new FunctionTestContext(), "NGRAM_POSITIONAL_SIMILARITY", """["quick fox", "quirky fox", 3]""");

        Assert.Equal(2 / 3.0, similarity.Number, 12);
    }

    [Theory]
    [InlineData("NGRAM_SIMILARITY", false)]
    [InlineData("NGRAM_POSITIONAL_SIMILARITY", true)]
    public void Similarity_is_that_of_n_grams_counted_one_by_one(string name, bool isPositional)
    {
        var random = new Random(9);
        for (var round = 0; round < 5_000; round++)
        {
            var (left, right, size) = (RandomText(random), RandomText(random), random.Next(1, 5));
            if (left == right || Math.Min(left.Length, right.Length) < size)
                continue;

            var similarity = FunctionCase.Call(new FunctionTestContext(), name, $"""["{left}", "{right}", {size}]""");

            var expected = CommonNgrams(left, right, size, isPositional) / ((isPositional ? Math.Max(left.Length, right.Length) : right.Length) - size + 1);
            Assert.Equal(expected, similarity.Number, 12);
        }
    }

    private static double CommonNgrams(string left, string right, int size, bool isPositional)
    {
        var table = new double[left.Length + 1, right.Length + 1];
        for (var i = 0; i + size <= left.Length; i++)
        {
            for (var j = 0; j + size <= right.Length; j++)
            {
                var equal = Enumerable.Range(0, size).Count(k => left[i + k] == right[j + k]);
                var weight = isPositional ? equal / (double)size : equal == size ? 1 : 0;
                table[i + 1, j + 1] = Math.Max(table[i, j] + weight, Math.Max(table[i, j + 1], table[i + 1, j]));
            }
        }
        return table[left.Length - size + 1, right.Length - size + 1];
    }

    private static string RandomText(Random random) => new(random.GetItems<char>("abcd", random.Next(0, 9)));

    /// <summary>The textbook algorithm of Lowrance and Wagner with its whole table.</summary>
    private static int FullTable(string left, string right)
    {
        var table = new int[left.Length + 2, right.Length + 2];
        var far = left.Length + right.Length;
        var lastRows = new Dictionary<char, int>();
        table[0, 0] = far;
        for (var i = 0; i <= left.Length; i++)
            (table[i + 1, 0], table[i + 1, 1]) = (far, i);
        for (var j = 0; j <= right.Length; j++)
            (table[0, j + 1], table[1, j + 1]) = (far, j);
        for (var i = 1; i <= left.Length; i++)
        {
            var lastColumn = 0;
            for (var j = 1; j <= right.Length; j++)
            {
                var row = lastRows.GetValueOrDefault(right[j - 1]);
                var column = lastColumn;
                var isMatch = left[i - 1] == right[j - 1];
                if (isMatch)
                    lastColumn = j;
                table[i + 1, j + 1] = Math.Min(
                    Math.Min(table[i, j] + (isMatch ? 0 : 1), table[i + 1, j] + 1),
                    Math.Min(table[i, j + 1] + 1, table[row, column] + (i - row - 1) + 1 + (j - column - 1)));
            }
            lastRows[left[i - 1]] = i;
        }
        return table[left.Length + 1, right.Length + 1];
    }
}
