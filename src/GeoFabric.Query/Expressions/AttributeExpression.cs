using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary><c>target.name</c> with a name known when the plan is made. No allocation, no warning: what is missing is null.</summary>
public sealed class AttributeExpression(Expression target, string name) : Expression
{
    private readonly byte[] _nameUtf8 = Encoding.UTF8.GetBytes(name);

    /// <summary>Of a variable, as most attributes are, its slot: read without asking the target.</summary>
    private readonly int _slot = target is VariableExpression { Variable: var variable } ? variable.Slot : -1;

    /// <summary>Where the attribute was last found; a guess that executions share.</summary>
    private int _place;

    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public override ImmutableArray<Expression> Children => [Target];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new AttributeExpression(children[0], Name);

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        _slot >= 0 ? row[_slot].GetAttribute(_nameUtf8, ref _place) : Target.Evaluate(context, row).GetAttribute(_nameUtf8, ref _place);

    public override string ToString() => $"{Target}.{NameText.Quote(Name)}";
}
