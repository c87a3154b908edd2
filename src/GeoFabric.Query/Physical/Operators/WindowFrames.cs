using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>The frame of each row of a WINDOW: a range of positions in the order the frame goes by.</summary>
internal sealed class WindowFrames
{
    private readonly (int Start, int End)?[] _frames;
    private readonly int[]? _rows;

    private WindowFrames((int Start, int End)?[] frames, int[]? rows)
    {
        _frames = frames;
        _rows = rows;
    }

    /// <summary>Positions of the row's frame, the end exclusive; null when the row's range value cannot be measured.</summary>
    public (int Start, int End)? this[int row] => _frames[row];

    /// <summary>The row at a position.</summary>
    public int RowAt(int position) => _rows is null ? position : _rows[position];

    public static WindowFrames OfRows(WindowFrame frame, int count)
    {
        var frames = new (int, int)?[count];
        for (var i = 0; i < count; i++)
            frames[i] = ((int)Math.Max(0, i - frame.Preceding.Amount), (int)Math.Min(count, i + 1 + frame.Following.Amount));
        return new WindowFrames(frames, null);
    }

    public static WindowFrames OfRange(WindowFrame frame, List<Value> rangeValues, EvaluationContext context)
    {
        context.ReserveMemory(36L * rangeValues.Count);
        var measured = new List<(int Row, double Value)>();
        for (var i = 0; i < rangeValues.Count; i++)
        {
            if (Measure(frame, rangeValues[i], context) is { } value)
                measured.Add((i, value));
        }
        // The rows come sorted, but texts of dates may sort unlike the moments they name.
        measured = [.. measured.OrderBy(item => item.Value)];
        var sorted = measured.ConvertAll(item => item.Value).ToArray();
        var order = measured.ConvertAll(item => item.Row).ToArray();
        var frames = new (int, int)?[rangeValues.Count];
        for (var i = 0; i < sorted.Length; i++)
        {
            var start = frame.Preceding.IsUnbounded ? 0 : FirstAtLeast(sorted, Low(frame, sorted[i]));
            var end = frame.Following.IsUnbounded ? sorted.Length : FirstAbove(sorted, High(frame, sorted[i]));
            frames[order[i]] = (start, end);
        }
        return new WindowFrames(frames, order);
    }

    private static double? Measure(WindowFrame frame, Value value, EvaluationContext context)
    {
        if (!frame.IsDuration)
        {
            if (value.IsNumber)
                return value.Number;
            context.Warn(ErrorCodes.InvalidArithmeticValue, $"the range value of WINDOW is {value}; it must be a number");
            return null;
        }
        if (DateArguments.TryReadDate(value, out var milliseconds))
            return milliseconds;
        context.Warn(ErrorCodes.InvalidDateValue, $"the range value of WINDOW is {value}; it must be a date");
        return null;
    }

    private static double Low(WindowFrame frame, double value)
    {
        if (!frame.IsDuration)
            return value - frame.Preceding.Amount;
        return frame.Preceding.ParsedDuration.Negate().TryAddTo((long)value, DateZone.Utc, out var moved) ? moved : double.NegativeInfinity;
    }

    private static double High(WindowFrame frame, double value)
    {
        if (!frame.IsDuration)
            return value + frame.Following.Amount;
        return frame.Following.ParsedDuration.TryAddTo((long)value, DateZone.Utc, out var moved) ? moved : double.PositiveInfinity;
    }

    private static int FirstAtLeast(double[] sorted, double bound) => First(sorted, value => value >= bound);

    private static int FirstAbove(double[] sorted, double bound) => First(sorted, value => value > bound);

    private static int First(double[] sorted, Func<double, bool> matches)
    {
        var low = 0;
        var high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (matches(sorted[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
