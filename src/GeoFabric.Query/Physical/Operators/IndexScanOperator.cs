using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;
using GeoFabric.Storage;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// Documents found through an index. Each incoming row gives its own bounds; several ranges (IN) are walked one after another in index order.
/// </summary>
internal sealed class IndexScanOperator(QueryContext context, PhysicalOperator input, IndexNode node) : FanOutOperator(context, input)
{
    private const int ReadAtOnce = 64;

    private readonly int _slot = node.Variable.Slot;
    private readonly bool _isPrimary = node.Index.Kind == IndexKind.Primary;
    private readonly bool _removesDuplicates = node.Index.Fields.Any(field => field.IsExpanded);
    private readonly List<IndexRange> _ranges = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private CollectionDefinition? _collection;
    private IDocumentCursor? _cursor;
    private int _nextRange;
    private List<Value>? _sorted;
    private int _nextSorted;
    private bool _readsDocuments;
    private Value[]? _documents;

    protected override void OpenSource(Span<Value> row)
    {
        _collection = Context.Reader.Catalog.GetCollection(node.Collection.Name);
        _seen.Clear();
        _ranges.Clear();
        _nextRange = 0;
        // Bounds are computed before any document is there. What warns or fails then belongs to the filter, which stays behind this operator
        // and comes by it for each document: so all of them are read. A sparse index has no entries for null, which needs all of them too.
        var isExact = !node.BoundsMayWarn || TryAddRanges(row);
        _readsDocuments = node.Projections.Length == 0;
        if (!isExact || (node.Index.IsSparse && MayNeedNulls(row)))
        {
            _readsDocuments = true;
            _ranges.Clear();
            _cursor = Context.Reader.ScanCollection(_collection, isExact || !node.IsOrdered ? ScanDirection.Forward : node.Direction);
        }
        else if (!node.BoundsMayWarn)
        {
            AddRanges(row, 0, []);
        }
        if (!node.IsOrdered || (isExact && !Context.Reader.HasTruncatedEntries(_collection, node.Index)))
            return;
        _readsDocuments = true;
        ReadSorted(row);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (_sorted is null)
            return FillInOrder(batch, row);
        for (; _nextSorted < _sorted.Count; _nextSorted++)
        {
            if (batch.IsFull)
                return true;
            WriteDocument(batch.Append(row), _sorted[_nextSorted]);
        }
        return false;
    }

