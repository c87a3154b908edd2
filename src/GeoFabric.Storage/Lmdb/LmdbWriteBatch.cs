namespace GeoFabric.Storage.Lmdb;

/// <summary>One native write transaction, which a batch of works shares. Bound to the writer's thread.</summary>
/// <remarks>
/// The first failing call is kept in <see cref="Fault"/> and every later one repeats it: the library cannot go on with such a
/// transaction, even if the work swallows the exception.
/// </remarks>
internal sealed unsafe class LmdbWriteBatch
{
    // The library spills dirty pages to the file when it holds some 131,000 of them; a spilled page lies in the map and is not clean.
    private const long DirtyPagesBeforeSpill = 100_000;
    private const int DirtyPagesPerWriteMax = 12;
    private const int PageSizeMinBytes = 4096;

    private readonly LmdbMap _map;
    private readonly KeyPresence _presence;
    private readonly AscendingRuns _runs;
    private nint _transaction;
    private nint _cursor;
    private long _dirtyPagesMax;

    private LmdbWriteBatch(LmdbMap map, KeyPresence presence, AscendingRuns runs, nint transaction)
    {
        _map = map;
        _presence = presence;
        _runs = runs;
        _transaction = transaction;
        TransactionId = (long)LmdbNative.mdb_txn_id(transaction);
    }

    public int Fault { get; private set; }

    public long BytesWritten { get; private set; }

    /// <returns>A status; the batch is there only on success.</returns>
    public static int Begin(LmdbEnvironmentHandle environment, LmdbMap map, KeyPresence presence, AscendingRuns runs, out LmdbWriteBatch? batch)
    {
        batch = null;
        var status = LmdbNative.mdb_txn_begin(environment.Pointer, 0, 0, out var transaction);
        if (status != LmdbStatus.Success)
            return status;
        batch = new LmdbWriteBatch(map, presence, runs, transaction);
        status = LmdbNative.mdb_cursor_open(transaction, LmdbNative.MainDatabase, out batch._cursor);
        if (status != LmdbStatus.Success)
        {
            batch.Abort();
            return status;
        }
        if (!map.IsLocated)
            batch.LocateMap();
        return LmdbStatus.Success;
    }

    public long TransactionId { get; }

    /// <summary>Whether found bytes stay as they are until the transaction ends.</summary>
    public bool IsStill(byte* found) => _dirtyPagesMax < DirtyPagesBeforeSpill && _map.Contains(found);

    public bool TryGet(ReadOnlySpan<byte> key, out LmdbValue value)
    {
        ThrowIfFaulted();
        fixed (byte* keyBytes = key)
        {
            var nativeKey = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
            LmdbValue found;
            var status = LmdbNative.mdb_get(_transaction, LmdbNative.MainDatabase, &nativeKey, &found);
            value = found;
            return status != LmdbStatus.NotFound && Succeeds(status, "read an entry");
        }
    }

