namespace GeoFabric.Storage.Lmdb;

/// <summary>A read transaction with its cursors, used by one snapshot after another: beginning one anew costs far more than renewing it.</summary>
/// <remarks>
/// Forks of a snapshot read it on several threads at the same time. The library asks for one thread at a time because beginning, renewing and ending
/// change the transaction, and because a writing one keeps track of its cursors. Between those nothing changes one that only reads: a lookup has its
/// cursor on its own stack, and an open cursor writes only to itself. A second transaction could stand at another commit.
/// </remarks>
internal sealed class LmdbReadSlot : IDisposable
{
    private const int SpareCursorsMax = 8;

    private readonly LmdbEnvironmentHandle _environment;
    private readonly List<nint> _cursors = [];
    private readonly Stack<nint> _spareCursors = new();
    private int _views;

    public LmdbReadSlot(LmdbEnvironmentHandle environment)
    {
        var isHeld = false;
        environment.DangerousAddRef(ref isHeld);
        var status = LmdbNative.mdb_txn_begin(environment.Pointer, 0, LmdbNative.ReadOnly, out var transaction);
        if (status != LmdbStatus.Success)
        {
            environment.DangerousRelease();
            throw LmdbStatus.ToException(status, "begin a read transaction");
        }
        _environment = environment;
        Transaction = transaction;
        LmdbNative.mdb_txn_reset(transaction);
    }

    public nint Transaction { get; }

    /// <summary>Moves the idle transaction to the last commit.</summary>
    public void Renew()
    {
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_txn_renew(Transaction), "renew a read transaction");
        _views = 1;
    }

    public void AddView() => Interlocked.Increment(ref _views);

    /// <returns>Whether it was the last one.</returns>
    public bool EndView() => Interlocked.Decrement(ref _views) == 0;

    /// <summary>Ends the view; cursors somebody forgot to dispose are taken back.</summary>
    public void Reset()
    {
        LmdbNative.mdb_txn_reset(Transaction);
        if (_spareCursors.Count == _cursors.Count && _cursors.Count <= SpareCursorsMax)
            return;
        _spareCursors.Clear();
        for (var index = _cursors.Count - 1; index >= 0; index--)
        {
            if (index < SpareCursorsMax)
            {
                _spareCursors.Push(_cursors[index]);
            }
            else
            {
                LmdbNative.mdb_cursor_close(_cursors[index]);
                _cursors.RemoveAt(index);
            }
        }
    }

    public nint TakeCursor()
    {
        lock (_cursors)
        {
            if (_spareCursors.TryPop(out var cursor))
            {
                LmdbStatus.ThrowIfFailed(LmdbNative.mdb_cursor_renew(Transaction, cursor), "renew a cursor");
                return cursor;
            }
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_cursor_open(Transaction, LmdbNative.MainDatabase, out cursor), "open a cursor");
            _cursors.Add(cursor);
            return cursor;
        }
    }

    public void ReturnCursor(nint cursor)
    {
        lock (_cursors)
            _spareCursors.Push(cursor);
    }

    public void Dispose()
    {
        foreach (var cursor in _cursors)
            LmdbNative.mdb_cursor_close(cursor);
        LmdbNative.mdb_txn_abort(Transaction);
        _environment.DangerousRelease();
    }
}
