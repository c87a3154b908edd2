using System.Text;

namespace GeoFabric.Language.Tests.Functions;

public sealed class TextSearchFunctionTests
{
    public static TheoryData<string> Searches { get; } = FunctionCase.Parse("""
        CONTAINS ["foobarbaz", "bar"] => true
        CONTAINS ["foobarbaz", "horse"] => false
        CONTAINS ["foobarbaz", "ba", true] => 3
        CONTAINS ["foobarbaz", "horse", true] => -1
        CONTAINS ["foo", ""] => false
        CONTAINS ["foo", "", true] => -1
        CONTAINS ["", ""] => false
        CONTAINS [null, "n"] => false
        CONTAINS [12345, 34, true] => 2
        CONTAINS ["true story", true] => true
        CONTAINS ["ä🦊x", "x", true] => 2
        CONTAINS ["foo", null] => false
        CONTAINS [[1,2], "1,2"] => true
        FIND_FIRST ["foobarbaz", "ba"] => 3
        FIND_FIRST ["foobarbaz", "ba", 4] => 6
        FIND_FIRST ["foobarbaz", "ba", 0, 3] => -1
        FIND_FIRST ["foobarbaz", "ba", 0, 4] => 3
        FIND_FIRST ["foobarbaz", "ba", 3, 4] => 3
        FIND_FIRST ["foobarbaz", "ba", 7] => -1
        FIND_FIRST ["foobarbaz", "ba", -1] => -1
        FIND_FIRST ["foobarbaz", "ba", 5, 2] => -1
        FIND_FIRST ["foobarbaz", "ba", 0, -1] => -1
        FIND_FIRST ["foobarbaz", "ba", "a"] => -1
        FIND_FIRST ["foobarbaz", "ba", 0, "b"] => -1
        FIND_FIRST ["foobarbaz", "ba", [1]] => -1
        FIND_FIRST ["foobarbaz", "ba", null, null] => 3
        FIND_FIRST ["foobarbaz", "ba", 1000] => -1
        FIND_FIRST ["foobarbaz", "ba", 0, 1e30] => 3
        FIND_FIRST ["foobarbaz", ""] => 0
        FIND_FIRST ["foobarbaz", "", 2] => 2
        FIND_FIRST ["foo", "", 3] => 3
        FIND_FIRST ["foo", "", 4] => -1
        FIND_FIRST ["", ""] => 0
        FIND_FIRST ["", "a"] => -1
        FIND_FIRST ["äö🦊äö", "ö", 2] => 4
        FIND_FIRST [null, "x"] => -1
        FIND_FIRST [12321, 3] => 2
        FIND_LAST ["foobarbaz", "ba"] => 6
        FIND_LAST ["foobarbaz", "ba", 7] => -1
        FIND_LAST ["foobarbaz", "ba", 0, 4] => 3
        FIND_LAST ["foobarbaz", "ba", 0, 3] => -1
        FIND_LAST ["foobarbaz", "ba", 4, 8] => 6
        FIND_LAST ["foobarbaz", "ba", 4, 6] => -1
        FIND_LAST ["foobarbaz", "horse"] => -1
        FIND_LAST ["foobarbaz", "ba", -1] => -1
        FIND_LAST ["foobarbaz", "ba", 5, 4] => -1
        FIND_LAST ["foobarbaz", "ba", true] => -1
        FIND_LAST ["foobarbaz", ""] => 9
        FIND_LAST ["foobarbaz", "", 2] => 9
        FIND_LAST ["foobarbaz", "", 2, 4] => 5
        FIND_LAST ["aaa", "aa"] => 1
        FIND_LAST ["ä🦊ä🦊", "🦊"] => 3
        FIND_LAST [null, ""] => 0
        LIKE ["cart", "ca_t"] => true
        LIKE ["carrot", "ca_t"] => false
        LIKE ["carrot", "ca%t"] => true
        LIKE ["foo bar baz", "bar"] => false
        LIKE ["foo bar baz", "%bar%"] => true
        LIKE ["bar", "%bar%"] => true
        LIKE ["FoO bAr BaZ", "fOo%bAz"] => false
        LIKE ["FoO bAr BaZ", "fOo%bAz", true] => true
        LIKE ["100%", "100\\%"] => true
        LIKE ["1000", "100\\%"] => false
        LIKE ["a_b", "a\\_b"] => true
        LIKE ["axb", "a\\_b"] => false
        LIKE ["🦊", "_"] => true
        LIKE ["", ""] => true
        LIKE ["", "%"] => true
        LIKE [null, ""] => true
        LIKE [123, "1_3"] => true
        STARTS_WITH ["foobar", "foo"] => true
        STARTS_WITH ["foobar", "bar"] => false
        STARTS_WITH ["foobar", ""] => true
        STARTS_WITH ["foo", "foobar"] => false
        STARTS_WITH ["foobar", ["x", "foo"]] => true
        STARTS_WITH ["foobar", ["x", "y"]] => false
        STARTS_WITH ["foobar", ["fo", "foo", "y"], 2] => true
        STARTS_WITH ["foobar", ["fo", "foo", "y"], 3] => false
        STARTS_WITH ["foobar", [], 0] => true
        STARTS_WITH ["foobar", []] => false
        STARTS_WITH [1, "1"] => null !1542
        STARTS_WITH [null, "1"] => null !1542
        STARTS_WITH ["1", 1] => null !1542
        STARTS_WITH ["1", [1]] => null !1542
        STARTS_WITH ["1", ["1"], "1"] => null !1542
        """);

