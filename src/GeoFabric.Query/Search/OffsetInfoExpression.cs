using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>OFFSET_INFO(doc, paths): where in a document the strings are that its search has found.</summary>
/// <remarks>The variables around the loop that the condition needs are children, so that rules see them; the condition itself is not.</remarks>
internal sealed class OffsetInfoExpression : Expression
{
    private readonly SearchedLoop _loop;
    private readonly ImmutableArray<Variable> _outer;

    public OffsetInfoExpression(SearchedLoop loop, Expression document, Expression paths)
        : this(loop, [.. loop.Condition.Variables().Where(variable => !ReferenceEquals(variable, loop.Document)).OrderBy(variable => variable.Slot)], document, paths)
    {
    }

    private OffsetInfoExpression(SearchedLoop loop, ImmutableArray<Variable> outer, Expression document, Expression paths)
    {
        (_loop, _outer) = (loop, outer);
        Children = [document, paths, .. outer.Select(variable => new VariableExpression(variable))];
    }

    public override FunctionPurity OwnPurity => FunctionPurity.Stable;

    public override bool OwnMayWarn => true;

    public override ImmutableArray<Expression> Children { get; }

    public override Expression WithChildren(ImmutableArray<Expression> children)
    {
        var condition = _loop.Condition.Rewrite(part =>
            part is VariableExpression known && _outer.IndexOf(known.Variable) is >= 0 and var place ? children[place + 2] : part);
        return new OffsetInfoExpression(_loop with { Condition = condition }, children[0], children[1]);
    }

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var document = Children[0].Evaluate(context, row);
        if (!OffsetRule.TryReadAll(Children[1].Evaluate(context, row), out var rules))
        {
            context.Warn(
                ErrorCodes.FunctionArgumentTypeMismatch,
                "the paths must be a string such as \"a.b[0]\", an array of them, or of objects such as {name: \"a.b\", options: {maxOffsets: 5, limits: {term: 3}}} in call to function 'OFFSET_INFO()'");
            return Value.Null;
        }
        if (!document.IsObject)
            return Value.EmptyArray;
        return new OffsetFinder(_loop, context, row.ToArray()).Find(document, rules);
    }

    public override string ToString() => $"OFFSET_INFO({Children[0]}, {Children[1]})";
}
