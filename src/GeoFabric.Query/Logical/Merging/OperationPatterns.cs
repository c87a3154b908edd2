using System.Collections.Immutable;
using GeoFabric.Database.Documents;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>
/// Recognises expressions that change the attribute that they are assigned to: <c>d.n + 1</c> for n is an increment, <c>PUSH(d.t, x)</c> for t an
/// insertion. What else goes into the expression must not depend on the attribute itself.
/// </summary>
/// <param name="newVariable">Makes variables for captured operands; null when there is no more room, and then nothing is recognised.</param>
internal sealed class OperationPatterns(VariableOrigins origins, Func<Variable?> newVariable)
{
    /// <returns>What was recognised, with the expression to evaluate instead; null when the expression is something else.</returns>
    public RecognisedOperation? Match(Expression expression, AttributeReference target) => expression switch
    {
        ArithmeticExpression sum when MatchSum(sum, target) is { } found => new RecognisedOperation(
            Effect("inc", target),
            new InferredOperation(target.Path, AttributeOperationKind.Increment, found.Present, found.Operands, OperandReaders.Sum),
            found.Rewritten),
        CallExpression { Function.Name: "MAX" or "MIN", Children: [ArrayExpression list] } call => MatchExtreme(call, list, target),
        CallExpression call when PatternOf(call) is { } pattern => MatchCall(call, pattern, target),
        _ => null,
    };

    private static CallPattern? PatternOf(CallExpression call) => (call.Function.Name, IsUnique(call)) switch
    {
        ("PUSH", false) => new CallPattern(AttributeOperationKind.Append, "ins", OperandReaders.Item, 1),
        ("PUSH", true) => new CallPattern(AttributeOperationKind.SetAdd, "sadd", OperandReaders.Item, 1),
        ("APPEND", false) => new CallPattern(AttributeOperationKind.Append, "ins", OperandReaders.ItemOrItems, 1),
        ("APPEND", true) => new CallPattern(AttributeOperationKind.SetAdd, "sadd", OperandReaders.ItemOrItems, 1),
        ("UNSHIFT", false) => new CallPattern(AttributeOperationKind.Prepend, "ins", OperandReaders.Item, 1),
        ("INSERT_AT", _) => new CallPattern(AttributeOperationKind.InsertAt, "ins", OperandReaders.GapAndItem),
        ("SHIFT", _) => new CallPattern(AttributeOperationKind.RemoveFirst, "rem", OperandReaders.None),
        ("POP", _) => new CallPattern(AttributeOperationKind.RemoveLast, "rem", OperandReaders.None),
        ("REMOVE_NTH", _) => new CallPattern(AttributeOperationKind.RemoveAt, "rem", OperandReaders.Position),
        ("REMOVE_VALUE", _) => new CallPattern(AttributeOperationKind.RemoveValues, "rem", OperandReaders.ItemAndLimit),
        ("REMOVE_VALUES", _) => new CallPattern(AttributeOperationKind.RemoveValues, "rem", OperandReaders.Items),
        ("MOVE", _) => new CallPattern(AttributeOperationKind.Move, "mov", OperandReaders.TwoPositions),
        ("REPLACE_NTH", _) => new CallPattern(AttributeOperationKind.ReplaceAt, MergeEffect.Set, OperandReaders.PositionAndItem),
        ("UNION_DISTINCT", _) => new CallPattern(AttributeOperationKind.SetAdd, "sadd", OperandReaders.Items),
        ("MINUS", _) => new CallPattern(AttributeOperationKind.SetRemove, "srem", OperandReaders.Items),
        _ => null,
    };

    /// <summary>Whether the third argument asks for items once only; null when only the rows can tell.</summary>
    private static bool? IsUnique(CallExpression call) => call.Children switch
    {
        [_, _, ConstantExpression flag] => flag.Value.IsTruthy,
        [_, _, _] => null,
        _ => false,
    };

    private RecognisedOperation? MatchCall(CallExpression call, CallPattern pattern, AttributeReference target)
    {
        if (Attribute(call.Children[0], target, IsEmptyArray) is not { } present)
            return null;
        var count = Math.Min(call.Children.Length - 1, pattern.OperandsMax);
        var operands = Capture(call.Children.Slice(1, count), target);
        if (operands is null)
            return null;
        var children = call.Children.RemoveRange(1, count).InsertRange(1, operands.Select(operand => operand.Rewritten));
        return new RecognisedOperation(
            Effect(pattern.Effect, target) with { IsItem = pattern.Kind == AttributeOperationKind.ReplaceAt },
            new InferredOperation(target.Path, pattern.Kind, present, [.. operands.Select(operand => operand.Value)], pattern.Reader),
            call.WithChildren(children));
    }