    public static TheoryData<string> Splits { get; } = FunctionCase.Parse("""
        SPLIT ["foo-bar-baz", "-"] => ["foo","bar","baz"]
        SPLIT ["foo-bar-baz", "-", 1] => ["foo"]
        SPLIT ["foo-bar-baz", "-", 2] => ["foo","bar"]
        SPLIT ["foo-bar-baz", "-", 10] => ["foo","bar","baz"]
        SPLIT ["foo, bar & baz", [", ", " & "]] => ["foo","bar","baz"]
        SPLIT ["foo-bar", "x"] => ["foo-bar"]
        SPLIT ["foo"] => ["foo"]
        SPLIT ["foo", null] => ["foo"]
        SPLIT ["foo", ""] => ["f","o","o"]
        SPLIT ["ä🦊", ""] => ["ä","🦊"]
        SPLIT ["foo", "", 2] => ["f","o"]
        SPLIT ["", ""] => []
        SPLIT ["", ","] => [""]
        SPLIT ["aa", "a"] => ["","",""]
        SPLIT [",a,,b,", ","] => ["","a","","b",""]
        SPLIT ["a,b", ",", 0] => []
        SPLIT ["a,b", ",", -1] => null !1542
        SPLIT ["a,b", ",", null] => null !1542
        SPLIT ["a1b2c", [1, 2]] => ["a","b","c"]
        SPLIT ["a,b", [",", ""]] => ["a","b"]
        SPLIT ["axxb", ["x", "xx"]] => ["a","","b"]
        SPLIT ["axxb", ["xx", "x"]] => ["a","b"]
        SPLIT [12321, 2] => ["1","3","1"]
        SPLIT [null, ","] => [""]
        SPLIT ["a.b", []] => ["a.b"]
        SUBSTITUTE ["the quick brown foxx", "quick", "lazy"] => "the lazy brown foxx"
        SUBSTITUTE ["the quick brown foxx", ["quick", "foxx"], ["slow", "dog"]] => "the slow brown dog"
        SUBSTITUTE ["the quick brown foxx", ["the", "foxx"], ["that", "dog"], 1] => "that quick brown foxx"
        SUBSTITUTE ["the quick brown foxx", ["the", "quick", "foxx"], ["A", "VOID!"]] => "A VOID! brown "
        SUBSTITUTE ["the quick brown foxx", ["quick", "foxx"], "xx"] => "the xx brown xx"
        SUBSTITUTE ["the quick brown foxx", {"quick": "small", "brown": "slow", "foxx": "ant"}] => "the small slow ant"
        SUBSTITUTE ["the quick brown foxx", {"quick": "", "brown": null, "foxx": "ant"}] => "the   ant"
        SUBSTITUTE ["the quick brown foxx", {"quick": "small", "brown": "slow", "foxx": "ant"}, 2] => "the small slow foxx"
        SUBSTITUTE ["aaa", "a", "b"] => "bbb"
        SUBSTITUTE ["aaa", "a", "b", 2] => "bba"
        SUBSTITUTE ["aaa", "a", "b", 0] => "aaa"
        SUBSTITUTE ["aaa", "a", "aa"] => "aaaaaa"
        SUBSTITUTE ["ab", ["a", "b"], ["b", "c"]] => "bc"
        SUBSTITUTE ["aaa", "aa", "b"] => "ba"
        SUBSTITUTE ["abc", ["ab", "abc"], ["1", "2"]] => "1c"
        SUBSTITUTE ["abc", ["abc", "ab"], ["1", "2"]] => "1"
        SUBSTITUTE ["xabc", ["bc", "a"], ["1", "2"]] => "x21"
        SUBSTITUTE ["foo", "", "x"] => "foo"
        SUBSTITUTE ["foo", ["", "o"], ["x", "0"]] => "f00"
        SUBSTITUTE ["foo", "o"] => "f"
        SUBSTITUTE ["foo", "x", "y"] => "foo"
        SUBSTITUTE [null, "x", "y"] => ""
        SUBSTITUTE [12321, 2, "-"] => null !1542
        SUBSTITUTE ["a🦊b", "🦊", "ä"] => "aäb"
        SUBSTITUTE ["foo", [], "y"] => "foo"
        SUBSTITUTE ["foo", {}] => "foo"
        """);

    [Theory, MemberData(nameof(Searches))]
    public void Searching_gives(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Splits))]
    public void Splitting_and_substituting_give(string line) => FunctionCase.Run(line);

    [Fact]
    public void Substitute_of_many_strings_walks_the_text_once_for_each()
    {
        var searched = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"absent{i}\""));
        var text = new StringBuilder().Insert(0, "ab", 100_000).ToString();

        var result = FunctionCase.Call(new FunctionTestContext(), "SUBSTITUTE", $"""["{text}", ["a", {searched}], "x"]""");

        Assert.Equal(text.Replace('a', 'x'), result.Text);
    }
}
