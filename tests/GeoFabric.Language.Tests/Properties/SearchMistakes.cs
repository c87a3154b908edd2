using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Searches that go wrong on purpose.</summary>
internal static class SearchMistakes
{
    public static IReadOnlyList<EngineMistake> All { get; } =
    [
        EngineMistake.OfOperator("a search looks through all collections", node => node is EnumerateViewNode { Collections: not null } search ? search with { Collections = null } : node),
        OfCondition("a search negates nothing", part => part is UnaryExpression { Operator: UnaryOperator.Not } not ? not.Operand : part),
        OfCondition("a search knows no more than equality", part =>
            part is ComparisonExpression { Operator: BinaryOperator.LessOrEqual } less ? new ComparisonExpression(BinaryOperator.Less, less.Left, less.Right) : part),
        OfCall("a range includes its ends", "IN_RANGE", call => call.Children.Length == 5 ? new CallExpression(call.Function, [.. call.Children.Take(3)]) : call),
        OfCall("a search takes one analyzer for another", "ANALYZER", call => With(call, 1, Value.FromString("identity"))),
        OfCall("one match is enough", "MIN_MATCH", call => With(call, call.Children.Length - 1, Value.FromInteger(1))),
        OfCall("a few pairs of letters are enough", "NGRAM_MATCH", call => With(call, 2, Value.FromDouble(0.1))),
        OfCall("no edit is allowed", "LEVENSHTEIN_MATCH", call => With(call, 2, Value.FromInteger(0))),
        OfCall("the words of a phrase stand side by side", "PHRASE", call =>
            call.Children.Length > 3 ? new CallExpression(call.Function, [.. call.Children.Select(part => part is ConstantExpression { Value.IsNumber: true } ? new ConstantExpression(Value.FromInteger(0)) : part)]) : call),
        OfCall("a prefix is anything", "STARTS_WITH", call => call.Children.Length == 2 ? With(call, 1, Value.FromString("")) : call),
        OfCall("an attribute exists whatever its type", "EXISTS", call => call.Children.Length == 2 ? new CallExpression(call.Function, [call.Children[0]]) : call),
    ];

    private static EngineMistake OfCondition(string name, Func<Expression, Expression> change) =>
        EngineMistake.OfOperator(name, node => node is EnumerateViewNode search && search.Condition.Rewrite(change) is var changed && !ReferenceEquals(changed, search.Condition)
            ? search with { Condition = changed }
            : node);

    private static EngineMistake OfCall(string name, string function, Func<CallExpression, Expression> change) =>
        OfCondition(name, part => part is CallExpression call && call.Function.Name == function ? change(call) : part);

    private static CallExpression With(CallExpression call, int at, Value value) =>
        new(call.Function, [.. call.Children.Select((argument, index) => index == at ? new ConstantExpression(value) : argument)]);
}
