using System.Reflection;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Choosing between values, checks and aborts, waiting, and facts about the running query.</summary>
public static class ControlFunctions
{
    private const ulong HashMask = (1UL << 53) - 1;

    /// <summary>Longest wait before the query looks again whether it has been stopped.</summary>
    private static readonly TimeSpan SleepSlice = TimeSpan.FromMilliseconds(5);

    private static readonly Value ServerVersion = Value.FromString(
        typeof(ControlFunctions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0");

    public static readonly FunctionDefinition[] Table =
    [
        new("NOT_NULL", 1, FunctionDefinition.Unlimited, Pure, "The first argument that is not null.", "NOT_NULL(null, 0, 1)", "0", NotNull),
        new("FIRST_LIST", 1, FunctionDefinition.Unlimited, Pure, "The first argument that is an array.", "FIRST_LIST(1, {}, [2])", "[2]", FirstList),
        new("FIRST_DOCUMENT", 1, FunctionDefinition.Unlimited, Pure, "The first argument that is an object.", "FIRST_DOCUMENT(1, [], { a: 2 })", "{\"a\":2}", FirstDocument),
        new("MIN_MATCH", 2, FunctionDefinition.Unlimited, Pure, "Tells whether at least so many of the conditions hold; the last argument is the number.", "MIN_MATCH(true, false, 1 == 1, 2)", "true", MinMatch),
        new("IN_RANGE", 5, 5, Pure, "Tells whether a value lies between two others, by the order of all values.", "IN_RANGE(3, 1, 3, true, false)", "false", InRange),
        new("ASSERT", 2, 2, FunctionPurity.Volatile, "True when the condition holds; otherwise aborts the query with the message.", "ASSERT(1 < 2, \"never shown\")", "true", Assert),
        new("WARN", 2, 2, FunctionPurity.Volatile, "Whether the condition holds; adds the message as a warning when it does not.", "WARN(1 < 2, \"never shown\")", "true", WarnUnless),
        new("FAIL", 0, 1, FunctionPurity.Volatile, "Aborts the query, for the reason given.", "false && FAIL(\"never called\")", "false", Fail),
        new("SLEEP", 1, 1, FunctionPurity.Volatile, "Waits for some seconds and returns null.", "SLEEP(0)", "null", Sleep),
        new("PASSTHRU", 1, 1, Pure, "The value itself.", "PASSTHRU([1])", "[1]", Same),
        new("NOOPT", 1, 1, FunctionPurity.Volatile, "The value itself, but computed only when the query runs.", "NOOPT(1 + 1)", "2", Same),
        new("NOEVAL", 1, 1, FunctionPurity.Volatile, "The value itself, but computed only when the query runs.", "NOEVAL(\"a\")", "\"a\"", Same),
        new("V8", 1, 1, Pure, "The value itself; kept for queries written for other servers.", "V8(1)", "1", Same),
        new("HASH", 1, 1, Pure, "A number below 2^53 that is the same for equal values.", "HASH({ a: 1, b: 2 }) == HASH({ b: 2, a: 1 })", "true", Hash),
        new("CURRENT_DATABASE", 0, 0, Stable, "Name of the fabric the query runs in.", "IS_STRING(CURRENT_DATABASE())", "true", CurrentDatabase),
        new("CURRENT_USER", 0, 0, Stable, "Name of the calling user, or null without one.", "CURRENT_USER() == CURRENT_USER()", "true", CurrentUser),
        new("CURRENT_USER_ATTRIBUTE", 1, 1, Stable, "The named attribute of the calling user, as root of the tenant has set it, or null.", "CURRENT_USER_ATTRIBUTE(\"team\")", "null", UserAttribute),
        new("CURRENT_APIKEY_ATTRIBUTE", 1, 1, Stable, "The named attribute of the calling API key, or null: there are no API keys yet.", "CURRENT_APIKEY_ATTRIBUTE(\"team\")", "null", KeyAttribute),
        new("VERSION", 0, 0, Stable, "Version of the server.", "IS_STRING(VERSION())", "true", Version),
    ];

    /// <summary>What HASH() answers: equal for equal values, and exact in clients that only know doubles.</summary>
    internal static long HashOf(Value value) => (long)(ValueHasher.Hash(value) & HashMask);

    private static Value NotNull(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (!argument.IsNull)
                return argument;
        }
        return default;
    }

    private static Value FirstList(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.IsArray)
                return argument;
        }
        return default;
    }

    private static Value FirstDocument(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.IsObject)
                return argument;
        }
        return default;
    }

    private static Value MinMatch(in FunctionCall call)
    {
        var needed = call[call.Count - 1];
        if (!needed.IsNumber)
            return call.WrongType();
        var holding = 0;
        foreach (var condition in call.Arguments[..^1])
            holding += condition.IsTruthy ? 1 : 0;
        return Value.FromBoolean(holding >= Casts.ToInteger(needed));
    }

    private static Value InRange(in FunctionCall call)
    {
        if (!call[3].IsBoolean || !call[4].IsBoolean)
            return call.WrongType();
        var low = ValueComparer.Compare(call[0], call[1]);
        var high = ValueComparer.Compare(call[0], call[2]);
        return Value.FromBoolean((low > 0 || (low == 0 && call[3].IsTruthy)) && (high < 0 || (high == 0 && call[4].IsTruthy)));
    }

    private static Value Assert(in FunctionCall call)
    {
        if (!call[1].IsString)
            return call.WrongType();
        return call[0].IsTruthy ? Value.True : throw (ErrorCodes.UserAssert with { Message = call[1].Text }).Create();
    }

    private static Value WarnUnless(in FunctionCall call)
    {
        if (!call[1].IsString)
            return call.WrongType();
        if (call[0].IsTruthy)
            return Value.True;
        call.Context.Warn(ErrorCodes.UserWarn, call[1].Utf8.IsEmpty ? "the condition does not hold" : call[1].Text);
        return Value.False;
    }

    private static Value Fail(in FunctionCall call) =>
        throw (call[0].IsString ? ErrorCodes.FailCalled with { Message = $"FAIL({call[0].Text}) called" } : ErrorCodes.FailCalled).Create();

    private static Value Sleep(in FunctionCall call)
    {
        if (!call[0].IsNumber || call[0].Number < 0)
            return call.WrongType();
        var seconds = call[0].Number;
        var clock = call.Context.Clock;
        var start = clock.GetTimestamp();
        while (true)
        {
            call.Context.ThrowIfStopped();
            var left = seconds - clock.GetElapsedTime(start).TotalSeconds;
            if (left <= 0)
                return default;
            Thread.Sleep(left < SleepSlice.TotalSeconds ? TimeSpan.FromSeconds(left) : SleepSlice);
        }
    }

    private static Value Same(in FunctionCall call) => call[0];

    private static Value Hash(in FunctionCall call) => Value.FromInteger(HashOf(call[0]));

    private static Value CurrentDatabase(in FunctionCall call) => Value.FromString(call.Context.FabricName);

    private static Value CurrentUser(in FunctionCall call) => call.Context.UserName is { } name ? Value.FromString(name) : default;

    private static Value UserAttribute(in FunctionCall call) => call[0].IsString ? call.Context.UserAttributes.GetAttribute(call[0].Utf8) : call.WrongType();

    /// <summary>Nobody calls with an API key, so the attribute asked for is absent.</summary>
    private static Value KeyAttribute(in FunctionCall call) => call[0].IsString ? default : call.WrongType();

    private static Value Version(in FunctionCall call) => ServerVersion;
}
