using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

internal sealed class RemoveOperator(QueryContext context, PhysicalOperator input, RemoveNode node, bool bufferInput, bool keepRows)
    : ModificationOperator(context, input, node, bufferInput, keepRows)
{
    protected override DocumentWriteResult Apply(Span<Value> row)
    {
        var target = node.Key.Evaluate(Context, row);
        return WriteOptionsMapping.Remove(Context.Writer, Context.Target(node.Collection), target, KeyOf(target), node.Options);
    }
}
