using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>An object literal. Of two members with one name the last wins.</summary>
public sealed class ObjectExpression : Expression
{
    private readonly ImmutableArray<(Expression Name, Expression Value)> _members;
    private readonly byte[]?[] _constantNames;

    public ObjectExpression(ImmutableArray<(Expression Name, Expression Value)> members)
    {
        _members = members;
        Children = [.. members.SelectMany(m => new[] { m.Name, m.Value })];
        _constantNames = [.. members.Select(m => m.Name is ConstantExpression name ? Casts.ToText(name.Value).Utf8.ToArray() : null)];
    }

    public override ImmutableArray<Expression> Children { get; }

    public override Expression WithChildren(ImmutableArray<Expression> children) =>
        new ObjectExpression([.. Enumerable.Range(0, children.Length / 2).Select(i => (children[2 * i], children[(2 * i) + 1]))]);

    /// <summary>The value of the member with that constant name, if it is the only candidate; lets the optimizer read through the literal.</summary>
    public Expression? Member(string name)
    {
        Expression? found = null;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_constantNames[i] is null)
                return null;
            if (_members[i].Name is ConstantExpression { Value: { IsString: true } constant } && constant.Text == name)
                found = _members[i].Value;
        }
        return found;
    }

    /// <summary>Names and values of a literal all of whose names are constant; null otherwise.</summary>
    public IReadOnlyList<(string Name, Expression Value)>? ConstantMembers() => _constantNames.Any(name => name is null)
        ? null
        : [.. _members.Select((m, i) => (Encoding.UTF8.GetString(_constantNames[i]!), m.Value))];

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        // A member may itself be an object literal, so the builder in use is taken out of the context meanwhile.
        var builder = context.RentBuilder();
        builder.BeginObject();
        for (var i = 0; i < _members.Length; i++)
        {
            // The name is evaluated before its value is, and both before either is written: values may rent builders of their own.
            var name = _constantNames[i] ?? Casts.ToText(_members[i].Name.Evaluate(context, row)).Utf8.ToArray();
            var value = _members[i].Value.Evaluate(context, row);
            builder.WriteName(name);
            builder.Write(value);
        }
        builder.EndObject();
        var result = builder.Build();
        context.ReturnBuilder(builder);
        return result;
    }

    public override string ToString() => _members.Length == 0
        ? "{}"
        : "{ " + string.Join(", ", _members.Select(m => m.Name is ConstantExpression ? $"{m.Name}: {m.Value}" : $"[{m.Name}]: {m.Value}")) + " }";
}
