using GeoFabric.Primitives.Patterns;

namespace GeoFabric.Language.Tests.Functions;

public sealed class RegexFunctionTests
{
    public static TheoryData<string> Cases { get; } = FunctionCase.Parse("""
        REGEX_TEST ["the quick brown fox", "the.*fox"] => true
        REGEX_TEST ["the quick brown fox", "^(a|the)\\s+(quick|slow).*f.x$"] => true
        REGEX_TEST ["the\nquick\nbrown\nfox", "^the(\n[a-w]+)+\nfox$"] => true
        REGEX_TEST ["foo", "FOO"] => false
        REGEX_TEST ["foo", "FOO", true] => true
        REGEX_TEST ["xfoox", "foo"] => true
        REGEX_TEST ["foo", "^fo$"] => false
        REGEX_TEST ["a\nb", "a.b"] => false
        REGEX_TEST ["a\rb", "a.b"] => false
        REGEX_TEST ["a\u2028b", "a.b"] => false
        REGEX_TEST ["a b", "a.b"] => true
        REGEX_TEST ["a\nb", "(?s)a.b"] => true
        REGEX_TEST ["a.b", "a[.]b"] => true
        REGEX_TEST ["axb", "a[.]b"] => false
        REGEX_TEST ["axb", "a\\.b"] => false
        REGEX_TEST ["🦊", "^.$"] => true
        REGEX_TEST ["🦊", "^..$"] => false
        REGEX_TEST ["a🦊b", "^a[^x]b$"] => true
        REGEX_TEST ["a🦊b", "^a\\Sb$"] => true
        REGEX_TEST ["ä", "^\\w$"] => true
        REGEX_TEST ["", ""] => true
        REGEX_TEST [null, "^$"] => true
        REGEX_TEST [12345, "^[0-9]+$"] => true
        REGEX_TEST ["foo", null] => true
        REGEX_TEST ["foo", "("] => null !1543
        REGEX_TEST ["foo", "["] => null !1543
        REGEX_TEST ["foo", "a{2,1}"] => null !1543
        REGEX_TEST ["foo", "*"] => null !1543
        REGEX_TEST ["foo", "\\"] => null !1543
        REGEX_TEST ["foo", "(?=f)"] => null !1543
        REGEX_TEST ["foo", "(?<!f)o"] => null !1543
        REGEX_TEST ["foo", "(o)\\1"] => null !1543
        REGEX_TEST ["foo", "(?>f)"] => null !1543
        REGEX_TEST ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$"] => false
        REGEX_TEST ["foo bar", "\\bbar\\b"] => true
        REGEX_TEST ["foobar", "\\Bbar"] => true
        REGEX_TEST ["aab", "^a{2}b?$"] => true
        REGEX_TEST ["[x]", "[]x]"] => true
        REGEX_TEST ["b", "^[a-d-[b]]$"] => false
        REGEX_MATCHES ["My-us3r_n4m3", "^[a-z0-9_-]{3,16}$", true] => ["My-us3r_n4m3"]
        REGEX_MATCHES ["My-us3r_n4m3", "^[a-z0-9_-]{3,16}$", false] => null
        REGEX_MATCHES ["john@doe.com", "^([a-z0-9_.-]+)@([0-9a-z.-]+)\\.([a-z.]{2,6})$"] => ["john@doe.com","john","doe","com"]
        REGEX_MATCHES ["#4d82h4", "^#?([a-f0-9]{6}|[a-f0-9]{3})$"] => null
        REGEX_MATCHES ["ab", "(a)(x)?(b)"] => ["ab","a","","b"]
        REGEX_MATCHES ["abab", "ab"] => ["ab"]
        REGEX_MATCHES ["", ""] => [""]
        REGEX_MATCHES ["x🦊y", "[^xy]+"] => ["🦊"]
        REGEX_MATCHES ["foo", "(?!o)"] => null !1543
        REGEX_MATCHES [null, "a"] => null
        REGEX_MATCHES [123, "2"] => ["2"]
        REGEX_REPLACE ["the quick brown fox", "the.*fox", "jumped over"] => "jumped over"
        REGEX_REPLACE ["An Avocado", "a", "_"] => "An Avoc_do"
        REGEX_REPLACE ["An Avocado", "a", "_", true] => "_n _voc_do"
        REGEX_REPLACE ["foo", "o", "00"] => "f0000"
        REGEX_REPLACE ["john smith", "(\\w+) (\\w+)", "$2, $1"] => "smith, john"
        REGEX_REPLACE ["abc", "b", "[$0]"] => "a[b]c"
        REGEX_REPLACE ["abc", "b", "\\$0"] => "a$0c"
        REGEX_REPLACE ["abc", "b", "$"] => "a$c"
        REGEX_REPLACE ["abc", "b", "$9"] => "ac"
        REGEX_REPLACE ["abc", "(b)", "$12"] => "ab2c"
        REGEX_REPLACE ["abc", "", "-"] => "-a-b-c-"
        REGEX_REPLACE ["🦊ä", "", "-"] => "-🦊-ä-"
        REGEX_REPLACE ["🦊ä", ".", "x"] => "xx"
        REGEX_REPLACE ["🦊ä", "[^ä]", "x"] => "xä"
        REGEX_REPLACE ["abc", "x", "y"] => "abc"
        REGEX_REPLACE ["abc", "[", "y"] => null !1543
        REGEX_REPLACE [null, "^", "y"] => "y"
        REGEX_REPLACE [121, 1, 3] => "323"
        REGEX_SPLIT ["This is a line.\n This is yet another line\r\n Mac line ", "\\.?(\r\n|\r|\n)"] => ["This is a line","\n"," This is yet another line","\r\n"," Mac line "]
        REGEX_SPLIT ["hypertext language, programming", "[\\s, ]+"] => ["hypertext","language","programming"]
        REGEX_SPLIT ["ca,bc,a,bca,bca,bc", "a,b", true, 5] => ["c","c,","c","c","c"]
        REGEX_SPLIT ["ca,bc,a,bca,bca,bc", "a,b", false, 2] => ["c","c,"]
        REGEX_SPLIT ["aXbxc", "x"] => ["aXb","c"]
        REGEX_SPLIT ["aXbxc", "x", true] => ["a","b","c"]
        REGEX_SPLIT ["abc", ""] => ["a","b","c"]
        REGEX_SPLIT ["ä🦊b", ""] => ["ä","🦊","b"]
        REGEX_SPLIT ["", ","] => [""]
        REGEX_SPLIT [",a,", ","] => ["","a",""]
        REGEX_SPLIT ["abc", "x"] => ["abc"]
        REGEX_SPLIT ["a,b", ",", false, 0] => []
        REGEX_SPLIT ["a,b", ",", false, -1] => null !1542
        REGEX_SPLIT ["a,b", ",", false, null] => null !1542
        REGEX_SPLIT ["a,b", ")"] => null !1543
        REGEX_SPLIT [null, ","] => [""]
        """);

