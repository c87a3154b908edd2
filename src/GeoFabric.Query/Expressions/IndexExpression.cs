using System.Collections.Immutable;
using System.Globalization;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary><c>target[index]</c>: an item of an array by number (negative from the end), an attribute of an object by name.</summary>
public sealed class IndexExpression(Expression target, Expression index) : Expression
{
    public Expression Target => target;

    public Expression Index => index;

    public override ImmutableArray<Expression> Children => [target, index];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new IndexExpression(children[0], children[1]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var container = target.Evaluate(context, row);
        if (!container.IsArray && !container.IsObject)
            return default;
        return Subscript(container, index.Evaluate(context, row));
    }

    /// <summary>The item or attribute that <paramref name="key"/> names, or null.</summary>
    public static Value Subscript(Value container, Value key)
    {
        if (container.IsObject)
            return key.IsString || key.IsNumber ? container.GetAttribute(Casts.ToText(key).Utf8) : default;
        if (!container.IsArray)
            return default;
        long position;
        if (key.IsNumber)
            position = Casts.ToInteger(key);
        else if (!key.IsString || !long.TryParse(key.Utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out position))
            return default;
        var items = container.Items;
        if (position < 0)
            position += items.Count;
        return position >= 0 && position < items.Count ? items[(int)position] : default;
    }

    public override string ToString() => $"{target}[{index}]";
}
