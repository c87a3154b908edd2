using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Similarity, distance and arithmetic of vectors, which are arrays of numbers. Anything else is warning 1542.</summary>
public static class VectorFunctions
{
    private delegate bool Comparison(ReadOnlySpan<double> left, ReadOnlySpan<double> right, out double result);

    private delegate double Operation(double left, double right);

    public static readonly FunctionDefinition[] Table =
    [
        new("COSINE_SIMILARITY", 2, 2, Pure, "Cosine of the angle between two vectors, or between one and each of a list.", "COSINE_SIMILARITY([0, 1], [1, 0])", "0", CosineSimilarity),
        new("COSINE_SIM", 2, 2, Pure, "Another name of COSINE_SIMILARITY.", "COSINE_SIM([3, 4], [3, 4])", "1", CosineSimilarity),
        new("L1_DISTANCE", 2, 2, Pure, "Sum of the absolute differences of two vectors, or of one and each of a list.", "L1_DISTANCE([1, 1], [5, 2])", "5", L1Distance),
        new("L2_DISTANCE", 2, 2, Pure, "Straight distance of two vectors, or of one and each of a list.", "L2_DISTANCE([0, 0], [[3, 4], [0, 1]])", "[5,1]", L2Distance),
        new("L2", 2, 2, Pure, "Another name of L2_DISTANCE.", "L2([1, 1], [5, 4])", "5", L2Distance),
        new("DOT_PRODUCT", 2, 2, Pure, "Sum of the products of the components of two vectors.", "DOT_PRODUCT([1, 2], [3, 4])", "11", DotProduct),
        new("VECTOR_ADD", 2, FunctionDefinition.Unlimited, Pure, "Adds vectors or numbers to each component.", "VECTOR_ADD([1, 2], [3, 4], 10)", "[14,16]", Add),
        new("VECTOR_SUBTRACT", 2, 2, Pure, "Subtracts a vector or a number from each component.", "VECTOR_SUBTRACT([5, 7], [1, 2])", "[4,5]", Subtract),
        new("VECTOR_MULTIPLY", 2, 2, Pure, "Multiplies each component by that of a vector, or by a number.", "VECTOR_MULTIPLY([1, 2], 3)", "[3,6]", Multiply),
        new("VECTOR_DIVIDE", 2, 2, Pure, "Divides each component by that of a vector, or by a number.", "VECTOR_DIVIDE([4, 9], [2, 3])", "[2,3]", Divide),
        new("VECTOR_NORMALIZE", 1, 1, Pure, "The vector of length 1 in the same direction.", "VECTOR_NORMALIZE([3, 4])", "[0.6,0.8]", Normalize),
    ];

    private static Value CosineSimilarity(in FunctionCall call) => Compare(call, TryCosine);

    private static Value L1Distance(in FunctionCall call) => Compare(call, TryL1);

    private static Value L2Distance(in FunctionCall call) => Compare(call, TryL2);

    private static Value DotProduct(in FunctionCall call) => Compare(call, TryDot);

    private static Value Add(in FunctionCall call) => Combine(call, static (left, right) => left + right);

    private static Value Subtract(in FunctionCall call) => Combine(call, static (left, right) => left - right);

    private static Value Multiply(in FunctionCall call) => Combine(call, static (left, right) => left * right);

    private static Value Divide(in FunctionCall call)
    {
        if (TryReadOperand(call, 1, 1, out var divisors) && divisors.AsSpan().Contains(0))
            return call.Warn(ErrorCodes.DivisionByZero, "a component of the divisor is 0");
        return Combine(call, static (left, right) => left / right);
    }

    private static Value Normalize(in FunctionCall call)
    {
        if (!TryReadVector(call, call[0], out var vector))
            return call.WrongType();
        TryDot(vector, vector, out var square);
        if (square == 0)
            return call.Warn(ErrorCodes.DivisionByZero, "a vector of length 0 has no direction");
        var length = Math.Sqrt(square);
        var result = new ValueListWriter(call.Context, vector.Length);
        foreach (var component in vector)
            result.Add(Value.FromDouble(component / length));
        return result.ToValue();
    }

