using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>WINDOW: its frame, which is constant, and its aggregates. In range mode the rows are sorted first.</summary>
internal sealed class WindowBinder(BindingState state, ExpressionBinder expressions)
{
    public WindowNode Bind(WindowSyntax window, Scope scope, ImmutableArray<LogicalNode>.Builder nodes, Func<string, SourceSpan, Variable> declare)
    {
        if (state.Modified.Count > 0)
            throw ErrorCodes.WindowAfterModification.With($"WINDOW {state.Text.Where(window.Span)} may not follow a modification; use two queries");
        var frame = ReadFrame(window);
        VariableExpression? rangeValue = null;
        if (window.RangeValue is not null)
        {
            var variable = state.NewTemporary();
            rangeValue = new VariableExpression(variable);
            nodes.Add(new CalculationNode(variable, expressions.Bind(window.RangeValue, scope)));
            nodes.Add(new SortNode([new SortItem(rangeValue, IsDescending: false)]));
        }
        var bound = new List<(AggregateSyntax Syntax, AggregateDefinition Function, Expression Argument)>();
        foreach (var aggregate in window.Aggregates)
        {
            var (function, argument) = CollectBinder.ReadAggregate(state, aggregate);
            bound.Add((aggregate, function, expressions.Bind(argument, scope)));
        }
        return new WindowNode(rangeValue, frame, [.. bound.Select(item => new CollectAggregate(declare(item.Syntax.Variable, item.Syntax.Span), item.Function, item.Argument))]);
    }

    private WindowFrame ReadFrame(WindowSyntax window)
    {
        var missing = state.MissingParameters;
        var constant = expressions.StructuralConstant(window.Frame);
        if (state.MissingParameters > missing)
            return new WindowFrame(WindowBound.Current, WindowBound.Current, IsDuration: false);
        if (constant is not { } frame)
            throw ErrorCodes.CompileTimeOptions.With($"the frame of WINDOW {state.Text.Where(window.Frame.Span)} must be an object of constants");
        var isRange = window.RangeValue is not null;
        var preceding = WindowBound.Current;
        var following = WindowBound.Current;
        foreach (var (nameUtf8, value) in frame.Attributes)
        {
            switch (Encoding.UTF8.GetString(nameUtf8))
            {
                case "preceding": preceding = ReadBound("preceding", value, isRange); break;
                case "following": following = ReadBound("following", value, isRange); break;
                case var name: throw SyntaxErrors.Parse(state.Text, window.Frame.Span.Start, $"the frame of WINDOW has '{name}'; it takes preceding and following,");
            }
        }
        var isDuration = preceding.Duration is not null || following.Duration is not null;
        if (isDuration && (IsNumber(preceding) || IsNumber(following)))
            throw ErrorCodes.BadParameter.With($"the frame of WINDOW {state.Text.Where(window.Frame.Span)} mixes a number and a duration; both bounds measure the same");
        return new WindowFrame(preceding, following, isDuration);
    }

    private static bool IsNumber(WindowBound bound) => bound is { Duration: null, IsUnbounded: false, Amount: > 0 };

    private static WindowBound ReadBound(string name, Value value, bool isRange)
    {
        if (value.IsString && value.Text == "unbounded")
            return WindowBound.Unbounded;
        if (value.IsNumber && value.Number >= 0 && (isRange || value.Number == Math.Floor(value.Number)))
            return new WindowBound(value.Number, null);
        if (isRange && value.IsString && DateDuration.TryParse(value.Utf8, out _))
            return new WindowBound(0, value.Text);
        throw ErrorCodes.BadParameter.With($"{name}: {value} in WINDOW; it is "
            + (isRange ? "a number that is not negative, an ISO 8601 duration such as \"PT30M\", or \"unbounded\"" : "a whole number of rows that is not negative, or \"unbounded\""));
    }
}
