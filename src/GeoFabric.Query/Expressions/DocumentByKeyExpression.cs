using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary>The document of a collection with a key that an index has just told.</summary>
public sealed class DocumentByKeyExpression(CollectionDefinition collection, Expression key) : Expression
{
    public override FunctionPurity OwnPurity => FunctionPurity.Stable;

    public override ImmutableArray<Expression> Children => [key];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new DocumentByKeyExpression(collection, children[0]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        context.Reader.TryGetDocument(context.Reader.Catalog.GetCollection(collection.Name), key.Evaluate(context, row).Utf8, out var document) ? document : Value.Null;

    public override string ToString() => $"document {NameText.Quote(collection.Name)} of {key}";
}
