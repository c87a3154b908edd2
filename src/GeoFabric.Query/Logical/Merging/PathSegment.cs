using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>One name on the way to an attribute: known from the text, or computed for each row, as in <c>d.visits[@country]</c>.</summary>
/// <param name="Name">Null when it is computed.</param>
/// <param name="Computed">A parameter, a variable or an attribute of one; null when the name is known.</param>
public sealed record PathSegment(string? Name, Expression? Computed)
{
    public static PathSegment Of(string name) => new(name, null);

    /// <summary>The segment that a subscript or the name of a member stands for; null when it costs more to compute than to read.</summary>
    public static PathSegment? Of(Expression name) => name switch
    {
        ConstantExpression constant => constant.Value.IsString ? Of(constant.Value.Text) : null,
        _ => IsCheap(name) ? new PathSegment(null, name) : null,
    };

    /// <summary>Whether the expression gives the same again and costs less to evaluate twice than to keep.</summary>
    public static bool IsCheap(Expression expression) => expression switch
    {
        ConstantExpression or ParameterExpression or VariableExpression => true,
        AttributeExpression attribute => IsCheap(attribute.Target),
        _ => false,
    };

    /// <summary>Whether the two are the same name in every row.</summary>
    public bool IsSame(PathSegment other) => Name is not null
        ? Name == other.Name
        : other.Computed is not null && IsSame(Computed!, other.Computed);

    /// <summary>Whether the two may be the same name in some row.</summary>
    public bool MayBe(PathSegment other) => Name is null || other.Name is null || Name == other.Name;

    /// <returns>Null when the value of this row names no attribute.</returns>
    public string? Evaluate(EvaluationContext context, Span<Value> row)
    {
        if (Name is not null)
            return Name;
        var value = Computed!.Evaluate(context, row);
        return value.IsString || value.IsNumber ? Casts.ToText(value).Text : null;
    }

    public override string ToString() => Name is not null ? NameText.Quote(Name) : $"[{Computed}]";

    private static bool IsSame(Expression left, Expression right) => (left, right) switch
    {
        (ParameterExpression a, ParameterExpression b) => a.Name == b.Name,
        (VariableExpression a, VariableExpression b) => ReferenceEquals(a.Variable, b.Variable),
        (AttributeExpression a, AttributeExpression b) => a.Name == b.Name && IsSame(a.Target, b.Target),
        _ => false,
    };
}
