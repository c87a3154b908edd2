namespace GeoFabric.Storage.Lmdb;

/// <summary>A read transaction with its cursors, used by one snapshot after another: beginning one anew costs far more than renewing it.</summary>
internal sealed class LmdbReadSlot : IDisposable
{
    private const int SpareCursorsMax = 8;

    private readonly LmdbEnvironmentHandle _environment;
    private readonly List<nint> _cursors = [];
    private readonly Stack<nint> _spareCursors = new();

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
    public void Renew() => LmdbStatus.ThrowIfFailed(LmdbNative.mdb_txn_renew(Transaction), "renew a read transaction");

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
        if (_spareCursors.TryPop(out var cursor))
        {
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_cursor_renew(Transaction, cursor), "renew a cursor");
            return cursor;
        }
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_cursor_open(Transaction, LmdbNative.MainDatabase, out cursor), "open a cursor");
        _cursors.Add(cursor);
        return cursor;
    }

    public void ReturnCursor(nint cursor) => _spareCursors.Push(cursor);

    public void Dispose()
    {
        foreach (var cursor in _cursors)
            LmdbNative.mdb_cursor_close(cursor);
        LmdbNative.mdb_txn_abort(Transaction);
        _environment.DangerousRelease();
    }
}
