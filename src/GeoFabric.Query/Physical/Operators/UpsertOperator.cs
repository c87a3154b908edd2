using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>UPSERT: looks up the candidate, which may be one an earlier row wrote, then updates, replaces or inserts.</summary>
internal sealed class UpsertOperator(QueryContext context, PhysicalOperator input, UpsertNode node, bool bufferInput, bool keepRows)
    : ModificationOperator(context, input, node, bufferInput, keepRows)
{
    protected override DocumentWriteResult Apply(Span<Value> row)
    {
        var found = Context.Run(node.Lookup, row).Items;
        var collection = Context.Target(node.Collection);
        if (found.Count == 0)
        {
            row[node.Candidate.Slot] = Value.Null;
            var inserted = node.Insert.Evaluate(Context, row);
            return WriteOptionsMapping.Insert(Context, collection, inserted, node.Options, node.Merges?.EvaluateCreated(Context, row, inserted) ?? []);
        }
        row[node.Candidate.Slot] = found[0];
        var document = node.Update.Evaluate(Context, row);
        var operations = node.Merges?.Evaluate(Context, row) ?? [];
        return WriteOptionsMapping.Update(Context, collection, found[0], KeyOf(found[0]), document, node.IsReplace, node.Options, operations);
    }
}
