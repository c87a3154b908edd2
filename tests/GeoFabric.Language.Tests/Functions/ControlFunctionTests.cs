using GeoFabric.Primitives.Errors;

namespace GeoFabric.Language.Tests.Functions;

public sealed class ControlFunctionTests
{
    public static TheoryData<string> Cases { get; } = FunctionCase.Parse("""
        NOT_NULL [null, false, 1] => false
        NOT_NULL [null, null] => null
        NOT_NULL [[]] => []
        FIRST_LIST [1, "a", {}, [3], [4]] => [3]
        FIRST_LIST [1, "a", {}] => null
        FIRST_LIST [[]] => []
        FIRST_DOCUMENT [1, [], {"a":1}, {"b":2}] => {"a":1}
        FIRST_DOCUMENT [1, []] => null
        MIN_MATCH [true, false, true, 2] => true
        MIN_MATCH [true, false, false, 2] => false
        MIN_MATCH [1, "a", [], 3] => true
        MIN_MATCH [false, 0] => true
        MIN_MATCH [true, true, "2"] => null !1542
        IN_RANGE [4, 1, 4, true, true] => true
        IN_RANGE [4, 1, 4, true, false] => false
        IN_RANGE [1, 1, 4, false, true] => false
        IN_RANGE [1, 1, 4, true, true] => true
        IN_RANGE ["a", 1, [], true, true] => true
        IN_RANGE [null, 1, 2, true, true] => false
        IN_RANGE [1, 1, 4, 1, true] => null !1542
        IN_RANGE [1, 1, 4, true, "x"] => null !1542
        ASSERT [true, "m"] => true
        ASSERT ["a", "m"] => true
        ASSERT [false, "m"] => error 1593
        ASSERT [null, "m"] => error 1593
        ASSERT [true, 1] => null !1542
        WARN [true, "m"] => true
        WARN [false, "m"] => false !1594
        WARN [0, "m"] => false !1594
        WARN [false, null] => null !1542
        FAIL [] => error 1569
        FAIL ["reason"] => error 1569
        FAIL [null] => error 1569
        FAIL [[1]] => error 1569
        SLEEP [0] => null
        SLEEP [0.001] => null
        SLEEP [-1] => null !1542
        SLEEP ["1"] => null !1542
        SLEEP [null] => null !1542
        PASSTHRU [{"a":[1]}] => {"a":[1]}
        NOOPT [null] => null
        NOEVAL ["x"] => "x"
        V8 [1.5] => 1.5
        CURRENT_DATABASE [] => "_system"
        CURRENT_USER [] => "root"
        """);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Control_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Fact]
    public void Failures_carry_the_message_of_the_query()
    {
        var context = new FunctionTestContext();

        var assertion = Assert.Throws<GeoFabricException>(() => FunctionCase.Call(context, "ASSERT", """[false, "no city"]"""));
        var failure = Assert.Throws<GeoFabricException>(() => FunctionCase.Call(context, "FAIL", """["no city"]"""));

        Assert.Equal("no city", assertion.Message);
        Assert.Contains("no city", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_values_have_equal_hashes_below_2_to_the_53()
    {
        var context = new FunctionTestContext();

        var hash = FunctionCase.Call(context, "HASH", """[{"a": 1, "b": [1, null]}]""");
        var same = FunctionCase.Call(context, "HASH", """[{"b": [1.0], "a": 1, "c": null}]""");
        var other = FunctionCase.Call(context, "HASH", """[{"a": 2, "b": [1]}]""");

        Assert.InRange(hash.Integer, 0, (1L << 53) - 1);
        Assert.Equal(hash, same);
        Assert.NotEqual(hash, other);
    }

    [Fact]
    public void The_version_is_a_number_with_dots() => Assert.Matches(@"^\d+\.\d+\.\d+", FunctionCase.Call(new FunctionTestContext(), "VERSION", "[]").Text);
}
