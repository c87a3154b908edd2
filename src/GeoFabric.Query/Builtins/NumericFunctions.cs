using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Rounding, powers, logarithms, angles, randomness and ranges. Arguments are cast to numbers; results that are not finite are null.</summary>
public static class NumericFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("ABS", 1, 1, Pure, "Distance of the number from 0.", "ABS(-5)", "5", Abs),
        new("CEIL", 1, 1, Pure, "Smallest integer that is not below the number.", "CEIL(-2.5)", "-2", Ceil),
        new("FLOOR", 1, 1, Pure, "Greatest integer that is not above the number.", "FLOOR(-2.5)", "-3", Floor),
        new("ROUND", 1, 1, Pure, "Nearest integer; halves go up.", "ROUND(-2.5)", "-2", Round),
        new("SQRT", 1, 1, Pure, "Square root; null for negative numbers.", "SQRT(9)", "3", Sqrt),
        new("POW", 2, 2, Pure, "First number raised to the power of the second.", "POW(2, 10)", "1024", Pow),
        new("EXP", 1, 1, Pure, "e raised to the power of the number.", "EXP(0)", "1", Exp),
        new("EXP2", 1, 1, Pure, "2 raised to the power of the number.", "EXP2(4)", "16", Exp2),
        new("LOG", 1, 1, Pure, "Natural logarithm; null unless the number is positive.", "LOG(1)", "0", Log),
        new("LOG2", 1, 1, Pure, "Logarithm to base 2; null unless the number is positive.", "LOG2(1024)", "10", Log2),
        new("LOG10", 1, 1, Pure, "Logarithm to base 10; null unless the number is positive.", "LOG10(1000)", "3", Log10),
        new("SIN", 1, 1, Pure, "Sine of an angle in radians.", "SIN(0)", "0", Sin),
        new("COS", 1, 1, Pure, "Cosine of an angle in radians.", "COS(0)", "1", Cos),
        new("TAN", 1, 1, Pure, "Tangent of an angle in radians.", "TAN(0)", "0", Tan),
        new("ASIN", 1, 1, Pure, "Angle whose sine is the number; null outside of -1 to 1.", "ASIN(2)", "null", Asin),
        new("ACOS", 1, 1, Pure, "Angle whose cosine is the number; null outside of -1 to 1.", "ACOS(1)", "0", Acos),
        new("ATAN", 1, 1, Pure, "Angle whose tangent is the number.", "ATAN(0)", "0", Atan),
        new("ATAN2", 2, 2, Pure, "Angle of the point with height y and width x, given in this order.", "ATAN2(0, 1)", "0", Atan2),
        new("RADIANS", 1, 1, Pure, "Turns degrees into radians.", "RADIANS(180) == PI()", "true", Radians),
        new("DEGREES", 1, 1, Pure, "Turns radians into degrees.", "DEGREES(PI())", "180", Degrees),
        new("PI", 0, 0, Pure, "The ratio of a circle's circumference to its diameter.", "PI()", "3.141592653589793", Pi),
        new("RAND", 0, 0, FunctionPurity.Volatile, "A random number between 0 and 1, both excluded.", "RAND() < 1", "true", Rand),
        new("RANDOM", 0, 0, FunctionPurity.Volatile, "Another name of RAND.", "RANDOM() > 0", "true", Rand),
        new("RANGE", 2, 3, Pure, "The numbers from start to stop; without a step, integers up or down.", "RANGE(1, 9, 4)", "[1,5,9]", Range),
    ];

    private static Value Abs(in FunctionCall call)
    {
        var number = Casts.ToNumber(call[0]);
        return number.Number >= 0 ? number : Arithmetic.Negate(number);
    }

    private static Value Ceil(in FunctionCall call)
    {
        var number = Casts.ToNumber(call[0]);
        return number.IsInteger ? number : Value.FromDouble(Math.Ceiling(number.Number));
    }

    private static Value Floor(in FunctionCall call)
    {
        var number = Casts.ToNumber(call[0]);
        return number.IsInteger ? number : Value.FromDouble(Math.Floor(number.Number));
    }

    private static Value Round(in FunctionCall call)
    {
        var number = Casts.ToNumber(call[0]);
        if (number.IsInteger)
            return number;
        // floor(x + 0.5) would itself round while adding, e.g. for the greatest double below 0.5.
        var floor = Math.Floor(number.Number);
        return Value.FromDouble(number.Number - floor >= 0.5 ? floor + 1 : floor);
    }

    private static Value Sqrt(in FunctionCall call) => Value.FromDouble(Math.Sqrt(Casts.ToDouble(call[0])));

    private static Value Pow(in FunctionCall call) => Value.FromDouble(Math.Pow(Casts.ToDouble(call[0]), Casts.ToDouble(call[1])));

    private static Value Exp(in FunctionCall call) => Value.FromDouble(Math.Exp(Casts.ToDouble(call[0])));

    private static Value Exp2(in FunctionCall call) => Value.FromDouble(Math.Pow(2, Casts.ToDouble(call[0])));

    private static Value Log(in FunctionCall call) => Value.FromDouble(Math.Log(Casts.ToDouble(call[0])));

    private static Value Log2(in FunctionCall call) => Value.FromDouble(Math.Log2(Casts.ToDouble(call[0])));

    private static Value Log10(in FunctionCall call) => Value.FromDouble(Math.Log10(Casts.ToDouble(call[0])));

    private static Value Sin(in FunctionCall call) => Value.FromDouble(Math.Sin(Casts.ToDouble(call[0])));

    private static Value Cos(in FunctionCall call) => Value.FromDouble(Math.Cos(Casts.ToDouble(call[0])));

    private static Value Tan(in FunctionCall call) => Value.FromDouble(Math.Tan(Casts.ToDouble(call[0])));

    private static Value Asin(in FunctionCall call) => Value.FromDouble(Math.Asin(Casts.ToDouble(call[0])));

    private static Value Acos(in FunctionCall call) => Value.FromDouble(Math.Acos(Casts.ToDouble(call[0])));

    private static Value Atan(in FunctionCall call) => Value.FromDouble(Math.Atan(Casts.ToDouble(call[0])));

    private static Value Atan2(in FunctionCall call) => Value.FromDouble(Math.Atan2(Casts.ToDouble(call[0]), Casts.ToDouble(call[1])));

    private static Value Radians(in FunctionCall call) => Value.FromDouble(Casts.ToDouble(call[0]) * (Math.PI / 180));

    private static Value Degrees(in FunctionCall call) => Value.FromDouble(Casts.ToDouble(call[0]) * (180 / Math.PI));

    private static Value Pi(in FunctionCall call) => Value.FromDouble(Math.PI);

    private static Value Rand(in FunctionCall call)
    {
        double number;
        do
        {
            number = call.Context.Random.NextDouble();
        }
        while (number == 0);
        return Value.FromDouble(number);
    }

    private static Value Range(in FunctionCall call)
    {
        if (!call[0].IsNumber || !call[1].IsNumber)
            return call.WrongType();
        if (call[2].IsNull)
            return NumberRange.ToArray(Casts.ToInteger(call[0]), Casts.ToInteger(call[1]), call.Context);
        if (!call[2].IsNumber)
            return call.WrongType();
        var step = call[2].Number;
        if (step == 0 || (step > 0 && call[0].Number > call[1].Number) || (step < 0 && call[0].Number < call[1].Number))
            return call.WrongType();
        return SteppedRange(call, call[0].Number, call[1].Number, step);
    }

    private static Value SteppedRange(in FunctionCall call, double first, double last, double step)
    {
        // A huge span overflows to infinity, which the limit refuses like any other long range.
        var steps = Math.Floor((last - first) / step);
        if (!(steps < NumberRange.ItemsMax))
        {
            throw Primitives.Errors.ErrorCodes.NumberOutOfRange.With(
                $"RANGE() from {first:R} to {last:R} in steps of {step:R} has more than {NumberRange.ItemsMax} items");
        }
        var items = new ValueListWriter(call.Context, (int)steps + 1);
        for (var i = 0; i <= (int)steps; i++)
            items.Add(Value.FromDouble(first + (i * step)));
        return items.ToValue();
    }
}
