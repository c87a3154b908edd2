using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary>LENGTH(collection): the number of documents, which the collection keeps.</summary>
public sealed class CollectionCountExpression(CollectionDefinition collection) : Expression
{
    public override FunctionPurity OwnPurity => FunctionPurity.Stable;

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        Value.FromInteger(context.Reader.CountDocuments(context.Reader.Catalog.GetCollection(collection.Name)));

    public override string ToString() => $"LENGTH({NameText.Quote(collection.Name)})";
}
