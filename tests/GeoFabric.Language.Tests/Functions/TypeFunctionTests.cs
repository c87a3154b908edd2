namespace GeoFabric.Language.Tests.Functions;

public sealed class TypeFunctionTests
{
    public static TheoryData<string> Checks { get; } = FunctionCase.Parse("""
        IS_NULL [null] => true
        IS_NULL [false] => false
        IS_NULL [0] => false
        IS_NULL [""] => false
        IS_NULL [[]] => false
        IS_BOOL [true] => true
        IS_BOOL [false] => true
        IS_BOOL [null] => false
        IS_BOOL [1] => false
        IS_BOOL ["true"] => false
        IS_NUMBER [0] => true
        IS_NUMBER [-1.5e3] => true
        IS_NUMBER [9223372036854775807] => true
        IS_NUMBER ["1"] => false
        IS_NUMBER [null] => false
        IS_STRING [""] => true
        IS_STRING ["1"] => true
        IS_STRING [1] => false
        IS_STRING [["a"]] => false
        IS_ARRAY [[]] => true
        IS_ARRAY [[1]] => true
        IS_ARRAY [{}] => false
        IS_ARRAY ["[]"] => false
        IS_LIST [[1]] => true
        IS_LIST [null] => false
        IS_OBJECT [{}] => true
        IS_OBJECT [{"a":1}] => true
        IS_OBJECT [[]] => false
        IS_OBJECT [null] => false
        IS_DOCUMENT [{"_key":"a"}] => true
        IS_DOCUMENT ["a"] => false
        IS_DATESTRING ["2015"] => true
        IS_DATESTRING ["2015-2"] => true
        IS_DATESTRING ["2015-02-31"] => true
        IS_DATESTRING ["2015-05-10T12:30:44.123Z"] => true
        IS_DATESTRING ["2015-05-10 12:30"] => true
        IS_DATESTRING [" 2015-05-10T12:30:44+02:00 "] => true
        IS_DATESTRING ["2015-05-10t12:30:44z"] => true
        IS_DATESTRING ["2015-13-01"] => false
        IS_DATESTRING ["2015-05-10T12"] => false
        IS_DATESTRING ["2015-05-10T25:00"] => false
        IS_DATESTRING ["2015-05-32"] => false
        IS_DATESTRING ["foo"] => false
        IS_DATESTRING [""] => false
        IS_DATESTRING ["2015-05-10x"] => false
        IS_DATESTRING [2015] => false
        IS_DATESTRING [1431261044123] => false
        IS_DATESTRING [null] => false
        IS_IPV4 ["127.0.0.1"] => true
        IS_IPV4 ["0.0.0.0"] => true
        IS_IPV4 ["255.255.255.255"] => true
        IS_IPV4 ["256.0.0.0"] => false
        IS_IPV4 ["1.2.3"] => false
        IS_IPV4 ["1.2.3.4.5"] => false
        IS_IPV4 ["1.2.3.04"] => false
        IS_IPV4 ["1.2.3."] => false
        IS_IPV4 ["1.2.3.-1"] => false
        IS_IPV4 ["1.2.3.4 "] => false
        IS_IPV4 [""] => false
        IS_IPV4 [16909060] => false
        IS_KEY ["abc-123"] => true
        IS_KEY ["_:.@()+,=;$!*'%-"] => true
        IS_KEY ["a/b"] => false
        IS_KEY ["a b"] => false
        IS_KEY ["ä"] => false
        IS_KEY [""] => false
        IS_KEY [123] => false
        IS_KEY [null] => false
        TYPENAME [null] => "null"
        TYPENAME [true] => "bool"
        TYPENAME [1] => "number"
        TYPENAME [1.5] => "number"
        TYPENAME ["a"] => "string"
        TYPENAME [[]] => "array"
        TYPENAME [{}] => "object"
        """);

    public static TheoryData<string> CastCases { get; } = FunctionCase.Parse("""
        TO_BOOL [null] => false
        TO_BOOL [false] => false
        TO_BOOL [0] => false
        TO_BOOL [-0.0] => false
        TO_BOOL [""] => false
        TO_BOOL ["0"] => true
        TO_BOOL [" "] => true
        TO_BOOL [[]] => true
        TO_BOOL [{}] => true
        TO_BOOL [0.1] => true
        TO_NUMBER [null] => 0
        TO_NUMBER [false] => 0
        TO_NUMBER [true] => 1
        TO_NUMBER [9223372036854775807] => 9223372036854775807
        TO_NUMBER ["9223372036854775807"] => 9223372036854775807
        TO_NUMBER ["-9223372036854775808"] => -9223372036854775808
        TO_NUMBER ["9223372036854775808"] => 9223372036854775808
        TO_NUMBER ["+12"] => 12
        TO_NUMBER [" \t\n12.5\r "] => 12.5
        TO_NUMBER ["1e3"] => 1000
        TO_NUMBER ["-2.5E-1"] => -0.25
        TO_NUMBER [".5"] => 0.5
        TO_NUMBER ["1e999"] => 0
        TO_NUMBER ["12abc"] => 0
        TO_NUMBER ["1 2"] => 0
        TO_NUMBER ["0x10"] => 0
        TO_NUMBER ["--1"] => 0
        TO_NUMBER ["1e"] => 0
        TO_NUMBER ["."] => 0
        TO_NUMBER ["NaN"] => 0
        TO_NUMBER ["Infinity"] => 0
        TO_NUMBER ["1,000"] => 0
        TO_NUMBER [""] => 0
        TO_NUMBER [[]] => 0
        TO_NUMBER [[5]] => 5
        TO_NUMBER [[["7"]]] => 7
        TO_NUMBER [[1, 2]] => 0
        TO_NUMBER [{"a":1}] => 0
        TO_STRING [null] => ""
        TO_STRING [true] => "true"
        TO_STRING [false] => "false"
        TO_STRING [1.0] => "1"
        TO_STRING [-0.0] => "0"
        TO_STRING [2e-7] => "2e-7"
        TO_STRING [1e21] => "1e+21"
        TO_STRING [1e20] => "100000000000000000000"
        TO_STRING [0.1] => "0.1"
        TO_STRING [9223372036854775807] => "9223372036854775807"
        TO_STRING ["ä"] => "ä"
        TO_STRING [[1, [null, "a"]]] => "[1,[null,\"a\"]]"
        TO_STRING [{"b": 1, "a": {}}] => "{\"b\":1,\"a\":{}}"
        TO_ARRAY [null] => []
        TO_ARRAY [false] => [false]
        TO_ARRAY [1] => [1]
        TO_ARRAY [""] => [""]
        TO_ARRAY [[1, 2]] => [1,2]
        TO_ARRAY [{"b": 1, "a": [2]}] => [1,[2]]
        TO_ARRAY [{}] => []
        TO_LIST ["x"] => ["x"]
        """);

    [Theory]
    [MemberData(nameof(Checks))]
    public void Type_checks_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(CastCases))]
    public void Casts_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Fact]
    public void A_key_has_254_bytes_at_most()
    {
        FunctionCase.Run($"IS_KEY [\"{new string('a', 254)}\"] => true");
        FunctionCase.Run($"IS_KEY [\"{new string('a', 255)}\"] => false");
    }
}
