using System.Text;
using GeoFabric.Language.Tests.Functions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Language.Tests.Expressions;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData("1", "+", "2", "3")]
    [InlineData("9223372036854775807", "+", "0", "9223372036854775807")]
    [InlineData("9223372036854775807", "+", "1", "9223372036854775808")]
    [InlineData("-9223372036854775808", "+", "-1", "-9223372036854775809")]
    [InlineData("9223372036854775807", "+", "-9223372036854775808", "-1")]
    [InlineData("0.1", "+", "0.2", "0.30000000000000004")]
    [InlineData("1e308", "+", "1e308", "null")]
    [InlineData("\"a\"", "+", "\"b\"", "0")]
    [InlineData("\"1\"", "+", "[\"2\"]", "3")]
    [InlineData("null", "+", "true", "1")]
    [InlineData("{}", "+", "[1,2]", "0")]
    [InlineData("1", "-", "1", "0")]
    [InlineData("-9223372036854775808", "-", "1", "-9223372036854775809")]
    [InlineData("0", "-", "-9223372036854775808", "9223372036854775808")]
    [InlineData("-9223372036854775808", "-", "-9223372036854775808", "0")]
    [InlineData("1.5", "-", "2", "-0.5")]
    [InlineData("3", "*", "-4", "-12")]
    [InlineData("4294967296", "*", "2147483647", "9223372032559808512")]
    [InlineData("4294967296", "*", "4294967296", "18446744073709551616")]
    [InlineData("-9223372036854775808", "*", "-1", "9223372036854775808")]
    [InlineData("-9223372036854775808", "*", "1", "-9223372036854775808")]
    [InlineData("1e200", "*", "1e200", "null")]
    [InlineData("6", "/", "2", "3")]
    [InlineData("9007199254740993", "/", "1", "9007199254740993")]
    [InlineData("1", "/", "4", "0.25")]
    [InlineData("-7", "/", "2", "-3.5")]
    [InlineData("-9223372036854775808", "/", "-1", "9223372036854775808")]
    [InlineData("1e308", "/", "1e-308", "null")]
    [InlineData("0", "/", "5", "0")]
    [InlineData("7", "%", "3", "1")]
    [InlineData("-7", "%", "3", "-1")]
    [InlineData("7", "%", "-3", "1")]
    [InlineData("-9223372036854775808", "%", "-1", "0")]
    [InlineData("5.5", "%", "2", "1.5")]
    [InlineData("-5.5", "%", "2", "-1.5")]
    [InlineData("\"7\"", "%", "\"4\"", "3")]
    public void Operators_cast_stay_exact_and_turn_overflow_into_doubles(string left, string sign, string right, string expected)
    {
        var context = new FunctionTestContext();

        var result = Apply(sign, Parse(left), Parse(right), context);

        Assert.Equal(JsonValueWriter.ToJsonString(Parse(expected)), JsonValueWriter.ToJsonString(result));
        Assert.Empty(context.Warnings);
    }

    [Theory]
    [InlineData("/", "0")]
    [InlineData("/", "0.0")]
    [InlineData("/", "null")]
    [InlineData("/", "\"a\"")]
    [InlineData("%", "0")]
    [InlineData("%", "-0.0")]
    [InlineData("%", "[]")]
    public void Division_by_zero_warns_and_gives_null(string sign, string divisor)
    {
        var context = new FunctionTestContext();

        var result = Apply(sign, Value.FromInteger(1), Parse(divisor), context);

        Assert.True(result.IsNull);
        Assert.Equal([1562], context.Warnings);
    }

    [Theory]
    [InlineData("5", "-5")]
    [InlineData("-9223372036854775808", "9223372036854775808")]
    [InlineData("0", "0")]
    [InlineData("\"abc\"", "0")]
    [InlineData("1.5", "-1.5")]
    [InlineData("[\"3\"]", "-3")]
    public void Negation_casts_to_a_number(string operand, string expected) =>
        Assert.Equal(JsonValueWriter.ToJsonString(Parse(expected)), JsonValueWriter.ToJsonString(Arithmetic.Negate(Parse(operand))));

    [Theory]
    [InlineData("1e300", long.MaxValue)]
    [InlineData("-1e300", long.MinValue)]
    [InlineData("-1.9", -1)]
    [InlineData("\"2.9\"", 2)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("null", 0)]
    public void Integers_are_truncated_and_clamped(string operand, long expected) => Assert.Equal(expected, Casts.ToInteger(Parse(operand)));

    private static Value Parse(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));

    private static Value Apply(string sign, Value left, Value right, EvaluationContext context) => sign switch
    {
        "+" => Arithmetic.Add(left, right),
        "-" => Arithmetic.Subtract(left, right),
        "*" => Arithmetic.Multiply(left, right),
        "/" => Arithmetic.Divide(left, right, context),
        _ => Arithmetic.Modulo(left, right, context),
    };
}