    /// <summary><c>MAX([d.p, x])</c>, the attribute anywhere in the list.</summary>
    private RecognisedOperation? MatchExtreme(CallExpression call, ArrayExpression list, AttributeReference target)
    {
        var position = list.Children.ToList().FindIndex(item => Names(item, target));
        if (position < 0 || list.Children.Length < 2)
            return null;
        var operands = Capture(list.Children.RemoveAt(position), target);
        if (operands is null)
            return null;
        var items = operands.Select(operand => operand.Rewritten).ToImmutableArray().Insert(position, list.Children[position]);
        var isMaximum = call.Function.Name == "MAX";
        return new RecognisedOperation(
            Effect(isMaximum ? "max" : "min", target),
            new InferredOperation(
                target.Path,
                isMaximum ? AttributeOperationKind.Maximum : AttributeOperationKind.Minimum,
                list.Children[position],
                [.. operands.Select(operand => operand.Value)],
                isMaximum ? OperandReaders.Greatest : OperandReaders.Smallest),
            call.WithChildren([list.WithChildren(items)]));
    }

    /// <summary><c>d.p + e</c>, <c>e + d.p</c>, <c>d.p - e</c>, and sums of such sums.</summary>
    private MatchedSum? MatchSum(ArithmeticExpression sum, AttributeReference target)
    {
        if (sum.Operator is not (BinaryOperator.Add or BinaryOperator.Subtract))
            return null;
        if (MatchTerm(sum.Left, target) is { } left)
            return Extend(sum, left, sum.Right, isRight: true, target);
        return sum.Operator == BinaryOperator.Add && MatchTerm(sum.Right, target) is { } right
            ? Extend(sum, right, sum.Left, isRight: false, target)
            : null;
    }

    private MatchedSum? MatchTerm(Expression term, AttributeReference target) => Attribute(term, target, IsZero) is { } present
        ? new MatchedSum(present, [], term)
        : term is ArithmeticExpression inner ? MatchSum(inner, target) : null;

    private MatchedSum? Extend(ArithmeticExpression sum, MatchedSum matched, Expression other, bool isRight, AttributeReference target)
    {
        if (Capture([other], target) is not [var operand])
            return null;
        var value = sum.Operator == BinaryOperator.Subtract ? new UnaryExpression(UnaryOperator.Minus, operand.Value) : operand.Value;
        return new MatchedSum(
            matched.Present,
            matched.Operands.Add(value),
            sum.WithChildren(isRight ? [matched.Rewritten, operand.Rewritten] : [operand.Rewritten, matched.Rewritten]));
    }

    /// <summary>
    /// The attribute where an expression is that attribute, or is <c>d.p || 0</c> or <c>NOT_NULL(d.p, 0)</c>: what + takes null for anyway, as PUSH does
    /// an empty array.
    /// </summary>
    private Expression? Attribute(Expression expression, AttributeReference target, Func<Expression, bool> isDefault)
    {
        if (expression is LogicalExpression { IsAnd: false } or && isDefault(or.Right))
            expression = or.Left;
        else if (expression is CallExpression { Function.Name: "NOT_NULL", Children: [var first, var second] } && isDefault(second))
            expression = first;
        return Names(expression, target) ? expression : null;
    }

    private static bool IsZero(Expression expression) => expression is ConstantExpression { Value: { IsNumber: true, Number: 0 } };

    private static bool IsEmptyArray(Expression expression) => expression is ArrayExpression { Children.Length: 0 };

    private static MergeEffect Effect(string operation, AttributeReference target) => new(operation, target.Path);

    private bool Names(Expression expression, AttributeReference target) => origins.Resolve(expression) is { } named && named.IsSame(target);

    /// <summary>Operands that can be read again after the expression was evaluated; null when one depends on the attribute.</summary>
    private List<CapturedOperand>? Capture(ImmutableArray<Expression> operands, AttributeReference target)
    {
        if (operands.Any(operand => origins.Mentions(operand, target)))
            return null;
        var captured = new List<CapturedOperand>();
        foreach (var operand in operands)
        {
            if (PathSegment.IsCheap(operand))
                captured.Add(new CapturedOperand(operand, operand));
            else if (newVariable() is { } variable)
                captured.Add(new CapturedOperand(new CapturedExpression(operand, variable), new VariableExpression(variable)));
            else
                return null;
        }
        return captured;
    }

    /// <param name="OperandsMax">Arguments behind the first that are operands.</param>
    private sealed record CallPattern(AttributeOperationKind Kind, string Effect, OperandReader Reader, int OperandsMax = int.MaxValue);

    private readonly record struct CapturedOperand(Expression Rewritten, Expression Value);

    private sealed record MatchedSum(Expression Present, ImmutableArray<Expression> Operands, Expression Rewritten);
}

/// <param name="Rewritten">The same expression, leaving its operands where the operation finds them.</param>
internal sealed record RecognisedOperation(MergeEffect Effect, InferredOperation Operation, Expression Rewritten);
