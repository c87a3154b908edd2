using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// UPSERT: looks up the candidate, which may be one an earlier row wrote, then updates, replaces or inserts. With readOwnWrites: false all candidates
/// are looked up before the first change, so no row sees what another wrote.
/// </summary>
internal sealed class UpsertOperator(QueryContext context, PhysicalOperator input, UpsertNode node, bool bufferInput, bool keepRows)
    : ModificationOperator(context, input, node, bufferInput || !node.ReadsOwnWrites, keepRows)
{
    protected override void Prepare(Span<Value> row)
    {
        if (!node.ReadsOwnWrites)
            LookUp(row);
    }

    protected override DocumentWriteResult Apply(Span<Value> row)
    {
        if (node.ReadsOwnWrites)
            LookUp(row);
        var found = row[node.Candidate.Slot];
        var collection = Context.Target(node.Collection);
        if (found.IsNull)
        {
            var inserted = node.Insert.Evaluate(Context, row);
            return WriteOptionsMapping.Insert(Context, collection, inserted, node.Options, node.Merges?.EvaluateCreated(Context, row, inserted) ?? []);
        }
        var document = node.Update.Evaluate(Context, row);
        var operations = node.Merges?.Evaluate(Context, row) ?? [];
        return WriteOptionsMapping.Update(Context, collection, found, KeyOf(found), document, node.IsReplace, node.Options, operations);
    }

    private void LookUp(Span<Value> row)
    {
        var found = Context.Run(node.Lookup, row).Items;
        row[node.Candidate.Slot] = found.Count == 0 ? Value.Null : found[0];
    }
}
