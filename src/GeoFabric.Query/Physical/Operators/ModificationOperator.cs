using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// Base of the operators that change documents: works through its whole input before it hands a row on, since a LIMIT behind it must not stop
/// the changes, and keeps the rows only when something behind it reads them.
/// </summary>
/// <param name="bufferInput">Read the input to its end before the first change, because it reads the collection that is changed.</param>
/// <param name="keepRows">Whether the rows are read behind this operator.</param>
internal abstract class ModificationOperator(QueryContext context, PhysicalOperator input, ModificationNode node, bool bufferInput, bool keepRows)
    : PhysicalOperator(context, input)
{
    private readonly RowStore _results = new(context.RowWidth);
    private int _position = -1;

    protected FabricTransaction Transaction => Context.Transaction;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        _results.Clear();
        _position = -1;
        base.RestartCore(outer);
    }

    /// <summary>Sees a row as it is read, before any row that is read with it is applied.</summary>
    protected virtual void Prepare(Span<Value> row)
    {
    }

    /// <summary>Changes the document a row asks for.</summary>
    protected abstract DocumentWriteResult Apply(Span<Value> row);

    protected override bool NextCore(RowBatch batch)
    {
        if (_position < 0)
        {
            _position = 0;
            ApplyAll();
        }
        while (_position < _results.Count && !batch.IsFull)
            batch.Append(_results[_position++]);
        return batch.Count > 0;
    }

    /// <summary>The key in a key expression: a string, or the <c>_key</c> of an object.</summary>
    protected static Value KeyOf(Value value)
    {
        if (value.IsObject)
        {
            return value.TryGetAttribute("_key"u8, out var key) && key.IsString
                ? key
                : throw ErrorCodes.DocumentKeyMissing.With($"{value} has no _key that is a string");
        }
        return value.IsString ? value : throw ErrorCodes.DocumentTypeInvalid.With($"{value} is neither a key nor a document with a _key");
    }

    private void ApplyAll()
    {
        var buffered = bufferInput ? new RowStore(Context.RowWidth) : null;
        using var batch = new RowBatch(Context.RowWidth);
        for (; Input!.Next(batch); batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Prepare(batch[i]);
                if (buffered is not null)
                    buffered.Add(batch[i], Context);
                else
                    ApplyRow(batch[i]);
            }
        }
        for (var i = 0; buffered is not null && i < buffered.Count; i++)
        {
            if (i % RowBatch.RowsMax == 0)
                Context.ThrowIfStopped();
            ApplyRow(buffered[i]);
        }
    }

    private void ApplyRow(Span<Value> row)
    {
        DocumentWriteResult result;
        if (node.Options.IgnoreErrors)
        {
            var savepoint = Transaction.Mark();
            try
            {
                result = Apply(row);
            }
            catch (GeoFabricException error) when (IsRowError(error))
            {
                Transaction.RollbackTo(savepoint);
                Context.Statistics.WritesIgnored++;
                return;
            }
        }
        else
        {
            result = Apply(row);
        }
        // An insert that left a stored document alone still yields its row, with that document as OLD and without NEW.
        if (result.Outcome == DocumentWriteOutcome.Ignored)
            Context.Statistics.WritesIgnored++;
        else
            Context.Statistics.WritesExecuted++;
        if (!keepRows)
            return;
        if (node.Old is not null)
            row[node.Old.Slot] = result.Old;
        if (node.New is not null)
            row[node.New.Slot] = result.New;
        _results.Add(row, Context);
    }

    /// <summary>Errors of one document, which ignoreErrors skips; limits, kills and storage failures still end the query.</summary>
    private static bool IsRowError(GeoFabricException error) => error.ErrorNumber is >= 1200 and < 1300;
}
