namespace GeoFabric.Storage.Lmdb;

/// <summary>A view of one commit: spans point straight into the memory map, whose pages of this commit are not reused while it is open.</summary>
internal sealed unsafe class LmdbSnapshot(LmdbEngine engine, LmdbReadSlot slot) : ISnapshot
{
    /// <summary>A search or two gain nothing from taking turns.</summary>
    private const int LookedUpTogetherFrom = 3;

    private LmdbReadSlot? _slot = slot;

    private LmdbLookup _lookup;
    private bool _isLookedAt;
    private long _commit;
    private int _remembered;
    private int _sought;

    private LmdbReadSlot Slot => _slot ?? throw new ObjectDisposedException(nameof(LmdbSnapshot));

    private long Commit
    {
        get
        {
            var transaction = Slot.Transaction;
            return _commit == 0 ? _commit = (long)LmdbNative.mdb_txn_id(transaction) : _commit;
        }
    }

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var transaction = Slot.Transaction;
        value = default;
        if (!StorageKey.IsPossible(key))
            return false;
        fixed (byte* keyBytes = key)
        {
            var nativeKey = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
            LmdbValue nativeValue;
            var status = LmdbNative.mdb_get(transaction, LmdbNative.MainDatabase, &nativeKey, &nativeValue);
            if (status == LmdbStatus.NotFound)
                return false;
            LmdbStatus.ThrowIfFailed(status, "read an entry");
            value = nativeValue.Span;
            return true;
        }
    }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        if (!engine.Presence.Knows(key, Commit))
            return FindAndRemember(key);
        _remembered++;
        return true;
    }

    public void ContainsMany(KeyBatch keys, Span<bool> areThere)
    {
        engine.Presence.Knows(keys, Commit, areThere);
        for (var index = 0; index < keys.Count; index++)
        {
            if (areThere[index])
                _remembered++;
            else
                areThere[index] = FindAndRemember(keys.KeyAt(index));
        }
    }

    public void GetMany(KeyBatch batch)
    {
        if (batch.Count >= LookedUpTogetherFrom && MayLookUp(batch.KeyAt(0)) && _lookup.TryGet(batch))
            return;
        for (var index = 0; index < batch.Count; index++)
        {
            if (TryGet(batch.KeyAt(index), out var value))
                batch.SetValue(index, value);
        }
    }

    public ICursor OpenCursor(KeyRange range, ScanDirection direction = ScanDirection.Forward)
    {
        _ = Slot;
        return new LmdbCursor<CursorOwner>(new CursorOwner(this), range, direction);
    }

    public ISnapshot Fork()
    {
        var shared = Slot;
        shared.AddView();
        return new LmdbSnapshot(engine, shared);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _slot, null) is not { } ended)
            return;
        if (_commit != 0)
            engine.Presence.Count(_remembered, _sought);
        if (ended.EndView())
            engine.Return(ended);
    }

    /// <summary>Learns where the tree begins from a cursor that is put on a key, once.</summary>
    private bool MayLookUp(ReadOnlySpan<byte> key)
    {
        if (_isLookedAt)
            return _lookup.IsAble;
        _isLookedAt = true;
        var cursor = Slot.TakeCursor();
        try
        {
            fixed (byte* keyBytes = key)
            {
                var found = new LmdbValue { Size = (nuint)key.Length, Data = keyBytes };
                LmdbValue value;
                if (LmdbNative.mdb_cursor_get(cursor, &found, &value, LmdbCursorOperation.SetRange) == LmdbStatus.Success)
                    _lookup = LmdbLookup.Of(cursor, Slot.Transaction, found.Span, engine.Map);
            }
            return _lookup.IsAble;
        }
        finally
        {
            Slot.ReturnCursor(cursor);
        }
    }

    private LmdbReadAhead ReadAhead(nint cursor, ReadOnlySpan<byte> key) => LmdbReadAhead.Of(cursor, Slot.Transaction, key, engine.Map);

    private bool FindAndRemember(ReadOnlySpan<byte> key)
    {
        _sought++;
        if (!TryGet(key, out _))
            return false;
        engine.Presence.Remember(key, Commit);
        return true;
    }

    private readonly struct CursorOwner(LmdbSnapshot snapshot) : ILmdbCursorOwner
    {
        public nint Attach(LmdbCursor cursor) => snapshot.Slot.TakeCursor();

        public void Release(LmdbCursor cursor, nint native) => snapshot._slot?.ReturnCursor(native);

        public ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> found) => found;

        public void ThrowIfEnded() => _ = snapshot.Slot;

        public LmdbReadAhead ReadAhead(nint native, ReadOnlySpan<byte> key) => snapshot.ReadAhead(native, key);
    }
}
