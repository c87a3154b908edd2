using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>WINDOW: for each row, all rows are asked whether they lie in its frame.</summary>
internal sealed class ReferenceWindow(ReferenceContext context, ReferenceExpressions expressions, ReferenceCollect aggregates)
{
    public IEnumerable<ReferenceRow?> Apply(WindowSyntax window, IEnumerable<ReferenceRow?> rows)
    {
        var frame = expressions.Evaluate(window.Frame, null);
        var preceding = ReferenceValues.Attribute(frame, "preceding");
        var following = ReferenceValues.Attribute(frame, "following");
        var isDuration = IsDuration(preceding) || IsDuration(following);
        var measured = rows.Select(row => new Measured(
            row,
            window.RangeValue is null ? Value.Null : expressions.Evaluate(window.RangeValue, row),
            [.. window.Aggregates.Select(aggregate => expressions.Evaluate(((CallSyntax)aggregate.Expression).Arguments[0], row))])).ToList();
        if (window.RangeValue is not null)
            measured = [.. measured.OrderBy(row => row.Value, ReferenceValues.Order)];
        List<double?> places = [.. measured.Select((row, position) => window.RangeValue is null ? position : Place(row.Value, isDuration))];
        for (var i = 0; i < measured.Count; i++)
        {
            var row = measured[i].Row;
            var (low, high) = (places[i] - Reach(preceding), places[i] + Reach(following));
            List<Measured> inFrame = [.. measured.Where((_, other) => places[other] >= low && places[other] <= high)];
            for (var j = 0; j < window.Aggregates.Length; j++)
            {
                context.Step();
                var value = places[i] is null ? Value.Null : aggregates.Aggregate(((CallSyntax)window.Aggregates[j].Expression).Name, [.. inFrame.Select(other => other.Arguments[j])]);
                row = new ReferenceRow(window.Aggregates[j].Variable, value, row);
            }
            yield return row;
        }
    }

    private static bool IsDuration(Value bound) => bound.IsString && bound.Text != "unbounded";

    private static double Reach(Value bound)
    {
        if (!bound.IsString)
            return bound.IsNull ? 0 : bound.Number;
        return bound.Text switch
        {
            "unbounded" => double.PositiveInfinity,
            "PT0.001S" => 1,
            "PT0.002S" => 2,
            _ => throw new NotSupportedException($"the duration {bound}"),
        };
    }

    /// <summary>Where a range value lies; null when it cannot be measured.</summary>
    private double? Place(Value value, bool isDuration)
    {
        if (value.IsNumber && !isDuration)
            return value.Number;
        if (isDuration && (value.IsString || (value.IsNumber && !(value.IsInteger && value.Integer is >= 0 and < 10_000_000_000))))
            throw new NotSupportedException($"the date {value}");
        if (value.IsNumber)
            return value.Number;
        context.Warn(isDuration ? ErrorCodes.InvalidDateValue : ErrorCodes.InvalidArithmeticValue);
        return null;
    }

    private sealed record Measured(ReferenceRow? Row, Value Value, List<Value> Arguments);
}
