using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>
/// <c>MERGE(d.p, {..})</c> in a patch that is laid over that same <c>d.p</c>: only what is added, since the rest would be written as it is
/// and would count as a change.
/// </summary>
/// <param name="merged">The call as written, which decides and warns when its first argument is no object. Its other arguments are object literals.</param>
public sealed class OverlayExpression(CallExpression merged) : Expression
{
    private readonly Expression _target = merged.Children[0];
    private readonly Expression _added = merged.Children.Length == 2 ? merged.Children[1] : new CallExpression(merged.Function, merged.Children.RemoveAt(0));

    public override ImmutableArray<Expression> Children => [merged];

    public override Expression WithChildren(ImmutableArray<Expression> children) =>
        children[0] is CallExpression call ? new OverlayExpression(call) : children[0];

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        (_target.Evaluate(context, row).IsObject ? _added : merged).Evaluate(context, row);

    public override string ToString() => merged.ToString();
}