    /// <summary>Adds an entry, or stands on the one that has the key already.</summary>
    public bool TryInsert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out LmdbValue existing)
    {
        ThrowIfFaulted();
        CountWrite(key.Length + value.Length);
        var run = _runs.Find(key);
        var isInserted = _runs.IsShortOfRoom(run, LmdbPage.EntrySize(key.Length, value.Length)) ? InsertIntoRun(run, key, value, out existing) : Insert(key, value, out existing);
        if (isInserted && LmdbLeaf.TryFind(_cursor, _transaction, key, out var leaf))
        {
            // Half a page and a small one fit together.
            if (_runs.Note(run, leaf) && leaf.RoomBytes > leaf.SizeFrom(0) && leaf.FirstBeyondSmall is var first and > 0)
                JoinPageBefore(run, key, leaf.CopyFrom(first));
        }
        return isInserted;
    }

    /// <summary>Replaces the value of the entry on which <see cref="TryInsert"/> stands.</summary>
    public void Overwrite(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ThrowIfFaulted();
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            var nativeKey = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
            var nativeValue = new LmdbValue { Size = (nuint)value.Length, Data = valueBytes };
            Succeeds(LmdbNative.mdb_cursor_put(_cursor, &nativeKey, &nativeValue, LmdbNative.Current), "replace an entry");
        }
    }

    /// <summary>Stands on the entry of a key, or with <see cref="LmdbCursorOperation.SetRange"/> on the first at or after it.</summary>
    public bool Find(ReadOnlySpan<byte> key, LmdbCursorOperation operation, out LmdbValue foundKey, out LmdbValue foundValue)
    {
        ThrowIfFaulted();
        fixed (byte* keyBytes = key)
        {
            var nativeKey = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
            LmdbValue nativeValue;
            var status = LmdbNative.mdb_cursor_get(_cursor, &nativeKey, &nativeValue, operation);
            foundKey = nativeKey;
            foundValue = nativeValue;
            return status != LmdbStatus.NotFound && Succeeds(status, "find an entry");
        }
    }

    /// <param name="key">Of the entry on which <see cref="Find"/> stands.</param>
    public void DeleteFound(ReadOnlySpan<byte> key)
    {
        ThrowIfFaulted();
        CountWrite(0);
        _presence.Forget(key, TransactionId);
        Succeeds(LmdbNative.mdb_cursor_del(_cursor, 0), "delete an entry");
    }

    public nint OpenCursor()
    {
        ThrowIfFaulted();
        Succeeds(LmdbNative.mdb_cursor_open(_transaction, LmdbNative.MainDatabase, out var cursor), "open a cursor");
        return cursor;
    }

    /// <summary>Writes and syncs. Whatever the status, the transaction is gone afterwards.</summary>
    public int Commit()
    {
        CloseCursor();
        return LmdbNative.mdb_txn_commit(Leave());
    }

    public void Abort()
    {
        CloseCursor();
        LmdbNative.mdb_txn_abort(Leave());
    }

    private bool Insert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out LmdbValue existing)
    {
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            var nativeKey = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
            var nativeValue = new LmdbValue { Size = (nuint)value.Length, Data = valueBytes };
            var status = LmdbNative.mdb_cursor_put(_cursor, &nativeKey, &nativeValue, LmdbNative.NoOverwrite);
            existing = nativeValue;
            return status != LmdbStatus.KeyExists && Succeeds(status, "write an entry");
        }
    }

    /// <summary>
    /// Inserts an entry that may go on a run of ascending keys whose page is full. What comes behind is moved to a page of its own, so that the run goes on
    /// filling this one.
    /// </summary>
    private bool InsertIntoRun(int run, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out LmdbValue existing)
    {
        var entrySize = LmdbPage.EntrySize(key.Length, value.Length);
        if (!Find(key, LmdbCursorOperation.SetRange, out var next, out _)
            || next.Span.SequenceEqual(key)
            || !LmdbLeaf.TryFind(_cursor, _transaction, next.Span, out var leaf)
            || leaf.RoomBytes >= entrySize
            || !leaf.IsWorthSplitting)
        {
            return Insert(key, value, out existing);
        }
        var firstMoved = leaf.Place + _runs.CountStaying(run, entrySize, leaf);
        // The room that is left must be less than one entry can take, or the first one moved would come back into it.
        while (firstMoved < leaf.Count - 1 && leaf.RoomBytes + leaf.SizeFrom(firstMoved) - entrySize >= leaf.EntrySizeMax)
            firstMoved++;
        var moved = leaf.CopyFrom(firstMoved);
        // More than half of the page stays, so the library merges nothing.
        TakeOff(moved);
        Insert(key, value, out _);
        PutOnNewPage(moved);
        Find(key, LmdbCursorOperation.Set, out _, out existing);
        return true;
    }

    /// <summary>
    /// Puts the page of a run's last entry together with the one before, which the run has left nearly empty: takes entries off until the library does that.
    /// </summary>
    /// <param name="last">The key of the run's last entry, which may be one of those.</param>
    private void JoinPageBefore(int run, ReadOnlySpan<byte> last, ReadOnlySpan<(byte[] Key, byte[] Value)> entries)
    {
        TakeOff(entries);
        foreach (var (key, value) in entries)
            Insert(key, value, out _);
        if (Find(last, LmdbCursorOperation.Set, out _, out _) && LmdbLeaf.TryFind(_cursor, _transaction, last, out var leaf))
            _runs.SetRoom(run, leaf);
    }

    /// <summary>Deletes entries that are put back at once, from the last one on, so that each stands where its page ends.</summary>
    private void TakeOff(ReadOnlySpan<(byte[] Key, byte[] Value)> entries)
    {
        CountWrite(0);
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (Find(entries[i].Key, LmdbCursorOperation.Set, out _, out _))
                Succeeds(LmdbNative.mdb_cursor_del(_cursor, 0), "move an entry");
        }
    }

    /// <summary>Puts entries behind all others of a page, which is to keep its room for what comes before them.</summary>
    /// <remarks>
    /// Where the library splits a page for an entry that goes to its end it takes the one before along. So the second one is too large for the page, by a filler
    /// that it has until all are there. A single entry stays.
    /// </remarks>
    private void PutOnNewPage(ReadOnlySpan<(byte[] Key, byte[] Value)> entries)
    {
        Insert(entries[0].Key, entries[0].Value, out _);
        if (entries.Length == 1)
            return;
        var (key, value) = entries[1];
        var filler = LmdbLeaf.TryFind(_cursor, _transaction, entries[0].Key, out var leaf) ? leaf.SizeOfFiller(key.Length, value.Length) : 0;
        Insert(key, filler == 0 ? value : new byte[filler], out _);
        foreach (var (nextKey, nextValue) in entries[2..])
            Insert(nextKey, nextValue, out _);
        if (filler != 0 && Find(key, LmdbCursorOperation.Set, out _, out _))
            Overwrite(key, value);
    }

    private void CountWrite(int sizeBytes)
    {
        BytesWritten += sizeBytes;
        _dirtyPagesMax += DirtyPagesPerWriteMax + (sizeBytes / PageSizeMinBytes);
    }

    private void LocateMap()
    {
        LmdbValue key;
        LmdbValue value;
        if (LmdbNative.mdb_cursor_get(_cursor, &key, &value, LmdbCursorOperation.First) == LmdbStatus.Success)
            _map.Locate(value.Data);
    }

    private void CloseCursor()
    {
        if (_cursor != 0)
            LmdbNative.mdb_cursor_close(_cursor);
        _cursor = 0;
    }

    private nint Leave()
    {
        var transaction = _transaction;
        _transaction = 0;
        return transaction;
    }

    private void ThrowIfFaulted()
    {
        if (Fault != LmdbStatus.Success)
            throw LmdbStatus.ToException(Fault, "go on after a failed write");
    }

    private bool Succeeds(int status, string action)
    {
        if (status == LmdbStatus.Success)
            return true;
        Fault = status;
        throw LmdbStatus.ToException(status, action);
    }
}
