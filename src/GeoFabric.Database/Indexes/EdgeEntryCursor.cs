using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>Walks the entries of an edge index as if each had a key of its own.</summary>
/// <param name="index">How all keys of the index begin.</param>
/// <remarks>Inside a transaction that writes, each move looks for its place again, because chunks may have been split or changed. Keys and values last until the next move.</remarks>
internal sealed class EdgeEntryCursor(IStorageReader storage, byte[] index, KeyRange range, ScanDirection direction) : ICursor
{
    private readonly List<(int Key, int KeySize, int Value, int ValueSize)> _entries = [];
    private readonly EdgeChunkReader _edges = new();
    private readonly bool _isForward = direction == ScanDirection.Forward;
    private readonly bool _isStill = storage is not IWriteTransaction;
    private ICursor? _forward;
    private ICursor? _backward;
    private byte[] _bytes = new byte[1024];
    private byte[] _chunkKey = [];
    private int _used;
    private int _at = -1;
    private bool _hasBegun;

    public ReadOnlySpan<byte> Key => _bytes.AsSpan(Present.Key, Present.KeySize);

    public ReadOnlySpan<byte> Value => _bytes.AsSpan(Present.Value, Present.ValueSize);

    private ICursor Forward => _forward ??= storage.OpenCursor(KeyRange.WithPrefix(index));

    private ICursor Backward => _backward ??= storage.OpenCursor(KeyRange.WithPrefix(index), ScanDirection.Backward);

    private (int Key, int KeySize, int Value, int ValueSize) Present =>
        _at >= 0 ? _entries[_at] : throw new InvalidOperationException("The cursor stands on no entry; MoveNext or Seek must have answered true.");

    public bool MoveNext()
    {
        if (!_hasBegun)
            return _isForward ? Find(range.Start, isStrict: false) : FindBeforeEnd();
        if (_at < 0)
            return false;
        if (!_isStill)
            return Find(Key.ToArray(), isStrict: true);
        _at += _isForward ? 1 : -1;
        return (_at >= 0 && _at < _entries.Count) || LoadNext() ? Stand() : End();
    }

    public bool Seek(ReadOnlySpan<byte> key)
    {
        if (_isForward)
            return Find(key.SequenceCompareTo(range.Start) < 0 ? range.Start : key, isStrict: false);
        return range.End is not null && key.SequenceCompareTo(range.End) >= 0 ? FindBeforeEnd() : Find(key, isStrict: false);
    }

    public void Dispose()
    {
        _forward?.Dispose();
        _backward?.Dispose();
        End();
    }

    private bool FindBeforeEnd() => Find(range.End ?? KeyRange.After(index)!, isStrict: true);

    /// <summary>Stands on the first entry in the cursor's direction from a key on.</summary>
    /// <param name="isStrict">Not on the key itself.</param>
    private bool Find(ReadOnlySpan<byte> key, bool isStrict)
    {
        _hasBegun = true;
        // The last chunk that does not begin behind the key may hold it.
        if (Backward.Seek(key))
            Load(Backward);
        else if (_isForward && Forward.Seek(key))
            Load(Forward);
        else
            return End();
        var limit = isStrict ? 0 : -1;
        if (_isForward)
        {
            for (_at = 0; _at < _entries.Count; _at++)
            {
                if (Key.SequenceCompareTo(key) > limit)
                    return Stand();
            }
        }
        else
        {
            for (_at = _entries.Count - 1; _at >= 0; _at--)
            {
                if (key.SequenceCompareTo(Key) > limit)
                    return Stand();
            }
        }
        return LoadNext() ? Stand() : End();
    }

    private bool LoadNext()
    {
        bool isFound;
        if (_isForward)
        {
            isFound = Forward.Seek([.. _chunkKey, 0]);
            if (isFound)
                Load(Forward);
            _at = 0;
        }
        else
        {
            isFound = Backward.Seek(_chunkKey) && (!Backward.Key.SequenceEqual(_chunkKey) || Backward.MoveNext());
            if (isFound)
                Load(Backward);
            _at = _entries.Count - 1;
        }
        return isFound;
    }

    /// <summary>Makes entries of the edges of a chunk.</summary>
    private void Load(ICursor chunks)
    {
        var chunk = chunks.Value;
        _chunkKey = chunks.Key.ToArray();
        var start = _chunkKey.AsSpan(0, KeyLayout.IndexPrefixSize + IndexEntryRecord.FieldsOf(_chunkKey, chunk).Length);
        _entries.Clear();
        _used = 0;
        _edges.Begin();
        while (_edges.MoveNext(chunk))
        {
            var keySize = start.Length + _edges.DocumentKey.Length;
            var valueSize = EdgeChunk.HeaderSize + _edges.OtherEnd.Length;
            if (_used + keySize + valueSize > _bytes.Length)
                Array.Resize(ref _bytes, 2 * (_used + keySize + valueSize));
            var key = _bytes.AsSpan(_used);
            start.CopyTo(key);
            _edges.DocumentKey.CopyTo(key[start.Length..]);
            var value = key[keySize..];
            chunk[..EdgeChunk.HeaderSize].CopyTo(value);
            _edges.OtherEnd.CopyTo(value[EdgeChunk.HeaderSize..]);
            _entries.Add((_used, keySize, _used + keySize, valueSize));
            _used += keySize + valueSize;
        }
    }

    private bool Stand() => (_isForward ? range.End is null || Key.SequenceCompareTo(range.End) < 0 : Key.SequenceCompareTo(range.Start) >= 0) || End();

    private bool End()
    {
        _hasBegun = true;
        _at = -1;
        return false;
    }
}
