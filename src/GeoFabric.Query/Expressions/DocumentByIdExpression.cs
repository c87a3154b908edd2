using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>The document with an id that an index has just told.</summary>
public sealed class DocumentByIdExpression(Expression id) : Expression
{
    public override FunctionPurity OwnPurity => FunctionPurity.Stable;

    public override ImmutableArray<Expression> Children => [id];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new DocumentByIdExpression(children[0]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var utf8 = id.Evaluate(context, row).Utf8;
        var slash = utf8.IndexOf((byte)'/');
        var collection = context.Reader.Catalog.GetCollection(System.Text.Encoding.UTF8.GetString(utf8[..slash]));
        return context.Reader.TryGetDocument(collection, utf8[(slash + 1)..], out var document) ? document : Value.Null;
    }

    public override string ToString() => $"document of {id}";
}
