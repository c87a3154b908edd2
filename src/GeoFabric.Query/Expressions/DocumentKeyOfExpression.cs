using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>The key inside an <c>_id</c> of one collection, so that a condition on <c>_id</c> can use the primary index. Null for any other value.</summary>
public sealed class DocumentKeyOfExpression(Expression id, string collectionName) : Expression
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(collectionName + "/");

    public override ImmutableArray<Expression> Children => [id];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new DocumentKeyOfExpression(children[0], collectionName);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = id.Evaluate(context, row);
        if (!value.IsArray)
            return KeyOf(value);
        var keys = new List<Value>(value.Items.Count);
        foreach (var item in value.Items)
            keys.Add(KeyOf(item));
        return Value.FromList(keys);
    }

    private Value KeyOf(Value value) => value.IsString && value.Utf8.StartsWith(_prefix) ? Value.FromUtf8(value.Utf8[_prefix.Length..]) : default;

    public override string ToString() => id.ToString();
}
