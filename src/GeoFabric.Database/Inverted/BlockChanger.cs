using System.Buffers.Binary;
using GeoFabric.Storage;

namespace GeoFabric.Database.Inverted;

/// <summary>Adds postings to blocks, changes and removes them. Splits a block that is full; one that is empty goes. Belongs to the writer and is reused.</summary>
internal sealed class BlockChanger
{
    private readonly BlockBuilder _builder = new();
    private readonly List<(byte[] Key, byte[]? Block)> _changes = [];
    private readonly List<DecodedPosting> _postings = [];
    private readonly byte[] _key = new byte[Layout.KeyLayout.KeySizeMax];
    private byte[] _positions = new byte[256];
    private int _positionsUsed;
    private int _prefixSize;
    private ICursor? _cursor;

    /// <summary>Adds a posting of a document whose number is greater than that of any before.</summary>
    public void Append(IWriteTransaction storage, ReadOnlySpan<byte> prefix, PostingList list, in Posting posting)
    {
        var key = BlockKey(prefix, list[posting.Key], InvertedKeys.LastBound);
        if (!storage.TryGet(key, out var block))
        {
            WriteFirst(list, posting);
            storage.Put(key, _builder.Written);
            return;
        }
        var header = PostingBlock.ReadHeader(block);
        if (header.Count < PostingBlock.PostingsMax)
        {
            PostingBlock.WriteAppended(_builder, block, header, posting, list[posting.Positions]);
            storage.Put(key, _builder.Written);
            return;
        }
        Seal(storage, key, block, header);
        WriteFirst(list, posting);
        storage.Put(BlockKey(prefix, list[posting.Key], InvertedKeys.LastBound), _builder.Written);
    }

