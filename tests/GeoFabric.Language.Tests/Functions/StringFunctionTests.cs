namespace GeoFabric.Language.Tests.Functions;

public sealed class StringFunctionTests
{
    public static TheoryData<string> Lengths { get; } = FunctionCase.Parse("""
        CHAR_LENGTH ["foo"] => 3
        CHAR_LENGTH [""] => 0
        CHAR_LENGTH [null] => 0
        CHAR_LENGTH [true] => 4
        CHAR_LENGTH [false] => 5
        CHAR_LENGTH [-12.5] => 5
        CHAR_LENGTH [[1,"a"]] => 7
        CHAR_LENGTH [{"a":null}] => 10
        CHAR_LENGTH ["äöü"] => 3
        CHAR_LENGTH ["🦊🦊"] => 2
        CHAR_LENGTH ["e\u0301"] => 2
        CHAR_LENGTH ["\ud83d\ude00x"] => 2
        CONCAT ["foo", "bar"] => "foobar"
        CONCAT [null] => ""
        CONCAT [null, null] => ""
        CONCAT ["a", null, "b"] => "ab"
        CONCAT [1, true, "x", 2.5] => "1truex2.5"
        CONCAT [[1, null, "a", [2, 3], {"b":1}]] => "1a[2,3]{\"b\":1}"
        CONCAT [[]] => ""
        CONCAT ["x", [1, null]] => "x[1,null]"
        CONCAT [{"a":1}] => "{\"a\":1}"
        CONCAT [1e21, -0.0, 2e-7] => "1e+2102e-7"
        CONCAT_SEPARATOR [", ", "a", "b"] => "a, b"
        CONCAT_SEPARATOR [", ", "a", null, "b"] => "a, b"
        CONCAT_SEPARATOR [", ", null, "b"] => "b"
        CONCAT_SEPARATOR [", ", "a", "", "b"] => "a, , b"
        CONCAT_SEPARATOR [1, 2, 3] => "213"
        CONCAT_SEPARATOR [null, "a", "b"] => "ab"
        CONCAT_SEPARATOR ["-", ["a", null, "b", ["c"]]] => "a-b-[\"c\"]"
        CONCAT_SEPARATOR ["-", []] => ""
        CONCAT_SEPARATOR ["-", ["a"], "b"] => "[\"a\"]-b"
        CONCAT_SEPARATOR [[1], "a", "b"] => "a[1]b"
        CONCAT_SEPARATOR ["-", null] => ""
        """);

    public static TheoryData<string> Parts { get; } = FunctionCase.Parse("""
        LEFT ["foobarbaz", 3] => "foo"
        LEFT ["foo", 10] => "foo"
        LEFT ["foo", 0] => ""
        LEFT ["foo", -1] => ""
        LEFT ["foo", null] => ""
        LEFT ["foo", "2"] => "fo"
        LEFT ["foo", 1.9] => "f"
        LEFT ["🦊ä", 1] => "🦊"
        LEFT [12345, 2] => "12"
        LEFT [null, 2] => ""
        LEFT ["foo", 1e300] => "foo"
        RIGHT ["foobarbaz", 3] => "baz"
        RIGHT ["foo", 10] => "foo"
        RIGHT ["foo", 0] => ""
        RIGHT ["foo", -5] => ""
        RIGHT ["foo", null] => ""
        RIGHT ["ä🦊", 1] => "🦊"
        RIGHT [true, 2] => "ue"
        RIGHT ["foo", 9223372036854775807] => "foo"
        SUBSTRING ["foobarbaz", 3] => "barbaz"
        SUBSTRING ["foobarbaz", 3, 3] => "bar"
        SUBSTRING ["foobarbaz", -3] => "baz"
        SUBSTRING ["foobarbaz", -3, 2] => "ba"
        SUBSTRING ["foobarbaz", -100, 3] => "foo"
        SUBSTRING ["foobarbaz", 9] => ""
        SUBSTRING ["foobarbaz", 100, 1] => ""
        SUBSTRING ["foobarbaz", 0, 0] => ""
        SUBSTRING ["foobarbaz", 0, -1] => ""
        SUBSTRING ["foobarbaz", 0, 1e18] => "foobarbaz"
        SUBSTRING ["foobarbaz", -9223372036854775808, 1] => "f"
        SUBSTRING ["a🦊b", 1, 1] => "🦊"
        SUBSTRING ["a🦊b", -2, 1] => "🦊"
        SUBSTRING [null, 0, 5] => ""
        SUBSTRING [12345, 1, 2] => "23"
        SUBSTRING ["foo", null, 2] => "fo"
        SUBSTRING_BYTES ["foobar", 1, 3] => "oob"
        SUBSTRING_BYTES ["foobar", 2] => "obar"
        SUBSTRING_BYTES ["foobar", -2] => "ar"
        SUBSTRING_BYTES ["foobar", -20, 2] => "fo"
        SUBSTRING_BYTES ["foobar", 6, 2] => ""
        SUBSTRING_BYTES ["foobar", 1, 0] => ""
        SUBSTRING_BYTES ["foobar", 1, -1] => ""
        SUBSTRING_BYTES ["foobar", 2, 1, 1] => "oob"
        SUBSTRING_BYTES ["foobar", 2, 1, 0, 2] => "oba"
        SUBSTRING_BYTES ["foobar", 2, 1, 2, 0] => "foo"
        SUBSTRING_BYTES ["foobar", 2, 1, 100] => "foobar"
        SUBSTRING_BYTES ["aäb", 1, 2] => "ä"
        SUBSTRING_BYTES ["aäb", 2, 1] => null !1542
        SUBSTRING_BYTES ["aäb", 1, 1] => null !1542
        SUBSTRING_BYTES ["🦊ab🦊", 4, 2, 1] => "🦊ab🦊"
        SUBSTRING_BYTES [null, 0, 1] => ""
        """);

