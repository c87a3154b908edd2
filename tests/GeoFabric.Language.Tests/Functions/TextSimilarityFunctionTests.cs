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
        NGRAM_SIMILARITY ["abc", "abd", 0] => null !1542
        NGRAM_SIMILARITY ["abc", "abd", -1] => null !1542
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
