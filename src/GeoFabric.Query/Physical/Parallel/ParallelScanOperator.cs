using System.Runtime.ExceptionServices;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>
/// Reads a collection in parts, which other threads do ahead of the query's own while processors are free. Rows come out in the order of a scan by one
/// thread, with its warnings and its errors, whoever did what.
/// </summary>
/// <remarks>
/// Nobody waits for a helper that does not come: the query's own thread does the part whose rows are due, and when a helper is at that one, a part further
/// on. Helpers never wait at all: a part whose rows fill the room for waiting ones is left with its lane, to be gone on with by whoever comes to it.
/// </remarks>
internal sealed class ParallelScanOperator(QueryContext context, ParallelScanPlan plan, ParallelScanSettings settings) : PhysicalOperator(context, null)
{
    /// <summary>Parts that may be begun beyond the one whose rows are due.</summary>
    private const int PartsAhead = 24;

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly List<ScanLane> _lanes = [];
    private readonly Stack<ScanLane> _idleLanes = [];
    private readonly long _waitingBytesMax = Math.Min(32 << 20, context.Limits.MemoryBytes / 8);
    private ScanPart[]? _parts;
    private int _due;
    private int _called;
    private int _working;
    private long _waitingBytes;
    private bool _isStopped;
    private PartRows? _current;
    private ScanPart? _own;

    protected override void DisposeCore()
    {
        lock (_gate)
        {
            _isStopped = true;
            foreach (var lane in _lanes)
                lane.Kill();
            // They read the snapshot, which ends with the query. Those that have not come yet will see that it is over.
            while (_working > 0)
                Monitor.Wait(_gate);
        }
        foreach (var lane in _lanes)
            lane.Dispose();
        Context.TakeBack(_waitingBytes);
        _waitingBytes = 0;
        base.DisposeCore();
    }

    protected override bool NextCore(RowBatch batch)
    {
        _parts ??= Split();
        while (true)
        {
            Context.ThrowIfStopped();
            if (_current is not null)
                TakeRows(batch);
            else if (_own is not null)
                Continue(_own, batch);
            else if (!FindWork())
                return false;
            if (batch.Count > 0)
                return true;
        }
    }

    private ScanPart[] Split()
    {
        var snapshot = (FabricSnapshot)Context.Reader;
        var collection = snapshot.Catalog.GetCollection(plan.Scan.Collection.Name);
        var count = (int)Math.Clamp(snapshot.CountDocuments(collection) / settings.DocumentsPerPart, 2, 4096);
        return [.. snapshot.SplitCollection(collection, count).Select(documents => new ScanPart(documents))];
    }

    /// <summary>Rows that another turn has left.</summary>
    private void TakeRows(RowBatch batch)
    {
        if (_current!.Report is { } report)
        {
            Context.Absorb(report);
            _current.Report = null;
        }
        if (_current.MoveTo(batch))
            return;
        lock (_gate)
            _waitingBytes -= _current.Bytes;
        Context.TakeBack(_current.Bytes);
        _current = null;
    }

    /// <summary>The part whose rows are due, on this thread: its rows go on at once.</summary>
    private void Continue(ScanPart part, RowBatch batch)
    {
        var lane = part.Lane!;
        var isLast = !lane.Next(batch);
        Context.Absorb(lane.Report());
        if (!isLast)
            return;
        _own = null;
        lock (_gate)
            End(part);
    }

    /// <summary>Gets at rows that are due, or does something else meanwhile.</summary>
    /// <returns>False when there is nothing left.</returns>
    private bool FindWork()
    {
        ScanPart? ahead = null;
        lock (_gate)
        {
            while (_due < _parts!.Length && _parts[_due] is { State: ScanPart.Phase.Ended, Ready.Count: 0 } ended)
            {
                ended.Error?.Throw();
                _due++;
            }
            if (_due == _parts.Length)
                return false;
            CallHelpers();
            var due = _parts[_due];
            if (due.Ready.TryDequeue(out _current))
                return true;
            if (due.State == ScanPart.Phase.Waiting)
            {
                due.State = ScanPart.Phase.Running;
                _own = due;
            }
            else
            {
                ahead = ClaimAhead();
                if (ahead is null)
                    Monitor.Wait(_gate, s_pollInterval);
            }
        }
        if (_own is not null)
            Open(_own);
        if (ahead is not null)
            Work(ahead, () => _parts[_due].Ready.Count > 0 || _parts[_due].State != ScanPart.Phase.Running);
        return true;
    }

    /// <summary>Sends for as many helpers as there are parts to be done and processors free. Under the lock.</summary>
    private void CallHelpers()
    {
        while (_called < _parts!.Length - _due - 1 && FindAhead() is not null && settings.Threads.TryTake())
        {
            _called++;
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Help(), this, preferLocal: false);
        }
    }

    private void Help()
    {
        lock (_gate)
            _working++;
        while (true)
        {
            ScanPart? part;
            lock (_gate)
            {
                part = _isStopped || settings.Threads.AreTooMany ? null : ClaimAhead();
                if (part is null)
                {
                    settings.Threads.Return();
                    _called--;
                    _working--;
                    Monitor.PulseAll(_gate);
                    return;
                }
            }
            Work(part, () => _isStopped || settings.Threads.AreTooMany);
        }
    }

    /// <summary>Takes the first part behind the due one that can be worked on. Under the lock.</summary>
    private ScanPart? ClaimAhead()
    {
        var part = FindAhead();
        if (part is not null)
            part.State = ScanPart.Phase.Running;
        return part;
    }

    private ScanPart? FindAhead()
    {
        if (_waitingBytes > _waitingBytesMax)
            return null;
        for (var i = _due + 1; i < Math.Min(_parts!.Length, _due + 1 + PartsAhead); i++)
        {
            if (_parts[i].State == ScanPart.Phase.Waiting)
                return _parts[i];
        }
        return null;
    }

    /// <summary>Does a claimed part, until it ends, there is no more room for its rows, or the thread is wanted elsewhere.</summary>
    /// <param name="isWanted">Asked under the lock.</param>
    private void Work(ScanPart part, Func<bool> isWanted)
    {
        try
        {
            Open(part);
            while (true)
            {
                var rows = part.Lane!.Collect(out var isLast);
                Context.Lend(rows.Bytes);
                lock (_gate)
                {
                    _waitingBytes += rows.Bytes;
                    part.Ready.Enqueue(rows);
                    if (isLast)
                        End(part);
                    else if (_waitingBytes > _waitingBytesMax || isWanted())
                        part.State = ScanPart.Phase.Waiting;
                    Monitor.PulseAll(_gate);
                    if (part.State != ScanPart.Phase.Running)
                        return;
                }
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                part.Error = ExceptionDispatchInfo.Capture(error);
                // Its lane is left as it is; it goes with the operator.
                part.Lane = null;
                part.State = ScanPart.Phase.Ended;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Gives a claimed part a lane, unless it was left with one.</summary>
    private void Open(ScanPart part)
    {
        if (part.Lane is not null)
            return;
        ScanLane? lane;
        lock (_gate)
            _idleLanes.TryPop(out lane);
        if (lane is null)
        {
            lane = new ScanLane(plan, Context);
            lock (_gate)
            {
                _lanes.Add(lane);
                if (_isStopped)
                    lane.Kill();
            }
        }
        lane.Begin(part.Documents);
        part.Lane = lane;
    }

    private void End(ScanPart part)
    {
        part.State = ScanPart.Phase.Ended;
        _idleLanes.Push(part.Lane!);
        part.Lane = null;
    }
}