    private bool FillInOrder(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (_cursor is null)
            {
                if (_nextRange == _ranges.Count)
                    return false;
                var range = _ranges[_nextRange++];
                if (IsPointLookup(range))
                {
                    AppendPoint(batch, row, range.EqualTo[0]);
                    continue;
                }
                _cursor = Context.Reader.ScanIndex(_collection!, node.Index, range, node.Direction);
                Context.Statistics.CursorsCreated++;
            }
            var mayHaveMore = _readsDocuments && !_removesDuplicates ? FillWithDocuments(batch, row, _cursor) : FillWithNext(batch, row, _cursor);
            if (mayHaveMore)
                continue;
            _cursor.Dispose();
            _cursor = null;
        }
        return true;
    }

    /// <returns>Whether there may be more.</returns>
    private bool FillWithDocuments(RowBatch batch, Span<Value> row, IDocumentCursor cursor)
    {
        _documents ??= new Value[ReadAtOnce];
        var documents = _documents.AsSpan(0, Math.Min(ReadAtOnce, batch.RowLimit - batch.Count));
        var count = cursor.Read(documents);
        foreach (var document in documents[..count])
            WriteFoundDocument(batch.Append(row), document);
        Context.Statistics.ScannedIndex += count;
        return count == documents.Length;
    }

    private bool FillWithNext(RowBatch batch, Span<Value> row, IDocumentCursor cursor)
    {
        if (!cursor.MoveNext())
            return false;
        if (_removesDuplicates && !_seen.Add(System.Text.Encoding.UTF8.GetString(cursor.DocumentKey)))
            return true;
        if (_readsDocuments)
            WriteFoundDocument(batch.Append(row), cursor.Document);
        else
            WriteEntry(batch.Append(row), cursor);
        Context.Statistics.ScannedIndex++;
        return true;
    }

    private void WriteFoundDocument(Span<Value> row, Value document)
    {
        Context.Statistics.DocumentLookups++;
        WriteDocument(row, document);
    }

    private void WriteDocument(Span<Value> row, Value document)
    {
        row[_slot] = document;
        foreach (var projection in node.Projections)
            row[projection.Variable.Slot] = projection.Path.Evaluate(Context, row);
    }

    /// <summary>Takes the projections from the index entry.</summary>
    private void WriteEntry(Span<Value> row, IDocumentCursor cursor)
    {
        var readsDocument = false;
        foreach (var projection in node.Projections)
        {
            if (projection.Field == IndexProjection.Key)
            {
                row[projection.Variable.Slot] = Value.FromUtf8(cursor.DocumentKey);
                continue;
            }
            // An entry keeps objects in an order of its own, and long values in part.
            if (!cursor.TryGetField(projection.Field, out var value) || value.IsArray || value.IsObject)
            {
                row[_slot] = cursor.Document;
                readsDocument = true;
                value = projection.Path.Evaluate(Context, row);
            }
            row[projection.Variable.Slot] = value;
        }
        if (readsDocument)
            Context.Statistics.DocumentLookups++;
    }

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
        _ranges.Clear();
        _nextRange = 0;
        _sorted = null;
        _nextSorted = 0;
    }

    /// <summary>Long values are cut off in the index, so documents that agree in the rest come in any order, and a fallback reads them by key: sorts them.</summary>
    private void ReadSorted(Span<Value> row)
    {
        var keys = new List<Value[]>();
        var documents = new List<Value>();
        using var batch = new RowBatch(Context.RowWidth);
        for (var hasMore = true; hasMore; batch.Clear())
        {
            Context.ThrowIfStopped();
            hasMore = FillInOrder(batch, row);
            for (var i = 0; i < batch.Count; i++)
            {
                var key = new Value[node.Order.Length];
                for (var j = 0; j < key.Length; j++)
                    key[j] = node.Order[j].Expression.Evaluate(Context, batch[i]);
                keys.Add(key);
                documents.Add(batch[i][_slot]);
                Context.ReserveMemory(24L * (key.Length + 1));
            }
        }
        var order = Enumerable.Range(0, keys.Count).ToArray();
        ValueSorting.Sort(order.AsSpan(), (a, b) => Compare(keys[a], keys[b]) is var result and not 0 ? result : a.CompareTo(b));
        _sorted = [.. order.Select(position => documents[position])];
        _nextSorted = 0;
    }

    private int Compare(Value[] left, Value[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var order = ValueComparer.Compare(left[i], right[i]);
            if (order != 0)
                return node.Order[i].IsDescending ? -order : order;
        }
        return 0;
    }

    private bool TryAddRanges(Span<Value> row)
    {
        var isQuiet = false;
        Context.BeginTry();
        try
        {
            foreach (var guard in node.Guards)
                guard.Evaluate(Context, row);
            AddRanges(row, 0, []);
        }
        catch (GeoFabricException error) when (error.Code != ErrorCodes.QueryKilled && error.Code != ErrorCodes.ResourceLimit)
        {
            return false;
        }
        finally
        {
            isQuiet = Context.EndTry();
        }
        return isQuiet;
    }

    private bool IsPointLookup(IndexRange range) => _isPrimary && range.EqualTo.Length == 1;

    private void AppendPoint(RowBatch batch, Span<Value> row, Value key)
    {
        if (!key.IsString || !Context.Reader.TryGetDocument(_collection!, key.Utf8, out var document))
            return;
        WriteFoundDocument(batch.Append(row), document);
        Context.Statistics.ScannedIndex++;
    }

    private bool MayNeedNulls(Span<Value> row)
    {
        foreach (var equality in node.Equalities)
        {
            var value = equality.Value.Evaluate(Context, row);
            if (equality.IsIn ? value.IsArray && value.Items.Count > 0 && ContainsNull(value.Items) : value.IsNull)
                return true;
        }
        if (node.OtherTypes != OtherTypes.None && node.Equalities.Length + 1 == node.Index.Fields.Length)
            return node.Lower!.Value.Evaluate(Context, row).Utf8.IsEmpty;
        return node.Equalities.Length < node.Index.Fields.Length && (node.Lower is null || node.Lower.Value.Evaluate(Context, row).IsNull
            || node.Equalities.Length + 1 < node.Index.Fields.Length);
    }

    private static bool ContainsNull(ArrayView items)
    {
        foreach (var item in items)
        {
            if (item.IsNull)
                return true;
        }
        return false;
    }

    /// <summary>Adds one range for each combination of the values of the leading fields.</summary>
    private void AddRanges(Span<Value> row, int field, ImmutableArray<Value> values)
    {
        if (field == node.Equalities.Length)
        {
            AddRange(row, values);
            return;
        }
        var equality = node.Equalities[field];
        var value = equality.Value.Evaluate(Context, row);
        if (!equality.IsIn)
        {
            AddRanges(row, field + 1, values.Add(value));
            return;
        }
        if (!value.IsArray)
            return;
        var items = new List<Value>(value.Items.Count);
        foreach (var item in value.Items)
            items.Add(item);
        ValueSorting.Sort(CollectionsMarshal.AsSpan(items), ValueComparer.Compare);
        if (node.Direction == ScanDirection.Backward)
            items.Reverse();
        for (var i = 0; i < items.Count; i++)
        {
            if (i == 0 || !ValueComparer.Equal(items[i - 1], items[i]))
                AddRanges(row, field + 1, values.Add(items[i]));
        }
    }

    private void AddRange(Span<Value> row, ImmutableArray<Value> values)
    {
        var lower = node.Lower is null ? null : new IndexBound(node.Lower.Value.Evaluate(Context, row), node.Lower.IsInclusive);
        var upper = node.Upper is null ? null : new IndexBound(node.Upper.Value.Evaluate(Context, row), node.Upper.IsInclusive);
        if (_isPrimary)
        {
            // All keys are strings: bounds of a smaller type hold for all of them, bounds of a greater type for none.
            if (lower?.Value.Kind > ValueKind.String || upper?.Value.Kind < ValueKind.String)
                return;
            lower = lower?.Value.IsString == true ? lower : null;
            upper = upper?.Value.IsString == true ? upper : null;
        }
        if (node.OtherTypes == OtherTypes.None)
        {
            _ranges.Add(new IndexRange(values, lower, upper));
            return;
        }
        var skipsNull = node.OtherTypes == OtherTypes.AllButNull && !lower!.Value.Utf8.IsEmpty;
        var isBackward = node.Direction == ScanDirection.Backward;
        var smaller = new IndexRange(values, skipsNull ? new IndexBound(Value.Null, IsInclusive: false) : null, new IndexBound(Value.EmptyString, IsInclusive: false));
        var greater = new IndexRange(values, new IndexBound(Value.EmptyArray, IsInclusive: true), null);
        _ranges.Add(isBackward ? greater : smaller);
        _ranges.Add(new IndexRange(values, lower, upper));
        _ranges.Add(isBackward ? smaller : greater);
    }
}
