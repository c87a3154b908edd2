using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;

namespace GeoFabric.Language.Tests.Functions;

public sealed class FunctionCatalogTests
{
    // More arguments than this add nothing to a function that takes any number of the same kind.
    private const int ArgumentsMax = 6;

    // All combinations are tried up to this many calls of one function, a seeded choice of them beyond.
    private const int CallsMax = 3000;

    private static readonly string[] HostileJson =
    [
        "null", "true", "false", "0", "-1", "2", "1.5", "-9223372036854775808", "9223372036854775807", "1e308", "\"\"", "\"a\"", "\"-3\"",
        "\"ä🦊\"", "\"%_\\\\\"", "\"2015-02-31T10:00:00Z\"", "\"[(\"", "\"d\"", "[]", "[null]", "[1,2,3]", "[\"a\",[1],{}]", "[[0,1],[2,3]]",
        "{}", "{\"a\":null}", "{\"_id\":\"animals/fox\",\"_key\":\"fox\"}", "\"animals/fox\"",
    ];

    public static TheoryData<string> Names => [.. FunctionCatalog.All.Select(function => function.Name)];

    [Fact]
    public void Names_are_found_in_any_case()
    {
        Assert.True(FunctionCatalog.TryGet("sorted_Unique", out var function));
        Assert.Equal("SORTED_UNIQUE", function.Name);
        Assert.False(FunctionCatalog.TryGet("SORTED_UNIQUELY", out _));
    }

    [Fact]
    public void A_name_in_two_tables_is_refused()
    {
        FunctionCatalog.TryGet("PI", out var function);

        var error = Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Collect([[function!], [function!]]));

        Assert.Contains("'PI'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_is_complete(string name)
    {
        FunctionCatalog.TryGet(name, out var function);

        Assert.NotNull(function);
        Assert.Equal(name.ToUpperInvariant(), function.Name);
        Assert.InRange(function.MinArguments, 0, function.MaxArguments);
        Assert.True(function.Summary.Length > 10 && function.Summary.EndsWith('.'), function.Summary);
        Assert.Contains(name + "(", function.Example, StringComparison.Ordinal);
        Assert.Equal(function.ExampleResult, JsonValueWriter.ToJsonString(JsonValueReader.Parse(Encoding.UTF8.GetBytes(function.ExampleResult))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_combination_of_values_gives_a_value_or_an_error_of_the_table(string name)
    {
        FunctionCatalog.TryGet(name, out var function);
        var hostile = HostileJson.Select(json => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json))).Where(value => !IsEndless(name, value)).ToArray();
        for (var count = function!.MinArguments; count <= Math.Min(function.MaxArguments, ArgumentsMax); count++)
        {
            foreach (var arguments in Combinations(hostile, count))
                CallAndCheck(function, arguments);
        }
    }

    [Fact]
    public void Quiet_functions_are_functions_that_take_any_values_without_a_warning()
    {
        var hostile = HostileJson.Select(json => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json))).ToArray();
        foreach (var name in QuietFunctions.Names)
        {
            Assert.True(FunctionCatalog.TryGet(name, out var function), $"there is no function {name}");
            Assert.Equal(FunctionPurity.Pure, function.Purity);
            for (var count = function.MinArguments; count <= Math.Min(function.MaxArguments, ArgumentsMax); count++)
            {
                foreach (var arguments in Combinations(hostile, count))
                {
                    var context = new FunctionTestContext();
                    function.Body(new FunctionCall(name, arguments, context));
                    Assert.True(context.Warnings.Count == 0, $"{name}({string.Join(", ", arguments)}) warned");
                }
            }
        }
    }

    // A long sleep ends only when the query is stopped.
    private static bool IsEndless(string name, Value value) =>
        string.Equals(name, "SLEEP", StringComparison.Ordinal) && value.IsNumber && value.Number > 0;

    private static IEnumerable<Value[]> Combinations(Value[] values, int count)
    {
        var total = Math.Pow(values.Length, count);
        var random = new Random(20260101);
        for (var i = 0; i < Math.Min(total, CallsMax); i++)
        {
            var arguments = new Value[count];
            var rest = i;
            for (var position = 0; position < count; position++, rest /= values.Length)
                arguments[position] = values[total <= CallsMax ? rest % values.Length : random.Next(values.Length)];
            yield return arguments;
        }
    }

    private static void CallAndCheck(FunctionDefinition function, Value[] arguments)
    {
        var call = $"{function.Name}({string.Join(", ", arguments)})";
        try
        {
            var result = function.Body(new FunctionCall(function.Name, arguments, new FunctionTestContext()));
            JsonValueWriter.ToJsonString(result);
        }
        catch (GeoFabricException)
        {
            // An error with a number is an answer.
        }
        catch (Exception failure)
        {
            Assert.Fail($"{call} failed: {failure}");
        }
    }

    [Fact]
    public void Signatures_name_as_many_parameters_as_a_function_takes()
    {
        Assert.All(FunctionCatalog.All, function =>
        {
            var signature = FunctionCatalog.SignatureOf(function);
            Assert.StartsWith(function.Name + "(", signature, StringComparison.Ordinal);
            var parameters = signature[(function.Name.Length + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries);
            var named = parameters.Where(parameter => parameter != "..").ToList();
            Assert.Equal((signature, function.MinArguments), (signature, named.Count(parameter => !parameter.EndsWith('?'))));
            Assert.Equal((signature, function.MaxArguments), (signature, named.Count < parameters.Length ? FunctionDefinition.Unlimited : named.Count));
        });
    }
}
