using System.Text;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Expressions;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ab", false)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "a_c", true)]
    [InlineData("ac", "a_c", false)]
    [InlineData("a🦊c", "a_c", true)]
    [InlineData("äöü", "___", true)]
    [InlineData("äöü", "____", false)]
    [InlineData("abc", "%", true)]
    [InlineData("", "%", true)]
    [InlineData("", "%%", true)]
    [InlineData("", "", true)]
    [InlineData("", "_", false)]
    [InlineData("abc", "%%%", true)]
    [InlineData("foo bar baz", "%bar%", true)]
    [InlineData("foo bar baz", "%bar", false)]
    [InlineData("foo bar bar", "%bar", true)]
    [InlineData("foobarbarbaz", "f%bar%baz", true)]
    [InlineData("aab", "%ab", true)]
    [InlineData("ababac", "%aba_", true)]
    [InlineData("äabä", "%b_", true)]
    [InlineData("50%", "50\\%", true)]
    [InlineData("50x", "50\\%", false)]
    [InlineData("a_b", "a\\_b", true)]
    [InlineData("axb", "a\\_b", false)]
    [InlineData("a\\b", "a\\\\b", true)]
    [InlineData("a\\b", "a\\b", true)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("line\nbreak", "line%break", true)]
    [InlineData("a.c", "a.c", true)]
    [InlineData("abc", "a.c", false)]
    public void Patterns_match_the_whole_text(string text, string pattern, bool expected) =>
        Assert.Equal(expected, TextPatterns.IsLike(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(pattern)));

    [Theory]
    [InlineData("ABC", "a_c", true)]
    [InlineData("ÄÖ", "äö", true)]
    [InlineData("Σας", "σΑΣ", true)]
    [InlineData("abd", "A_C", false)]
    public void Case_can_be_ignored(string text, string pattern, bool expected) =>
        Assert.Equal(expected, TextPatterns.IsLike(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(pattern), ignoreCase: true));

    [Fact]
    public void A_pattern_of_many_runs_does_not_explode()
    {
        var text = Encoding.UTF8.GetBytes(new string('a', 100_000));
        var pattern = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("%a", 60)) + "%b");

        Assert.False(TextPatterns.IsLike(text, pattern));
    }

    [Theory]
    [InlineData("abc%", "abc")]
    [InlineData("ab_c", "ab")]
    [InlineData("%x", "")]
    [InlineData("a\\%b%", "a%b")]
    [InlineData("ä", "ä")]
    public void The_literal_prefix_ends_at_the_first_wildcard(string pattern, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(TextPatterns.LiteralPrefix(Encoding.UTF8.GetBytes(pattern))));
}
