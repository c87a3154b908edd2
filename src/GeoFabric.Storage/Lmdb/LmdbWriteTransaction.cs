using GeoFabric.Storage.Writing;

namespace GeoFabric.Storage.Lmdb;

/// <summary>One work's turn in a batch: its undo log and the memory of what it has read.</summary>
internal sealed unsafe class LmdbWriteTransaction(LmdbWriteBatch batch, WorkArena arena, UndoLog undo)
    : IWriteTransaction, IUndoTarget
{
    private readonly List<LmdbCursor> _attachedCursors = [];
    private bool _isEnded;

    private LmdbWriteBatch Batch => batch;

    /// <summary>Whether the work has written anything that it has not taken back.</summary>
    public bool HasWritten => undo.Position > 0;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        ThrowIfEnded();
        value = default;
        if (!StorageKey.IsPossible(key) || !batch.TryGet(key, out var found))
            return false;
        value = Hold(found.Span);
        return true;
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        ThrowIfEnded();
        return StorageKey.IsPossible(key) && batch.TryGet(key, out _);
    }

    public void GetMany(KeyBatch keys)
    {
        for (var index = 0; index < keys.Count; index++)
        {
            if (TryGet(keys.KeyAt(index), out var value))
                keys.SetValue(index, value);
        }
    }

    public ICursor OpenCursor(KeyRange range, ScanDirection direction = ScanDirection.Forward)
    {
        ThrowIfEnded();
        return new LmdbCursor<CursorOwner>(new CursorOwner(this), range, direction);
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ThrowIfEnded();
        StorageKey.ThrowIfImpossible(key);
        DetachCursors();
        if (batch.TryInsert(key, value, out var existing))
        {
            undo.RecordInsert(key);
            return;
        }
        undo.RecordReplacement(key, Hold(existing.Span));
        batch.Overwrite(key, value);
    }

    public bool Delete(ReadOnlySpan<byte> key)
    {
        ThrowIfEnded();
        if (!StorageKey.IsPossible(key))
            return false;
        DetachCursors();
        if (!batch.Find(key, LmdbCursorOperation.Set, out _, out var existing))
            return false;
        undo.RecordReplacement(key, Hold(existing.Span));
        batch.DeleteFound(key);
        return true;
    }

    public int DeleteRange(KeyRange range, int limit)
    {
        ThrowIfEnded();
        DetachCursors();
        // The library takes no empty key; one zero byte is the smallest key there can be.
        ReadOnlySpan<byte> start = range.Start.Length == 0 ? [0] : range.Start;
        var count = 0;
        while (count < limit && batch.Find(start, LmdbCursorOperation.SetRange, out var key, out var existing))
        {
            if (range.End is not null && key.Span.SequenceCompareTo(range.End) >= 0)
                break;
            undo.RecordReplacement(key.Span, Hold(existing.Span));
            batch.DeleteFound(key.Span);
            count++;
        }
        return count;
    }

    public Savepoint Mark()
    {
        ThrowIfEnded();
        return new Savepoint(undo.Position);
    }

    public void RollbackTo(Savepoint savepoint)
    {
        ThrowIfEnded();
        if ((uint)savepoint.Position > (uint)undo.Position)
            throw new ArgumentException("The savepoint belongs to another work, or a rollback to an earlier one has ended it.", nameof(savepoint));
        DetachCursors();
        undo.Return(savepoint.Position, this);
    }

    /// <summary>Closes what the work has left open and frees its memory.</summary>
    public void End()
    {
        DetachCursors();
        _isEnded = true;
        undo.Clear();
        arena.Clear();
    }

    void IUndoTarget.PutBack(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!batch.TryInsert(key, value, out _))
            batch.Overwrite(key, value);
    }

    void IUndoTarget.Remove(ReadOnlySpan<byte> key)
    {
        if (batch.Find(key, LmdbCursorOperation.Set, out _, out _))
            batch.DeleteFound(key);
    }

    private ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> found)
    {
        fixed (byte* address = found)
            return batch.IsStill(address) ? found : arena.Keep(found);
    }

    private void DetachCursors()
    {
        while (_attachedCursors.Count > 0)
            _attachedCursors[^1].Detach();
    }

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_isEnded, this);

    private readonly struct CursorOwner(LmdbWriteTransaction transaction) : ILmdbCursorOwner
    {
        public nint Attach(LmdbCursor cursor)
        {
            var native = transaction.Batch.OpenCursor();
            transaction._attachedCursors.Add(cursor);
            return native;
        }

        public void Release(LmdbCursor cursor, nint native)
        {
            if (transaction._attachedCursors.Remove(cursor))
                LmdbNative.mdb_cursor_close(native);
        }

        public ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> found) => transaction.Hold(found);

        public void ThrowIfEnded() => transaction.ThrowIfEnded();

        /// <summary>Pages that were written lie on the heap: a number does not tell where.</summary>
        public LmdbReadAhead ReadAhead(nint native, ReadOnlySpan<byte> key) => default;
    }
}