    public static TheoryData<string> Changes { get; } = FunctionCase.Parse("""
        LOWER ["AbC"] => "abc"
        LOWER ["ÄÖÜ"] => "äöü"
        LOWER ["ΟΔΟΣ"] => "οδος"
        LOWER ["Σ"] => "σ"
        LOWER ["ΣΑΣΑ"] => "σασα"
        LOWER ["İ"] => "i̇"
        LOWER [null] => ""
        LOWER [true] => "true"
        LOWER [[1,"A"]] => "[1,\"a\"]"
        LOWER ["🦊 Ж"] => "🦊 ж"
        LOWER ["𐐀"] => "𐐨"
        UPPER ["AbC"] => "ABC"
        UPPER ["äöü"] => "ÄÖÜ"
        UPPER ["straße"] => "STRASSE"
        UPPER ["ﬁn"] => "FIN"
        UPPER ["ς"] => "Σ"
        UPPER [null] => ""
        UPPER [false] => "FALSE"
        UPPER ["i"] => "I"
        UPPER ["é e\u0301"] => "É E\u0301"
        TRIM ["foo bar"] => "foo bar"
        TRIM ["  foo bar  "] => "foo bar"
        TRIM ["--==[foo-bar]==--", "-=[]"] => "foo-bar"
        TRIM ["  foobar\t \r\n "] => "foobar"
        TRIM [";foo;bar;baz, ", ",; "] => "foo;bar;baz"
        TRIM ["  foo  ", 0] => "foo"
        TRIM ["  foo  ", 1] => "foo  "
        TRIM ["  foo  ", 2] => "  foo"
        TRIM ["  foo  ", 3] => "foo"
        TRIM ["  foo  ", null] => "foo"
        TRIM ["foo", ""] => "foo"
        TRIM ["ääfooä", "ä"] => "foo"
        TRIM ["🦊a🦊", "🦊"] => "a"
        TRIM ["   "] => ""
        TRIM [null] => ""
        TRIM [1] => "1"
        LTRIM ["  foo bar  "] => "foo bar  "
        LTRIM ["--==[foo-bar]==--", "-=[]"] => "foo-bar]==--"
        LTRIM ["\u00e4xfoo", "x\u00e4"] => "foo"
        LTRIM [null] => ""
        LTRIM ["11a", 1] => "a"
        RTRIM ["  foo bar  "] => "  foo bar"
        RTRIM ["--==[foo-bar]==--", "-=[]"] => "--==[foo-bar"
        RTRIM ["foo\r\n\t "] => "foo"
        RTRIM ["fooxä", "xä"] => "foo"
        RTRIM [""] => ""
        REPEAT ["foo", 3] => "foofoofoo"
        REPEAT ["foo", 3, " | "] => "foo | foo | foo"
        REPEAT ["foo", 1, "-"] => "foo"
        REPEAT ["foo", 0] => ""
        REPEAT ["foo", -1] => null !1542
        REPEAT [5, 5] => "55555"
        REPEAT [null, 1000000] => ""
        REPEAT ["", 3, "x"] => "xx"
        REPEAT ["x", "2"] => "xx"
        REPEAT ["x", 16777217] => null !32
        REPEAT ["abc", 9223372036854775807] => null !32
        REPEAT ["", 9223372036854775807, "x"] => null !32
        REPEAT ["", 9223372036854775807] => ""
        REPEAT [true, 2] => "truetrue"
        """);

    [Theory, MemberData(nameof(Lengths))]
    public void Counting_and_joining_give(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Parts))]
    public void Cutting_gives(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Changes))]
    public void Changing_gives(string line) => FunctionCase.Run(line);

    [Fact]
    public void Repeat_up_to_16_megabytes_is_built_and_counted_against_memory()
    {
        var context = new FunctionTestContext();

        var text = FunctionCase.Call(context, "REPEAT", """["x", 16777216]""");

        Assert.Equal(16_777_216, text.Utf8.Length);
        Assert.True(context.ReservedBytes >= 16_777_216);
    }
}
