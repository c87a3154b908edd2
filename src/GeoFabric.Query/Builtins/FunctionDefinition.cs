using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>How much a call's result depends on other things than its arguments; decides what the optimizer may do with it.</summary>
public enum FunctionPurity
{
    /// <summary>Same arguments, same result: folded when they are constant.</summary>
    Pure,

    /// <summary>Stable during one query, such as the current user or a stored document: never folded into a cached plan.</summary>
    Stable,

    /// <summary>May differ with each call, or has an effect: never folded, moved or left out.</summary>
    Volatile,
}

/// <summary>The body of a built-in. Never throws for a bad argument type: it warns on the call and returns null, as the specification says for the function.</summary>
public delegate Value BuiltinBody(in FunctionCall call);

/// <summary>One row of a function table. Tables feed the binder, the language reference and the completeness tests.</summary>
/// <param name="Name">Upper case.</param>
/// <param name="MinArguments">Fewest arguments; fewer is error 1541.</param>
/// <param name="MaxArguments">Most arguments; <see cref="Unlimited"/> for any number.</param>
/// <param name="Summary">One line for the reference.</param>
/// <param name="Example">A C8QL expression that a test evaluates.</param>
/// <param name="ExampleResult">Its result as compact JSON.</param>
public sealed record FunctionDefinition(
    string Name,
    int MinArguments,
    int MaxArguments,
    FunctionPurity Purity,
    string Summary,
    string Example,
    string ExampleResult,
    BuiltinBody Body)
{
    public const int Unlimited = int.MaxValue;
}

/// <summary>A call in progress: its evaluated arguments and the running query.</summary>
public readonly ref struct FunctionCall(string name, ReadOnlySpan<Value> arguments, EvaluationContext context)
{
    /// <summary>The function's name, for messages.</summary>
    public string Name { get; } = name;

    public ReadOnlySpan<Value> Arguments { get; } = arguments;

    public EvaluationContext Context { get; } = context;

    public int Count => Arguments.Length;

    /// <summary>The argument at <paramref name="index"/>, or null when the call has fewer.</summary>
    public Value this[int index] => index < Arguments.Length ? Arguments[index] : default;

    /// <summary>Adds a warning and returns null, which is what most functions answer to a wrong argument.</summary>
    public Value Warn(Primitives.Errors.ErrorCode code, string detail)
    {
        Context.Warn(code, $"{detail} in call to function '{Name}()'");
        return default;
    }

    /// <summary>Warning 1542 and null: an argument has the wrong type.</summary>
    public Value WrongType() => Warn(Primitives.Errors.ErrorCodes.FunctionArgumentTypeMismatch, "invalid argument type");

    /// <summary>Error 1542, of functions that read an index: without their arguments there is nothing to go on with.</summary>
    public Primitives.Errors.GeoFabricException WrongArgument(int position, string expected) =>
        Primitives.Errors.ErrorCodes.FunctionArgumentTypeMismatch.With($"argument {position + 1} of function '{Name}()' must be {expected}, not {this[position]}");

    /// <summary>Reads an optional number of parts to keep, any number of them without the argument; adds a warning when it is none.</summary>
    public bool TryReadPartLimit(int index, out long limit)
    {
        limit = index >= Count ? long.MaxValue : this[index].IsNumber ? Casts.ToInteger(this[index]) : -1;
        if (limit >= 0)
            return true;
        Warn(Primitives.Errors.ErrorCodes.FunctionArgumentTypeMismatch, $"{this[index]} is no limit, it must be a number from 0");
        return false;
    }

    /// <summary>Warning 1563 and null: the argument has to be an array.</summary>
    public Value ArrayExpected() => Warn(Primitives.Errors.ErrorCodes.ArrayExpected, "array expected");
}
