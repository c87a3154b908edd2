using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Tests.Database;

public sealed class AnalyzerTests
{
    [Theory]
    [InlineData("identity", "{}", "As it IS", "As it IS@0")]
    [InlineData("text", """{"locale":"en"}""", "The Quick foxes' café", "the@0 quick@1 fox@2 cafe@3")]
    [InlineData("text", """{"locale":"en","case":"none","stemming":false,"accent":true}""", "Foxes café", "Foxes@0 café@1")]
    [InlineData("text", """{"locale":"en","case":"upper","stemming":false}""", "Foxes é", "FOXES@0 E@1")]
    [InlineData("text", """{"locale":"en","stopwords":["the","of"]}""", "The end of the roads", "end@0 road@1")]
    [InlineData("text", """{"locale":"tr","stemming":false,"accent":true}""", "IŞIK", "ışık@0")]
    [InlineData("norm", """{"locale":"en","case":"lower","accent":false}""", "Crème BRÛLÉE", "creme brulee@0")]
    [InlineData("stem", """{"locale":"en"}""", "running", "run@0")]
    [InlineData("stem", """{"locale":"zh"}""", "running", "running@0")]
    [InlineData("ngram", """{"min":2,"max":3,"streamType":"utf8"}""", "füge", "fü@0 füg@0 üg@1 üge@1 ge@2")]
    [InlineData("ngram", """{"min":3,"max":3,"preserveOriginal":true,"startMarker":"^","endMarker":"$"}""", "ab", "^ab@0 ab$@1 ^ab$@0")]
    [InlineData("delimiter", """{"delimiter":", "}""", "a, b,c, ", "a@0 b,c@1 @2")]
    [InlineData("delimiter", "{}", "a b", "a b@0")]
    [InlineData("stopwords", """{"stopwords":["a"]}""", "a", "")]
    [InlineData("pipeline", """{"pipeline":[{"type":"delimiter","properties":{"delimiter":";"}},{"type":"text","properties":{"locale":"en"}}]}""", "two foxes;ran", "two@0 fox@1 ran@2")]
    [InlineData("pipeline", """{"pipeline":[{"type":"norm","properties":{"case":"lower"}},{"type":"ngram","properties":{"min":2,"max":2}}]}""", "ABC", "ab@0 bc@1")]
    public void It_makes_these_tokens(string type, string properties, string text, string expected)
    {
        Assert.Equal(expected, Show(Create(type, properties), text));
    }

    [Fact]
    public void Sort_keys_follow_the_alphabet_of_the_language()
    {
        var swedish = Create("collation", """{"locale":"sv"}""");
        var german = Create("collation", """{"locale":"de"}""");

        Assert.True(Compare(swedish, "zebra", "ärlig") < 0);
        Assert.True(Compare(german, "zebra", "ärlig") > 0);
    }

    [Theory]
    [InlineData("nix", "{}")]
    [InlineData("fulltext2", "{}")]
    [InlineData("text", """{"locale":"en","nix":1}""")]
    [InlineData("text", """{"locale":5}""")]
    [InlineData("text", """{"case":"title"}""")]
    [InlineData("text", """{"stopwords":[1]}""")]
    [InlineData("ngram", """{"min":0}""")]
    [InlineData("ngram", """{"min":3,"max":2}""")]
    [InlineData("ngram", """{"min":1,"max":60}""")]
    [InlineData("ngram", """{"streamType":"x"}""")]
    [InlineData("pipeline", """{"pipeline":[]}""")]
    [InlineData("pipeline", """{"pipeline":[{"type":"pipeline","properties":{"pipeline":[{"type":"identity"}]}}]}""")]
    [InlineData("pipeline", """{"pipeline":[5]}""")]
    public void Wrong_properties_are_refused(string type, string properties)
    {
        Assert.Equal(10, Assert.Throws<GeoFabricException>(() => Create(type, properties)).ErrorNumber);
    }

    /// <summary>Whatever the text, analyzers end, stay within their limits and give valid tokens.</summary>
    [Fact]
    public void No_text_is_too_strange()
    {
        var random = new Random(3);
        var tokens = new TokenList();
        foreach (var definition in BuiltInAnalyzers.All)
        {
            for (var i = 0; i < 200; i++)
            {
                var text = new StringBuilder();
                for (var length = random.Next(60); length > 0; length--)
                {
                    var point = random.Next(4) switch { 0 => random.Next(0x80), 1 => random.Next(0x800), 2 => random.Next(0xD800), _ => random.Next(0xE000, 0x110000) };
                    text.Append(new Rune(point));
                }
                tokens.Clear();
                definition.Instance.Analyze(Encoding.UTF8.GetBytes(text.ToString()), tokens);
                for (var j = 0; j < tokens.Count; j++)
                    Assert.True(System.Text.Unicode.Utf8.IsValid(tokens[j]), $"{definition.Name}: {text}");
            }
        }
    }

    [Fact]
    public void A_text_of_too_many_words_is_cut_off()
    {
        var tokens = new TokenList();

        BuiltInAnalyzers.ByName["text_en"].Instance.Analyze(Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat("a", TokenList.TokensMax + 10))), tokens);

        Assert.Equal(TokenList.TokensMax, tokens.Count);
    }

    private static Analyzer Create(string type, string properties) => new AnalyzerDefinition("test", type, TestFabric.Json(properties), []).Instance;

    private static string Show(Analyzer analyzer, string text)
    {
        var tokens = new TokenList();
        analyzer.Analyze(Encoding.UTF8.GetBytes(text), tokens);
        return string.Join(' ', Enumerable.Range(0, tokens.Count).Select(i => $"{Encoding.UTF8.GetString(tokens[i])}@{tokens.PositionAt(i)}"));
    }

    private static int Compare(Analyzer analyzer, string left, string right)
    {
        var tokens = new TokenList();
        analyzer.Analyze(Encoding.UTF8.GetBytes(left), tokens);
        analyzer.Analyze(Encoding.UTF8.GetBytes(right), tokens);
        return tokens[0].SequenceCompareTo(tokens[1]);
    }
}
