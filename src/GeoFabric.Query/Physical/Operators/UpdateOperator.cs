using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>UPDATE and REPLACE.</summary>
internal sealed class UpdateOperator(QueryContext context, PhysicalOperator input, UpdateNode node, bool bufferInput, bool keepRows)
    : ModificationOperator(context, input, node, bufferInput, keepRows)
{
    protected override DocumentWriteResult Apply(Span<Value> row)
    {
        var document = node.Document.Evaluate(Context, row);
        var target = node.Key is null ? document : node.Key.Evaluate(Context, row);
        var operations = node.Merges?.Evaluate(Context, row) ?? [];
        return WriteOptionsMapping.Update(Context, Context.Target(node.Collection), target, KeyOf(target), document, node.IsReplace, node.Options, operations);
    }
}