    [Theory, MemberData(nameof(Cases))]
    public void Matching_gives(string line) => FunctionCase.Run(line);

    [Fact]
    public void Patterns_beyond_1000_characters_or_50_levels_are_refused_before_they_are_built()
    {
        Assert.NotNull(Find(new string('a', 1_000)));
        Assert.Null(Find(new string('a', 1_001)));
        Assert.NotNull(Find(new string('(', 50) + new string(')', 50)));
        Assert.Null(Find(new string('(', 51) + new string(')', 51)));
        Assert.Null(Find(new string('(', 1_000)));
    }

    [Fact]
    public void A_pattern_that_would_need_too_many_states_is_refused()
    {
        Assert.Null(Find("((((((a{1,100}){1,100}){1,100}){1,100}){1,100}){1,100})"));
    }

    [Fact]
    public void A_compiled_pattern_is_kept_and_many_others_push_it_out_without_harm()
    {
        var kept = Find("kept[0-9]+");

        for (var i = 0; i < 2_000; i++)
        {
            Assert.NotNull(Find($"other{i}"));
            if (i % 100 == 0)
                Assert.Same(kept, Find("kept[0-9]+"));
        }
    }

    [Fact]
    public void Operators_can_tell_a_bad_pattern_from_one_that_does_not_match()
    {
        Assert.True(RegexCache.TryMatch("fox", "^f", false, out var isMatch));
        Assert.True(isMatch);
        Assert.True(RegexCache.TryMatch("fox", "^x", false, out isMatch));
        Assert.False(isMatch);
        Assert.False(RegexCache.TryMatch("fox", "(", false, out isMatch));
    }

    private static System.Text.RegularExpressions.Regex? Find(string pattern) => RegexCache.Find(pattern, false, "");
}
