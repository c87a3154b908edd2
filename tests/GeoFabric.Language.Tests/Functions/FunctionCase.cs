using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;

namespace GeoFabric.Language.Tests.Functions;

/// <summary>
/// One line of a case table: <c>NAME [arguments] => result</c>, all in JSON, with <c>!1542</c> behind it when the call has to warn,
/// or <c>error 1572</c> for the result. Lines with # are comments.
/// </summary>
public static class FunctionCase
{
    public static TheoryData<string> Parse(string table)
    {
        var cases = new TheoryData<string>();
        foreach (var line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            if (!line.StartsWith('#'))
                cases.Add(line);
        }
        return cases;
    }

    public static Value Call(FunctionTestContext context, string name, string argumentsJson)
    {
        Assert.True(FunctionCatalog.TryGet(name, out var function), $"There is no function {name}.");
        var items = JsonValueReader.Parse(Encoding.UTF8.GetBytes(argumentsJson)).Items;
        var arguments = new Value[items.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = items[i];
        Assert.InRange(arguments.Length, function.MinArguments, function.MaxArguments);
        return function.Body(new FunctionCall(function.Name, arguments, context));
    }

    public static void Run(string line)
    {
        var nameEnd = line.IndexOf(' ', StringComparison.Ordinal);
        var arrow = line.LastIndexOf(" => ", StringComparison.Ordinal);
        var (result, warning) = (line[(arrow + 4)..], "");
        var mark = result.LastIndexOf(" !", StringComparison.Ordinal);
        if (mark >= 0 && result[(mark + 2)..].All(c => char.IsAsciiDigit(c) || c == ','))
            (result, warning) = (result[..mark], result[(mark + 2)..]);
        var context = new FunctionTestContext();

        if (result.StartsWith("error ", StringComparison.Ordinal))
        {
            var error = Assert.Throws<GeoFabricException>(() => Call(context, line[..nameEnd], line[nameEnd..arrow]));
            Assert.Equal(result, $"error {error.ErrorNumber}");
            return;
        }
        var actual = Call(context, line[..nameEnd], line[nameEnd..arrow]);

        var expected = JsonValueWriter.ToJsonString(JsonValueReader.Parse(Encoding.UTF8.GetBytes(result)));
        var (text, warnings) = (JsonValueWriter.ToJsonString(actual), string.Join(',', context.Warnings));
        Assert.True(expected == text && warning == warnings, $"{line}{Environment.NewLine}was {text} !{warnings}");
    }
}
