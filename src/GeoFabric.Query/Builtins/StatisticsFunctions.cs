using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Aggregates over the items of an array. Nulls are left out; something else than an array is warning 1563.</summary>
public static class StatisticsFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("MIN", 1, 1, Pure, "Smallest item of an array, of whatever type.", "MIN([5, null, 2])", "2", Min),
        new("MAX", 1, 1, Pure, "Greatest item of an array, of whatever type.", "MAX([5, \"a\", 2])", "\"a\"", Max),
        new("SUM", 1, 1, Pure, "Sum of the numbers of an array.", "SUM([1, 2, null, 3])", "6", Sum),
        new("PRODUCT", 1, 1, Pure, "Product of the numbers of an array.", "PRODUCT([2, 3, 4])", "24", Product),
        new("AVERAGE", 1, 1, Pure, "Mean of the numbers of an array.", "AVERAGE([1, 2, 6])", "3", Average),
        new("AVG", 1, 1, Pure, "Another name of AVERAGE.", "AVG([1, 2])", "1.5", Average),
        new("MEDIAN", 1, 1, Pure, "Middle one of the sorted numbers of an array, or the mean of the two middle ones.", "MEDIAN([7, 1, 3, 5])", "4", Median),
        new("PERCENTILE", 2, 3, Pure, "The number of an array below which a percentage of its numbers lies.", "PERCENTILE([1, 2, 3, 4], 50)", "2", Percentile),
        new("VARIANCE_POPULATION", 1, 1, Pure, "Variance of the numbers of an array that holds the whole population.", "VARIANCE_POPULATION([1, 3, 6, 5, 2])", "3.4400000000000004", VariancePopulation),
        new("VARIANCE", 1, 1, Pure, "Another name of VARIANCE_POPULATION.", "VARIANCE([2, 4])", "1", VariancePopulation),
        new("VARIANCE_SAMPLE", 1, 1, Pure, "Variance estimated from the numbers of an array that holds a sample.", "VARIANCE_SAMPLE([2, 4])", "2", VarianceSample),
        new("STDDEV_POPULATION", 1, 1, Pure, "Standard deviation of the numbers of an array that holds the whole population.", "STDDEV_POPULATION([2, 4])", "1", DeviationPopulation),
        new("STDDEV", 1, 1, Pure, "Another name of STDDEV_POPULATION.", "STDDEV([1, 5])", "2", DeviationPopulation),
        new("STDDEV_SAMPLE", 1, 1, Pure, "Standard deviation estimated from the numbers of an array that holds a sample.", "STDDEV_SAMPLE([1, 3, 5])", "2", DeviationSample),
    ];

    private static Value Min(in FunctionCall call) => Extreme(call, -1);

    private static Value Max(in FunctionCall call) => Extreme(call, 1);

    private static Value Extreme(in FunctionCall call, int direction)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var best = Value.Null;
        foreach (var item in call[0].Items)
        {
            if (!item.IsNull && (best.IsNull || ValueComparer.Compare(item, best) * (long)direction > 0))
                best = item;
        }
        return best;
    }

    private static Value Sum(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var sum = Value.FromInteger(0);
        foreach (var item in call[0].Items)
        {
            if (item.IsNull)
                continue;
            if (!item.IsNumber)
                return call.WrongType();
            sum = Arithmetic.Add(sum, item);
            if (sum.IsNull)
                return sum;
        }
        return sum;
    }

    private static Value Product(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var product = Value.FromInteger(1);
        foreach (var item in call[0].Items)
        {
            if (item.IsNull)
                continue;
            if (!item.IsNumber)
                return call.WrongType();
            product = Arithmetic.Multiply(product, item);
            if (product.IsNull)
                return product;
        }
        return product;
    }

    private static Value Average(in FunctionCall call)
    {
        if (!TryReadNumbers(call, out var numbers, out var failure))
            return failure;
        if (numbers.Count == 0)
            return default;
        var sum = Value.FromInteger(0);
        foreach (var number in numbers.Items)
        {
            sum = Arithmetic.Add(sum, number);
            if (sum.IsNull)
                return sum;
        }
        return Arithmetic.Divide(sum, Value.FromInteger(numbers.Count), call.Context);
    }

    private static Value Median(in FunctionCall call)
    {
        if (!TryReadNumbers(call, out var numbers, out var failure))
            return failure;
        if (numbers.Count == 0)
            return default;
        numbers.Items.Sort(ValueComparer.Compare);
        var middle = numbers.Count / 2;
        if (numbers.Count % 2 == 1)
            return numbers.Items[middle];
        var sum = Arithmetic.Add(numbers.Items[middle - 1], numbers.Items[middle]);
        return sum.IsNull ? sum : Arithmetic.Divide(sum, Value.FromInteger(2), call.Context);
    }

    private static Value Percentile(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        if (!call[1].IsNumber || call[1].Number is < 0 or > 100)
            return call.WrongType();
        var interpolates = false;
        if (call.Count > 2)
        {
            if (!call[2].IsString)
                return call.WrongType();
            interpolates = call[2].Utf8.SequenceEqual("interpolation"u8);
            if (!interpolates && !call[2].Utf8.SequenceEqual("rank"u8))
                return call.WrongType();
        }
        if (!TryReadNumbers(call, out var numbers, out var failure))
            return failure;
        var percentage = call[1].Number;
        // No number is the one at rank 0; positions between numbers are moved to the ends.
        if (numbers.Count == 0 || (percentage == 0 && !interpolates))
            return default;
        numbers.Items.Sort(ValueComparer.Compare);
        return interpolates ? Interpolate(numbers.Items, percentage) : AtRank(numbers.Items, percentage);
    }

    private static Value AtRank(Span<Value> sorted, double percentage)
    {
        var rank = (int)Math.Ceiling(percentage / 100 * sorted.Length);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }

    private static Value Interpolate(Span<Value> sorted, double percentage)
    {
        var position = percentage * (sorted.Length + 1.0) / 100;
        var below = (int)Math.Floor(position);
        if (below < 1)
            return sorted[0];
        if (below >= sorted.Length)
            return sorted[^1];
        var share = position - below;
        return share == 0
            ? sorted[below - 1]
            : Value.FromDouble((sorted[below - 1].Number * (1 - share)) + (sorted[below].Number * share));
    }

    private static Value VariancePopulation(in FunctionCall call) => Variance(call, isSample: false, isRooted: false);

    private static Value VarianceSample(in FunctionCall call) => Variance(call, isSample: true, isRooted: false);

    private static Value DeviationPopulation(in FunctionCall call) => Variance(call, isSample: false, isRooted: true);

    private static Value DeviationSample(in FunctionCall call) => Variance(call, isSample: true, isRooted: true);

    /// <summary>Welford's method: one pass, and no cancellation between two large sums.</summary>
    private static Value Variance(in FunctionCall call, bool isSample, bool isRooted)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var count = 0;
        var mean = 0.0;
        var squares = 0.0;
        foreach (var item in call[0].Items)
        {
            if (item.IsNull)
                continue;
            if (!item.IsNumber)
                return InvalidArithmetic(call);
            count++;
            var delta = item.Number - mean;
            mean += delta / count;
            squares += delta * (item.Number - mean);
        }
        var divisor = isSample ? count - 1 : count;
        if (divisor <= 0)
            return default;
        var variance = squares / divisor;
        return Value.FromDouble(isRooted ? Math.Sqrt(variance) : variance);
    }

    /// <summary>The numbers of the first argument without its nulls, in a buffer that may be sorted.</summary>
    private static bool TryReadNumbers(in FunctionCall call, out ValueListWriter numbers, out Value failure)
    {
        if (!call[0].IsArray)
        {
            numbers = default;
            failure = call.ArrayExpected();
            return false;
        }
        numbers = new ValueListWriter(call.Context, call[0].Items.Count);
        foreach (var item in call[0].Items)
        {
            if (item.IsNull)
                continue;
            if (!item.IsNumber)
            {
                failure = InvalidArithmetic(call);
                return false;
            }
            numbers.Add(item);
        }
        failure = default;
        return true;
    }

    private static Value InvalidArithmetic(in FunctionCall call) => call.Warn(ErrorCodes.InvalidArithmeticValue, "an item is not a number");
}
