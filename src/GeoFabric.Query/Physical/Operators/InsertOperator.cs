using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

internal sealed class InsertOperator(QueryContext context, PhysicalOperator input, InsertNode node, bool bufferInput, bool keepRows)
    : ModificationOperator(context, input, node, bufferInput, keepRows)
{
    protected override DocumentWriteResult Apply(Span<Value> row) =>
        WriteOptionsMapping.Insert(Context, Context.Target(node.Collection), node.Document.Evaluate(Context, row), node.Options, []);
}
