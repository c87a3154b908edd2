using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A call of <c>NAMESPACE::FUNCTION</c>. There are no user functions yet, so evaluating it is error 1582, as for any unknown one.</summary>
public sealed class UserFunctionExpression(string name, ImmutableArray<Expression> arguments) : Expression
{
    public override ImmutableArray<Expression> Children => arguments;

    public override FunctionPurity OwnPurity => FunctionPurity.Volatile;

    public override bool OwnMayWarn => true;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new UserFunctionExpression(name, children);

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        throw ErrorCodes.UserFunctionNotFound.With($"user function '{name}()' is not registered");

    public override string ToString() => $"{name}({string.Join(", ", arguments)})";
}
