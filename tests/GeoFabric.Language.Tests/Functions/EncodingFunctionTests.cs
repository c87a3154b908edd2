using System.Globalization;

namespace GeoFabric.Language.Tests.Functions;

public sealed class EncodingFunctionTests
{
    public static TheoryData<string> Cases { get; } = FunctionCase.Parse("""
        ENCODE_URI_COMPONENT ["fünf %"] => "f%C3%BCnf%20%25"
        ENCODE_URI_COMPONENT ["a-_.!~*'()Z9"] => "a-_.!~*'()Z9"
        ENCODE_URI_COMPONENT ["/?:@&=+$,#"] => "%2F%3F%3A%40%26%3D%2B%24%2C%23"
        ENCODE_URI_COMPONENT ["🦊"] => "%F0%9F%A6%8A"
        ENCODE_URI_COMPONENT [null] => ""
        ENCODE_URI_COMPONENT [[1]] => "%5B1%5D"
        IPV4_FROM_NUMBER [0] => "0.0.0.0"
        IPV4_FROM_NUMBER [134744072] => "8.8.8.8"
        IPV4_FROM_NUMBER [2130706433] => "127.0.0.1"
        IPV4_FROM_NUMBER [4294967295] => "255.255.255.255"
        IPV4_FROM_NUMBER [4294967296] => null !1542
        IPV4_FROM_NUMBER [-1] => null !1542
        IPV4_FROM_NUMBER ["1"] => null !1542
        IPV4_FROM_NUMBER [null] => null !1542
        IPV4_FROM_NUMBER [1e300] => null !1542
        IPV4_TO_NUMBER ["0.0.0.0"] => 0
        IPV4_TO_NUMBER ["8.8.8.8"] => 134744072
        IPV4_TO_NUMBER ["255.255.255.255"] => 4294967295
        IPV4_TO_NUMBER ["192.168.0.256"] => null !1542
        IPV4_TO_NUMBER ["192.168.0"] => null !1542
        IPV4_TO_NUMBER ["192.168.0.1.1"] => null !1542
        IPV4_TO_NUMBER ["192.168.0.01"] => null !1542
        IPV4_TO_NUMBER ["192.168.0. 1"] => null !1542
        IPV4_TO_NUMBER ["192.168..1"] => null !1542
        IPV4_TO_NUMBER [""] => null !1542
        IPV4_TO_NUMBER [1] => null !1542
        IPV4_TO_NUMBER [null] => null !1542
        JSON_PARSE ["123"] => 123
        JSON_PARSE ["[ true, false, null ]"] => [true,false,null]
        JSON_PARSE ["{\"a\": {\"b\": [1.5]}}"] => {"a":{"b":[1.5]}}
        JSON_PARSE ["\"\\u00e4\""] => "ä"
        JSON_PARSE ["9223372036854775807"] => 9223372036854775807
        JSON_PARSE ["  1  "] => 1
        JSON_PARSE ["{"] => null !1542
        JSON_PARSE [""] => null !1542
        JSON_PARSE ["abc"] => null !1542
        JSON_PARSE ["1 2"] => null !1542
        JSON_PARSE [1] => null !1542
        JSON_PARSE [null] => null !1542
        JSON_PARSE [["1"]] => null !1542
        JSON_STRINGIFY [null] => "null"
        JSON_STRINGIFY [true] => "true"
        JSON_STRINGIFY [1] => "1"
        JSON_STRINGIFY [1.5] => "1.5"
        JSON_STRINGIFY ["a\"b"] => "\"a\\\"b\""
        JSON_STRINGIFY [[1,{"a":null}]] => "[1,{\"a\":null}]"
        JSON_STRINGIFY [{"z":1,"a":[]}] => "{\"z\":1,\"a\":[]}"
        TO_BASE64 ["ABC."] => "QUJDLg=="
        TO_BASE64 ["123456"] => "MTIzNDU2"
        TO_BASE64 [""] => ""
        TO_BASE64 [null] => ""
        TO_BASE64 ["ä"] => "w6Q="
        TO_HEX ["ABC."] => "4142432e"
        TO_HEX ["ü"] => "c3bc"
        TO_HEX [""] => ""
        TO_HEX [null] => ""
        TO_HEX [true] => "74727565"
        TO_CHAR [65] => "A"
        TO_CHAR [228] => "ä"
        TO_CHAR [129418] => "🦊"
        TO_CHAR [0] => "\u0000"
        TO_CHAR [1114111] => "\udbff\udfff"
        TO_CHAR [1114112] => null !1542
        TO_CHAR [-1] => null !1542
        TO_CHAR [55296] => null !1542
        TO_CHAR ["65"] => null !1542
        TO_CHAR [null] => null !1542
        MD5 ["foobar"] => "3858f62230ac3c915f300c664312c63f"
        MD5 [""] => "d41d8cd98f00b204e9800998ecf8427e"
        MD5 [null] => "d41d8cd98f00b204e9800998ecf8427e"
        SHA1 ["foobar"] => "8843d7f92416211de9ebb963ff4ce28125932878"
        SHA1 [1] => "356a192b7913b04c54574d18c28d46e6395428ab"
        SHA256 ["foobar"] => "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"
        SHA512 [""] => "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        CRC32 ["foobar"] => "D5F5C7F"
        CRC32 [""] => "0"
        CRC32 ["123456789"] => "E3069283"
        FNV64 ["foobar"] => "85944171F73967E8"
        FNV64 [""] => "CBF29CE484222325"
        FNV64 ["a"] => "AF63DC4C8601EC8C"
        RANDOM_TOKEN [0] => ""
        RANDOM_TOKEN [-1] => null !1542
        RANDOM_TOKEN [65537] => null !1542
        RANDOM_TOKEN [null] => ""
        """);

    [Theory, MemberData(nameof(Cases))]
    public void Encoding_gives(string line) => FunctionCase.Run(line);

    [Fact]
    public void Random_tokens_have_the_length_asked_for_and_differ()
    {
        var context = new FunctionTestContext();

        var first = FunctionCase.Call(context, "RANDOM_TOKEN", "[65536]").Text;
        var second = FunctionCase.Call(context, "RANDOM_TOKEN", "[65536]").Text;

        Assert.Equal(65_536, first.Length);
        Assert.All(first, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Uuids_are_of_version_4_and_differ()
    {
        var context = new FunctionTestContext();

        var first = FunctionCase.Call(context, "UUID", "[]").Text;
        var second = FunctionCase.Call(context, "UUID", "[]").Text;

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", first);
        Assert.NotEqual(first, second);
        Assert.True(Guid.TryParseExact(first, "D", out _), string.Create(CultureInfo.InvariantCulture, $"{first}"));
    }
}