    /// <summary>The same for postings of many such documents, ordered by term and number: each block is written once.</summary>
    public void AppendAll(IWriteTransaction storage, ReadOnlySpan<byte> prefix, PostingList list)
    {
        var postings = list.Postings;
        for (var first = 0; first < postings.Length;)
        {
            var term = list[postings[first].Key];
            var end = first + 1;
            while (end < postings.Length && list[postings[end].Key].SequenceEqual(term))
                end++;
            ReadLast(storage, BlockKey(prefix, term, InvertedKeys.LastBound), postings[first].Positions.Length > 0, out var hasPositions);
            for (; first < end; first++)
            {
                if (_postings.Count == PostingBlock.PostingsMax)
                {
                    PostingBlock.Write(_builder, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings), _positions, hasPositions);
                    storage.Put(BlockKey(prefix, term, _postings[^1].Document), _builder.Written);
                    ClearPostings();
                }
                AddDecoded(postings[first].Document, postings[first].Frequency, postings[first].Length, list[postings[first].Positions]);
            }
            PostingBlock.Write(_builder, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings), _positions, hasPositions);
            storage.Put(BlockKey(prefix, term, InvertedKeys.LastBound), _builder.Written);
        }
    }

    /// <summary>Begins changes to one document's postings. They are kept until <see cref="End"/>, so that the cursor walks a tree at rest.</summary>
    public void Begin(IWriteTransaction storage, ReadOnlySpan<byte> prefix)
    {
        _changes.Clear();
        byte[] blocks = [.. prefix, (byte)InvertedKeyKind.Block];
        _prefixSize = prefix.Length;
        prefix.CopyTo(_key);
        _cursor = storage.OpenCursor(KeyRange.WithPrefix(blocks));
    }

    /// <summary>Puts a posting in the place of the document's posting of the term, or where it belongs if there is none.</summary>
    public void Set(PostingList list, in Posting posting)
    {
        var term = list[posting.Key];
        if (!Seek(term, posting.Document, out var bound, out var hasPositions))
        {
            bound = InvertedKeys.LastBound;
            hasPositions = posting.Positions.Length > 0;
            ClearPostings();
        }
        var place = PlaceOf(posting.Document);
        var range = AddPositions(list[posting.Positions]);
        var decoded = new DecodedPosting(posting.Document, posting.Frequency, posting.Length, range);
        if (place < _postings.Count && _postings[place].Document == posting.Document)
            _postings[place] = decoded;
        else
            _postings.Insert(place, decoded);
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings);
        if (all.Length <= PostingBlock.PostingsMax)
        {
            Keep(term, bound, all, hasPositions);
            return;
        }
        var half = all.Length / 2;
        Keep(term, all[half - 1].Document, all[..half], hasPositions);
        Keep(term, bound, all[half..], hasPositions);
    }

    /// <summary>Removes the document's posting of a term.</summary>
    public void Remove(ReadOnlySpan<byte> term, uint document)
    {
        if (!Seek(term, document, out var bound, out var hasPositions))
            return;
        var place = PlaceOf(document);
        if (place == _postings.Count || _postings[place].Document != document)
            return;
        _postings.RemoveAt(place);
        if (_postings.Count == 0)
            _changes.Add((BlockKey(_key.AsSpan(0, _prefixSize), term, bound).ToArray(), null));
        else
            Keep(term, bound, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings), hasPositions);
    }

    public void End(IWriteTransaction storage)
    {
        _cursor!.Dispose();
        _cursor = null;
        foreach (var (key, block) in _changes)
        {
            if (block is null)
                storage.Delete(key);
            else
                storage.Put(key, block);
        }
        _changes.Clear();
    }

    /// <summary>Gives a full last block its own bound. What it has on disk stays as it is.</summary>
    private static void Seal(IWriteTransaction storage, ReadOnlySpan<byte> key, ReadOnlySpan<byte> block, BlockHeader header)
    {
        Span<byte> sealedKey = stackalloc byte[key.Length];
        key.CopyTo(sealedKey);
        BinaryPrimitives.WriteUInt32BigEndian(sealedKey[^4..], header.LastDocument);
        storage.Put(sealedKey, block);
    }

    private void WriteFirst(PostingList list, in Posting posting)
    {
        ClearPostings();
        AddDecoded(posting.Document, posting.Frequency, posting.Length, list[posting.Positions]);
        PostingBlock.Write(_builder, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings), _positions, posting.Positions.Length > 0);
    }

    private void ReadLast(IStorageReader storage, ReadOnlySpan<byte> key, bool newHasPositions, out bool hasPositions)
    {
        ClearPostings();
        hasPositions = newHasPositions;
        if (storage.TryGet(key, out var block))
            Decode(block, out hasPositions);
    }

    /// <summary>Reads the block a document's posting of a term is in or belongs in.</summary>
    private bool Seek(ReadOnlySpan<byte> term, uint document, out uint bound, out bool hasPositions)
    {
        bound = 0;
        hasPositions = false;
        var wanted = BlockKey(_key.AsSpan(0, _prefixSize), term, document);
        if (!_cursor!.Seek(wanted) || !_cursor.Key[..^4].SequenceEqual(wanted[..^4]))
            return false;
        bound = BinaryPrimitives.ReadUInt32BigEndian(_cursor.Key[^4..]);
        ClearPostings();
        Decode(_cursor.Value, out hasPositions);
        return true;
    }

    private void Decode(ReadOnlySpan<byte> block, out bool hasPositions)
    {
        var header = PostingBlock.ReadHeader(block);
        hasPositions = header.HasPositions;
        Span<uint> documents = stackalloc uint[header.Count];
        Span<int> frequencies = stackalloc int[header.Count];
        Span<int> lengths = stackalloc int[header.Count];
        PostingBlock.ReadPostings(block, header, documents, frequencies, lengths);
        var at = header.PositionsAt;
        for (var i = 0; i < header.Count; i++)
        {
            var start = at;
            if (hasPositions)
                PostingBlock.SkipPositions(block, ref at, frequencies[i]);
            AddDecoded(documents[i], frequencies[i], lengths[i], block[start..at]);
        }
    }

    private void Keep(ReadOnlySpan<byte> term, uint bound, ReadOnlySpan<DecodedPosting> postings, bool hasPositions)
    {
        PostingBlock.Write(_builder, postings, _positions, hasPositions);
        _changes.Add((BlockKey(_key.AsSpan(0, _prefixSize), term, bound).ToArray(), _builder.Written.ToArray()));
    }

    private int PlaceOf(uint document)
    {
        int low = 0, high = _postings.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_postings[middle].Document < document)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void ClearPostings()
    {
        _postings.Clear();
        _positionsUsed = 0;
    }

    private void AddDecoded(uint document, int frequency, int length, ReadOnlySpan<byte> positions) =>
        _postings.Add(new DecodedPosting(document, frequency, length, AddPositions(positions)));

    private ByteRange AddPositions(ReadOnlySpan<byte> positions)
    {
        if (_positionsUsed + positions.Length > _positions.Length)
            Array.Resize(ref _positions, Math.Max(_positionsUsed + positions.Length, 2 * _positions.Length));
        positions.CopyTo(_positions.AsSpan(_positionsUsed));
        var range = new ByteRange(_positionsUsed, positions.Length);
        _positionsUsed += positions.Length;
        return range;
    }

    /// <summary>The key of a block; dies with the next call.</summary>
    private Span<byte> BlockKey(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> term, uint bound)
    {
        if (!prefix.IsEmpty && !prefix.Overlaps(_key))
            prefix.CopyTo(_key);
        var size = prefix.Length;
        _key[size++] = (byte)InvertedKeyKind.Block;
        term.CopyTo(_key.AsSpan(size));
        size += term.Length;
        BinaryPrimitives.WriteUInt32BigEndian(_key.AsSpan(size), bound);
        return _key.AsSpan(0, size + 4);
    }
}
