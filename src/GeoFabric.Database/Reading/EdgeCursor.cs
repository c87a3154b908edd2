using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>The edges at a vertex through one of the two edge indexes, chunk by chunk.</summary>
internal sealed class EdgeCursor(FabricReads reads, IStorageReader storage, CollectionRuntime collection, EdgeIndex index) : IEdgeCursor
{
    private readonly byte[] _prefix = new byte[KeyLayout.KeySizeMax];
    private readonly KeyWriter _fields = new();
    private readonly EdgeChunkReader _edges = new();
    private readonly ICursor _chunks = storage.OpenCursor(KeyRange.WithPrefix(index.Prefix));
    private ICursor? _chunksBackward;
    private byte[]? _longVertex;
    private byte[]? _key;
    private byte[]? _storageKey;
    private int _prefixLength;
    private Place _place = Place.Ended;

    private enum Place
    {
        BeforeFirst,

        /// <summary>On the edge that the next move hands out.</summary>
        OnNext,
        OnPresent,
        Ended,
    }

    /// <summary>Set for readers that must not meet edges whose time has come by then.</summary>
    public HybridTimestamp? LiveAt { get; init; }

    public ReadOnlySpan<byte> OtherEnd => _edges.OtherEnd;

    public ReadOnlySpan<byte> EdgeKey => (_key ??= new byte[DocumentKey.LengthMax]).AsSpan(0, DocumentKeyCodec.Decode(_edges.DocumentKey, _key));

    public ReadOnlySpan<byte> Position => _edges.DocumentKey;

    private ReadOnlySpan<byte> Prefix => _prefix.AsSpan(0, _prefixLength);

    public Value Edge
    {
        get
        {
            var encoded = _edges.DocumentKey;
            _storageKey ??= new byte[KeyLayout.DocumentKeySizeMax];
            collection.DocumentPrefix.CopyTo(_storageKey);
            encoded.CopyTo(_storageKey.AsSpan(KeyLayout.CollectionPrefixSize));
            return reads.TryGetRecord(collection, _storageKey.AsSpan(0, KeyLayout.CollectionPrefixSize + encoded.Length), out var edge)
                ? edge
                : throw IndexCursor.LeadsNowhere(index, collection, encoded);
        }
    }

    public void Seek(ReadOnlySpan<byte> vertexId)
    {
        Aim(vertexId);
        _place = Place.BeforeFirst;
    }

    public void SeekBehind(ReadOnlySpan<byte> vertexId, ReadOnlySpan<byte> position)
    {
        Aim(vertexId);
        // Whoever has not been elsewhere stands there still, unless there may have been writes.
        if (_place == Place.OnPresent && storage is not IWriteTransaction && _chunks.Key.StartsWith(Prefix) && _edges.DocumentKey.SequenceEqual(position))
            return;
        // The edge may have been removed since by the transaction that walks, or be in another chunk.
        position.CopyTo(_prefix.AsSpan(_prefixLength));
        _chunksBackward ??= storage.OpenCursor(KeyRange.WithPrefix(index.Prefix), ScanDirection.Backward);
        var start = _chunksBackward.Seek(_prefix.AsSpan(0, _prefixLength + position.Length)) && _chunksBackward.Key.StartsWith(Prefix) ? _chunksBackward.Key : Prefix;
        _place = Place.Ended;
        if (!_chunks.Seek(start) || !_chunks.Key.StartsWith(Prefix))
            return;
        _edges.Begin();
        _place = Place.OnPresent;
        while (_place == Place.OnPresent && _edges.MoveNext(_chunks.Value))
        {
            if (_edges.DocumentKey.SequenceCompareTo(position) > 0)
                _place = Place.OnNext;
        }
    }

    public bool MoveNext()
    {
        do
        {
            if (!MoveToNext())
            {
                _place = Place.Ended;
                return false;
            }
            _place = Place.OnPresent;
        }
        while ((_longVertex is not null && !IsAtVertex()) || (LiveAt is { } at && collection.IsExpired(Edge, at)));
        reads.CountRead(collection);
        return true;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        _chunksBackward?.Dispose();
        _fields.Dispose();
    }

    private bool MoveToNext()
    {
        if (_place == Place.OnNext)
            return true;
        if (_place == Place.Ended)
            return false;
        if (_place == Place.OnPresent && _edges.MoveNext(_chunks.Value))
            return true;
        if (!(_place == Place.BeforeFirst ? _chunks.Seek(Prefix) : _chunks.MoveNext()) || !_chunks.Key.StartsWith(Prefix))
            return false;
        _edges.Begin();
        return _edges.MoveNext(_chunks.Value);
    }

    /// <summary>What the keys of all chunks of the vertex begin with. No encoding is the beginning of another one.</summary>
    private void Aim(ReadOnlySpan<byte> vertexId)
    {
        _fields.Clear();
        _fields.WriteExact(vertexId);
        var fields = _fields.Written;
        index.Prefix.CopyTo(_prefix);
        IndexFields.Write(_prefix.AsSpan(KeyLayout.IndexPrefixSize), fields);
        _prefixLength = KeyLayout.IndexPrefixSize + IndexFields.StoredSize(fields);
        // An id too long for an entry is there as its hash: whether it is the id itself the edge says.
        _longVertex = IndexFields.IsTooLong(fields) ? vertexId.ToArray() : null;
    }

    private bool IsAtVertex()
    {
        var end = Edge.GetAttribute(index.OwnEnd);
        return end.IsString && end.Utf8.SequenceEqual(_longVertex);
    }
}
