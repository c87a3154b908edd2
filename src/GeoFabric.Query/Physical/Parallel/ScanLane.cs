using GeoFabric.Database;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Operators;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>
/// The operators that do one part of a collection after another, with a reader and a context of their own. Used by one thread at a time. Parts come to it in
/// the order of the collection.
/// </summary>
internal sealed class ScanLane : IDisposable
{
    private readonly FabricSnapshot _reader;
    private readonly QueryContext _context;
    private readonly CollectionScanOperator _scan;
    private readonly CollectNode? _collect;
    private readonly RowBatch _batch;
    private readonly Value[] _outer;
    private PhysicalOperator _root;
    private readonly PhysicalOperator _beforeLast;
    private long _rows;
    private long _scanned;

    public ScanLane(ParallelScanPlan plan, QueryContext query)
    {
        _reader = ((FabricSnapshot)query.Reader).Fork();
        _context = new QueryContext(query, _reader);
        _batch = new RowBatch(query.RowWidth);
        _outer = new Value[query.RowWidth];
        _root = _beforeLast = _scan = new CollectionScanOperator(_context, new SingletonOperator(_context), plan.Scan);
        foreach (var node in plan.PartNodes)
        {
            _beforeLast = _root;
            _root = node switch
            {
                FilterNode filter => new FilterOperator(_context, _root, filter),
                CalculationNode calculation => new CalculationOperator(_context, _root, calculation),
                SortNode sort => new TopRowsOperator(_context, _root, sort),
                CollectNode collect => new CollectOperator(_context, _root, collect),
                _ => throw new System.Diagnostics.UnreachableException(node.TypeName),
            };
        }
        _collect = plan.PartNodes.LastOrDefault() as CollectNode;
    }

    public void Begin(DocumentRange part)
    {
        // Groups of hardly more than one row each are not worth a table here and another one behind.
        if (_collect is { Groups.Length: > 0 } && _root is CollectOperator && _rows > RowBatch.RowsMax && 2 * _rows > _scanned)
            _root = new SingleGroupsOperator(_context, _beforeLast, _collect);
        _scan.Part = part;
        _root.Restart(_outer);
    }

    /// <summary>Fills the batch with rows of the part. False at its end.</summary>
    public bool Next(RowBatch batch)
    {
        var isFilled = _root.Next(batch);
        _rows += batch.Count;
        return isFilled;
    }

    /// <summary>Collects rows of the part for another thread, until they are worth handing over.</summary>
    /// <param name="isLast">Whether the part has ended with them.</param>
    public PartRows Collect(out bool isLast)
    {
        using var watch = WatchedWork.Begin(_context);
        var rows = new PartRows(_context.RowWidth);
        isLast = false;
        while (!isLast && rows.Count < RowBatch.RowsMax / 2)
        {
            _batch.Clear();
            isLast = !Next(_batch);
            for (var i = 0; i < _batch.Count; i++)
                rows.Add(_batch[i]);
        }
        rows.Report = Report();
        return rows;
    }

    public PartReport Report()
    {
        var report = _context.Report();
        _scanned += report.Scanned - report.Filtered;
        return report;
    }

    /// <summary>Makes the thread that works in the lane give up soon.</summary>
    public void Kill() => _context.Kill();

    public void Dispose()
    {
        _root.Dispose();
        _batch.Dispose();
        _context.Dispose();
        _reader.Dispose();
    }
}
