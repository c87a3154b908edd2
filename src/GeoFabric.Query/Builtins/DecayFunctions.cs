using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Scores that fall with the distance from an origin: 1 up to <c>offset</c> away from it, <c>decay</c> at <c>scale</c> beyond that.
/// The value is a number or an array of numbers; anything else is warning 1542, and a scale, offset or decay that makes no curve 1504.
/// </summary>
public static class DecayFunctions
{
    private delegate double Curve(double distance, double scale, double decay);

    public static readonly FunctionDefinition[] Table =
    [
        new("DECAY_GAUSS", 5, 5, Pure, "Score that falls along a bell curve.", "DECAY_GAUSS(41, 40, 5, 5, 0.5)", "1", Gauss),
        new("DECAY_EXP", 5, 5, Pure, "Score that falls exponentially.", "DECAY_EXP([40, 40], 40, 5, 0, 0.5)", "[1,1]", Exponential),
        new("DECAY_LINEAR", 5, 5, Pure, "Score that falls along a straight line to 0.", "DECAY_LINEAR(45, 40, 5, 0, 0.5)", "0.5", Linear),
    ];

    private static Value Gauss(in FunctionCall call) => Score(
        call,
        static (distance, scale, decay) =>
        {
            var variance = -(scale * scale) / (2 * Math.Log(decay));
            return Math.Exp(-(distance * distance) / (2 * variance));
        });

    private static Value Exponential(in FunctionCall call) => Score(
        call,
        static (distance, scale, decay) => Math.Exp(Math.Log(decay) / scale * distance));

    private static Value Linear(in FunctionCall call) => Score(
        call,
        static (distance, scale, decay) =>
        {
            var reach = scale / (1 - decay);
            return Math.Max(0, (reach - distance) / reach);
        });

    private static Value Score(in FunctionCall call, Curve curve)
    {
        for (var i = 1; i < 5; i++)
        {
            if (!call[i].IsNumber)
                return call.WrongType();
        }
        var (origin, scale, offset, decay) = (call[1].Number, call[2].Number, call[3].Number, call[4].Number);
        if (!call[0].IsNumber && !call[0].IsArray)
            return call.WrongType();
        if (!(scale > 0) || !(offset >= 0) || !(decay is > 0 and < 1))
            return call.Warn(ErrorCodes.NumberOutOfRange, $"scale {call[2]}, offset {call[3]}, decay {call[4]}: the scale must be above 0, the offset 0 or more, the decay between 0 and 1");
        if (call[0].IsNumber)
            return Value.FromDouble(curve(Distance(call[0].Number, origin, offset), scale, decay));
        var scores = new ValueListWriter(call.Context, call[0].Items.Count);
        foreach (var item in call[0].Items)
        {
            if (!item.IsNumber)
                return call.WrongType();
            scores.Add(Value.FromDouble(curve(Distance(item.Number, origin, offset), scale, decay)));
        }
        return scores.ToValue();
    }

    private static double Distance(double value, double origin, double offset) => Math.Max(0, Math.Abs(value - origin) - offset);
}
