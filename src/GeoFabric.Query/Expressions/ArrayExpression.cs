using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>An array literal.</summary>
public sealed class ArrayExpression(ImmutableArray<Expression> items) : Expression
{
    public override ImmutableArray<Expression> Children => items;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new ArrayExpression(children);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        if (items.Length == 0)
            return Value.EmptyArray;
        var values = new Value[items.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = items[i].Evaluate(context, row);
        return Value.FromList(values, values.Length);
    }

    public override string ToString() => $"[{string.Join(", ", items)}]";
}
