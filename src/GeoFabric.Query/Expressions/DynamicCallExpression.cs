using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>CALL(name, arguments...) and APPLY(name, [arguments]): the function is looked up by name for each row.</summary>
public sealed class DynamicCallExpression(bool isApply, ImmutableArray<Expression> arguments) : Expression
{
    public override ImmutableArray<Expression> Children => arguments;

    public override FunctionPurity OwnPurity => FunctionPurity.Volatile;

    public override bool OwnMayWarn => true;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new DynamicCallExpression(isApply, children);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var name = Casts.ToText(arguments[0].Evaluate(context, row)).Text.ToUpperInvariant();
        if (name is "CALL" or "APPLY")
            throw ErrorCodes.DisallowedDynamicCall.With($"{name} cannot be called through {(isApply ? "APPLY" : "CALL")}");
        if (!FunctionCatalog.TryGet(name, out var function))
            throw ErrorCodes.UserFunctionNotFound.With($"there is no function '{name}'");
        Value[] values;
        if (isApply)
        {
            var list = arguments.Length > 1 ? arguments[1].Evaluate(context, row) : Value.EmptyArray;
            if (!list.IsArray)
            {
                context.Warn(ErrorCodes.FunctionArgumentTypeMismatch, "the arguments of APPLY() must be an array");
                return default;
            }
            values = new Value[list.Items.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = list.Items[i];
        }
        else
        {
            values = new Value[arguments.Length - 1];
            for (var i = 0; i < values.Length; i++)
                values[i] = arguments[i + 1].Evaluate(context, row);
        }
        if (values.Length < function.MinArguments || values.Length > function.MaxArguments)
        {
            context.Warn(ErrorCodes.FunctionArgumentCountMismatch, $"{values.Length} arguments for function '{name}()'");
            return default;
        }
        return function.Body(new FunctionCall(name, values, context));
    }

    public override string ToString() => $"{(isApply ? "APPLY" : "CALL")}({string.Join(", ", arguments)})";
}
