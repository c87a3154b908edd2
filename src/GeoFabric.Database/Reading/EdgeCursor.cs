using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>The edges at a vertex through one of the two edge indexes, whose entries tell the other end.</summary>
/// <param name="entries">Over the whole index.</param>
internal sealed class EdgeCursor(FabricReads reads, ICursor entries, CollectionRuntime collection, IIndexMaintainer index) : IEdgeCursor
{
    private readonly byte[] _key = new byte[DocumentKey.LengthMax];
    private readonly byte[] _storageKey = new byte[KeyLayout.DocumentKeySizeMax];
    private readonly byte[] _prefix = new byte[KeyLayout.KeySizeMax];
    private readonly KeyWriter _fields = new();
    private byte[]? _longVertex;
    private int _prefixLength;
    private Place _place = Place.Ended;

    private enum Place
    {
        BeforeFirst,

        /// <summary>On the entry that the next move hands out.</summary>
        OnNext,
        OnPresent,
        Ended,
    }

    /// <summary>Set for readers that must not meet edges whose time has come by then.</summary>
    public HybridTimestamp? LiveAt { get; init; }

    public ReadOnlySpan<byte> OtherEnd => IndexEntryRecord.CoveredOf(entries.Value);

    public ReadOnlySpan<byte> EdgeKey => _key.AsSpan(0, DocumentKeyCodec.Decode(IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value), _key));

    public ReadOnlySpan<byte> Position => entries.Key;

    private ReadOnlySpan<byte> Prefix => _prefix.AsSpan(0, _prefixLength);

    public Value Edge
    {
        get
        {
            var encoded = IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value);
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
        // The edge may have been removed since by the transaction that walks.
        _place = !entries.Seek(position) ? Place.Ended : entries.Key.SequenceEqual(position) ? Place.OnPresent : Place.OnNext;
    }

    public bool MoveNext()
    {
        do
        {
            var isPositioned = _place switch
            {
                Place.BeforeFirst => entries.Seek(Prefix),
                Place.OnNext => true,
                Place.OnPresent => entries.MoveNext(),
                _ => false,
            };
            if (!isPositioned || !entries.Key.StartsWith(Prefix))
            {
                _place = Place.Ended;
                return false;
            }
            _place = Place.OnPresent;
        }
        while ((_longVertex is not null && !IsAtVertex()) || (LiveAt is { } at && collection.IsExpired(Edge, at)));
        return true;
    }

    public void Dispose()
    {
        entries.Dispose();
        _fields.Dispose();
    }

    /// <summary>What all entries of the vertex begin with. No encoding is the beginning of another one.</summary>
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
        var end = Edge.GetAttribute(index.Definition.Fields[0].Segments[0] == "_from" ? "_from"u8 : "_to"u8);
        return end.IsString && end.Utf8.SequenceEqual(_longVertex);
    }
}