    private static Value Compare(in FunctionCall call, Comparison measure)
    {
        var isLeftList = IsListOfVectors(call[0]);
        if (!isLeftList && !IsListOfVectors(call[1]))
        {
            return TryReadVector(call, call[0], out var left) && TryReadVector(call, call[1], out var right) && left.Length == right.Length
                && measure(left, right, out var single)
                ? Value.FromDouble(single)
                : call.WrongType();
        }
        if (!TryReadVector(call, call[isLeftList ? 1 : 0], out var vector))
            return call.WrongType();
        var list = call[isLeftList ? 0 : 1].Items;
        var results = new ValueListWriter(call.Context, list.Count);
        foreach (var item in list)
        {
            if (!TryReadVector(call, item, out var other) || other.Length != vector.Length || !measure(vector, other, out var result))
                return call.WrongType();
            results.Add(Value.FromDouble(result));
        }
        return results.ToValue();
    }

    /// <summary>The first vector, changed component by component by each argument behind it.</summary>
    private static Value Combine(in FunctionCall call, Operation operation)
    {
        if (!TryReadVector(call, call[0], out var combined))
            return call.WrongType();
        for (var argument = 1; argument < call.Count; argument++)
        {
            if (!TryReadOperand(call, argument, combined.Length, out var operand) || operand.Length != combined.Length)
                return call.WrongType();
            for (var i = 0; i < combined.Length; i++)
                combined[i] = operation(combined[i], operand[i]);
        }
        var result = new ValueListWriter(call.Context, combined.Length);
        foreach (var component in combined)
            result.Add(Value.FromDouble(component));
        return result.ToValue();
    }

    /// <summary>An argument behind the first: a vector as it is, or a number repeated <paramref name="length"/> times.</summary>
    private static bool TryReadOperand(in FunctionCall call, int argument, int length, out double[] vector)
    {
        if (!call[argument].IsNumber)
            return TryReadVector(call, call[argument], out vector);
        call.Context.ReserveMemory(length * 8L);
        vector = new double[length];
        vector.AsSpan().Fill(call[argument].Number);
        return true;
    }

    private static bool IsListOfVectors(Value value) => value.IsArray && value.Items.Count > 0 && value.Items[0].IsArray;

    /// <summary>Similarity or distance of two vectors by a metric of vector indexes; NaN for the cosine of a vector of length 0.</summary>
    internal static double Measure(string metric, ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double result;
        switch (metric)
        {
            case VectorSettings.Cosine:
                TryCosine(left, right, out result);
                break;
            case VectorSettings.Euclidean:
                TryL2(left, right, out result);
                break;
            default:
                TryDot(left, right, out result);
                break;
        }
        return result;
    }

    internal static bool TryReadVector(in FunctionCall call, Value value, out double[] vector)
    {
        vector = [];
        if (!value.IsArray)
            return false;
        var items = value.Items;
        call.Context.ReserveMemory(items.Count * 8L);
        var numbers = new double[items.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!items[i].IsNumber)
                return false;
            numbers[i] = items[i].Number;
        }
        vector = numbers;
        return true;
    }

    private static bool TryCosine(ReadOnlySpan<double> left, ReadOnlySpan<double> right, out double result)
    {
        TryDot(left, right, out var dot);
        TryDot(left, left, out var leftSquare);
        TryDot(right, right, out var rightSquare);
        result = dot / (Math.Sqrt(leftSquare) * Math.Sqrt(rightSquare));
        return leftSquare != 0 && rightSquare != 0;
    }

    private static bool TryL1(ReadOnlySpan<double> left, ReadOnlySpan<double> right, out double result)
    {
        result = 0;
        for (var i = 0; i < left.Length; i++)
            result += Math.Abs(left[i] - right[i]);
        return true;
    }

    private static bool TryL2(ReadOnlySpan<double> left, ReadOnlySpan<double> right, out double result)
    {
        var squares = 0.0;
        for (var i = 0; i < left.Length; i++)
            squares += (left[i] - right[i]) * (left[i] - right[i]);
        result = Math.Sqrt(squares);
        return true;
    }

    private static bool TryDot(ReadOnlySpan<double> left, ReadOnlySpan<double> right, out double result)
    {
        result = 0;
        for (var i = 0; i < left.Length; i++)
            result += left[i] * right[i];
        return true;
    }
}
