using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>
/// A reading query whose rows are made as its pages are fetched: the first page comes at once and the rest takes no memory, for a snapshot that stays open
/// meanwhile. It ends with the query's own time, and earlier when it is killed, its fabric is dropped, or nobody asks for a page in time.
/// </summary>
internal sealed class StreamedQuery : IPageSource
{
    private readonly FabricSnapshot _snapshot;
    private readonly QueryContext _context;
    private readonly RunningQueries.Handle _handle;
    private readonly Func<bool> _isFabricClosing;
    private readonly StageClock _stages;
    private readonly ResultPages _pages;
    private readonly ResultReader _rows;
    private readonly int _batchSize;
    private bool _isAtEnd;
    private bool _isDisposed;

    public StreamedQuery(
        FabricSnapshot snapshot, QueryContext context, PreparedQuery query, int batchSize, RunningQueries.Handle handle, StageClock stages, Func<bool> isFabricClosing)
    {
        _snapshot = snapshot;
        _context = context;
        _handle = handle;
        _isFabricClosing = isFabricClosing;
        _stages = stages;
        _batchSize = batchSize;
        _pages = new ResultPages(batchSize, context, query.PageBytes);
        _rows = new ResultReader(PlanBuilder.BuildQuery(query.Plan, context, null), query.Plan.Return, context, _pages);
    }

    public long Bytes => 0;

    public bool IsOver => _isDisposed || _context.IsStopped || _isFabricClosing();

    public (QueryPage Page, bool HasMore) Next(CancellationToken cancellationToken)
    {
        if (_isDisposed)
            throw ErrorCodes.QueryKilled.Create();
        _context.Cancellation = cancellationToken;
        using var watch = WatchedWork.Begin(_context);
        // One row more than the page tells whether there is another one.
        while (!_isAtEnd && !_pages.HasFinished)
            _isAtEnd = !_rows.Read(_batchSize + 1L);
        if (_isAtEnd)
            _pages.FinishRows();
        var page = _pages.Take();
        _context.Statistics.ExecutionSeconds = _stages.TotalSeconds;
        return (new QueryPage(page, null, null, _context.Statistics.Copy(), [.. _context.Warnings], null), !_isAtEnd || _pages.HasFinished);
    }

    public void Kill() => _context.Kill();

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _rows.Dispose();
        _pages.Dispose();
        _context.Dispose();
        _handle.Dispose();
        _snapshot.Dispose();
    }
}
