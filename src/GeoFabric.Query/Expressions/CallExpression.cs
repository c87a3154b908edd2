using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A call of a built-in function.</summary>
public sealed class CallExpression(FunctionDefinition function, ImmutableArray<Expression> arguments) : Expression
{
    public FunctionDefinition Function => function;

    public override ImmutableArray<Expression> Children => arguments;

    public override FunctionPurity OwnPurity => function.Purity;

    public override bool OwnMayWarn => !QuietFunctions.Contains(function);

    public override Expression WithChildren(ImmutableArray<Expression> children) => new CallExpression(function, children);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var values = new ArgumentValues();
        var span = arguments.Length <= ArgumentValues.Capacity ? ((Span<Value>)values)[..arguments.Length] : new Value[arguments.Length];
        for (var i = 0; i < span.Length; i++)
            span[i] = arguments[i].Evaluate(context, row);
        return function.Body(new FunctionCall(function.Name, span, context));
    }

    public override string ToString() => $"{function.Name}({string.Join(", ", arguments)})";

    /// <summary>Room for the arguments of most calls on the stack.</summary>
    [System.Runtime.CompilerServices.InlineArray(Capacity)]
    private struct ArgumentValues
    {
        public const int Capacity = 4;
        private Value _first;
    }
}
