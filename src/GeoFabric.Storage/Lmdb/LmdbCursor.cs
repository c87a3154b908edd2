namespace GeoFabric.Storage.Lmdb;

/// <summary>Where a cursor gets its native half from, and how long what it finds stays still.</summary>
internal interface ILmdbCursorOwner
{
    nint Attach(LmdbCursor cursor);

    void Release(LmdbCursor cursor, nint native);

    /// <summary>Returns the found bytes in memory that keeps them until the owner ends.</summary>
    ReadOnlySpan<byte> Hold(ReadOnlySpan<byte> found);

    void ThrowIfEnded();

    /// <param name="key">Of the entry on which the native cursor stands.</param>
    LmdbReadAhead ReadAhead(nint native, ReadOnlySpan<byte> key);
}

/// <summary>A cursor as its owner sees it.</summary>
internal abstract class LmdbCursor
{
    /// <summary>Gives up the native cursor; the present entry stays readable, and the next move searches its key.</summary>
    public abstract void Detach();
}

/// <summary>Walks a range. In a write transaction each write detaches it; it then finds its place again by the last key.</summary>
/// <typeparam name="TOwner">A structure, so that the calls to the owner, several for each entry, are compiled into the moves.</typeparam>
internal sealed unsafe class LmdbCursor<TOwner>(TOwner owner, KeyRange range, ScanDirection direction) : LmdbCursor, ICursor
    where TOwner : struct, ILmdbCursorOwner
{
    /// <summary>Moves after which a walk is long enough to be worth a look at what comes next.</summary>
    private const int WalkFrom = 8;

    private enum State
    {
        BeforeFirst,
        Positioned,
        Ended,
    }

    /// <summary>First bytes of the range's end as a number: a key whose own are less lies before it.</summary>
    private readonly ulong _endHead = range.End is null ? ulong.MaxValue : StorageKey.HeadOf(range.End);

    private State _state = State.BeforeFirst;
    private nint _native;
    private int _walked;
    private LmdbReadAhead _ahead;
    private byte* _key;
    private int _keyLength;
    private byte* _value;
    private int _valueLength;

    public ReadOnlySpan<byte> Key
    {
        get
        {
            ThrowIfNotPositioned();
            return new ReadOnlySpan<byte>(_key, _keyLength);
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            ThrowIfNotPositioned();
            return new ReadOnlySpan<byte>(_value, _valueLength);
        }
    }

    public bool MoveNext()
    {
        owner.ThrowIfEnded();
        if (_state == State.Ended)
            return false;
        var isForward = direction == ScanDirection.Forward;
        if (_state == State.BeforeFirst)
            return isForward ? AtOrAfter(range.Start) : range.End is null ? Go(LmdbCursorOperation.Last) : Before(range.End);
        if (_native != 0)
            return isForward ? Go(LmdbCursorOperation.Next) && Walk() : Go(LmdbCursorOperation.Previous);
        var last = new ReadOnlySpan<byte>(_key, _keyLength);
        return isForward ? After(last) : Before(last);
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        owner.ThrowIfEnded();
        _walked = 0;
        if (direction == ScanDirection.Forward)
            return AtOrAfter(key.SequenceCompareTo(range.Start) < 0 ? range.Start : key);
        return range.End is not null && key.SequenceCompareTo(range.End) >= 0 ? Before(range.End) : AtOrBefore(key);
    }

    public override void Detach()
    {
        if (_native == 0)
            return;
        var native = _native;
        _native = 0;
        _walked = 0;
        owner.Release(this, native);
    }

    public void Dispose()
    {
        Detach();
        _state = State.Ended;
    }

    private bool AtOrAfter(ReadOnlySpan<byte> key) =>
        key.IsEmpty ? Go(LmdbCursorOperation.First) : Find(key) ? Stand() : End();

    private bool After(ReadOnlySpan<byte> key)
    {
        if (!Find(key))
            return End();
        return FoundKey.SequenceEqual(key) ? Go(LmdbCursorOperation.Next) : Stand();
    }

    private bool Before(ReadOnlySpan<byte> key) =>
        key.IsEmpty ? End() : Go(Find(key) ? LmdbCursorOperation.Previous : LmdbCursorOperation.Last);

    private bool AtOrBefore(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
            return End();
        if (!Find(key))
            return Go(LmdbCursorOperation.Last);
        return FoundKey.SequenceEqual(key) ? Stand() : Go(LmdbCursorOperation.Previous);
    }

    private bool Walk()
    {
        if (_walked < WalkFrom)
        {
            if (++_walked < WalkFrom)
                return true;
            _ahead = owner.ReadAhead(_native, FoundKey);
        }
        _ahead.Ask(_keyLength + _valueLength);
        return true;
    }

    private ReadOnlySpan<byte> FoundKey => new(_key, _keyLength);

    /// <summary>Puts the native cursor on the first entry at or after a key.</summary>
    private bool Find(ReadOnlySpan<byte> key)
    {
        fixed (byte* bytes = key)
            return Call(new LmdbValue { Size = (nuint)key.Length, Data = bytes }, LmdbCursorOperation.SetRange);
    }

    private bool Go(LmdbCursorOperation operation) => Call(default, operation) ? Stand() : End();

    private bool Call(LmdbValue key, LmdbCursorOperation operation)
    {
        if (_native == 0)
            _native = owner.Attach(this);
        LmdbValue value;
        var status = LmdbNative.mdb_cursor_get(_native, &key, &value, operation);
        if (status == LmdbStatus.NotFound)
            return false;
        LmdbStatus.ThrowIfFailed(status, "move a cursor");
        _key = key.Data;
        _keyLength = (int)key.Size;
        _value = value.Data;
        _valueLength = checked((int)value.Size);
        return true;
    }

    /// <summary>Takes the found entry as the present one, if the range holds it.</summary>
    private bool Stand()
    {
        var key = FoundKey;
        var isInside = direction == ScanDirection.Forward
            ? StorageKey.HeadOf(key) < _endHead || range.End is null || key.SequenceCompareTo(range.End) < 0
            : key.SequenceCompareTo(range.Start) >= 0;
        if (!isInside)
            return End();
        fixed (byte* held = owner.Hold(key))
            _key = held;
        fixed (byte* held = owner.Hold(new ReadOnlySpan<byte>(_value, _valueLength)))
            _value = held;
        _state = State.Positioned;
        return true;
    }

    private bool End()
    {
        _state = State.Ended;
        return false;
    }

    private void ThrowIfNotPositioned()
    {
        owner.ThrowIfEnded();
        if (_state != State.Positioned)
            throw new InvalidOperationException("The cursor stands on no entry; MoveNext or Seek must have answered true.");
    }
}
