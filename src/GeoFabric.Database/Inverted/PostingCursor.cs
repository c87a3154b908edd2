using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Inverted;

/// <summary>Walks the documents that have a term, by number. Use from one thread; dispose before the reader.</summary>
public sealed class PostingCursor : IDisposable
{
    /// <summary>Behind the last document.</summary>
    public const uint End = uint.MaxValue;

    private readonly ICursor _blocks;
    private readonly byte[] _key;
    private readonly uint[] _documents = new uint[PostingBlock.PostingsMax];
    private readonly int[] _frequencies = new int[PostingBlock.PostingsMax];
    private readonly int[] _lengths = new int[PostingBlock.PostingsMax];
    private BlockHeader _header;
    private int _position = -1;
    private int _decoded = -1;
    private int _positionsAt;
    private int _positionsOf;
    private bool _isDone;

    internal PostingCursor(IStorageReader storage, byte[] termKey)
    {
        _key = [.. termKey, 0, 0, 0, 0];
        _blocks = storage.OpenCursor(KeyRange.WithPrefix(termKey));
    }

    /// <summary>The present document's number; <see cref="End"/> behind the last.</summary>
    public uint Document { get; private set; }

    /// <summary>How often the term occurs in it.</summary>
    public int Frequency => _frequencies[_position];

    /// <summary>Terms of its field.</summary>
    public int Length => _lengths[_position];

    /// <summary>Greatest frequency and least length of the present block: no posting in it scores more than these would.</summary>
    public (int Frequency, int Length) BlockBest => (_header.FrequencyMax, _header.LengthMin);

    /// <summary>Last document of the present block.</summary>
    public uint BlockLast => _header.LastDocument;

    /// <summary>Moves to the first document.</summary>
    public bool MoveFirst() => _blocks.MoveNext() ? ReadBlock(0) : Finish();

    public bool MoveNext()
    {
        if (_isDone)
            return false;
        if (_position < 0)
            return MoveFirst();
        Decode();
        if (++_position < _header.Count)
        {
            Document = _documents[_position];
            return true;
        }
        return _blocks.MoveNext() ? ReadBlock(0) : Finish();
    }

    /// <summary>Moves to the first document whose number is at least <paramref name="document"/>. Never goes back.</summary>
    public bool MoveTo(uint document)
    {
        if (_isDone)
            return false;
        if (_position >= 0 && Document >= document)
            return true;
        if (_position < 0 || document > _header.LastDocument)
        {
            if (!SkipTo(document))
                return false;
        }
        return Find(document);
    }

    /// <summary>Moves to the block that would hold a document, without reading what is in it: <see cref="BlockBest"/> and <see cref="BlockLast"/> are known then.</summary>
    /// <returns><see langword="false"/> when all documents are before it.</returns>
    public bool MoveToBlock(uint document)
    {
        if (_isDone)
            return false;
        return (_position >= 0 && document <= _header.LastDocument) || SkipTo(document);
    }

    /// <summary>Reads where in the present document the term occurs, in order.</summary>
    public void ReadPositions(List<int> positions)
    {
        positions.Clear();
        if (!_header.HasPositions)
            return;
        var block = _blocks.Value;
        if (_positionsOf > _position)
        {
            _positionsOf = 0;
            _positionsAt = _header.PositionsAt;
        }
        for (; _positionsOf < _position; _positionsOf++)
            PostingBlock.SkipPositions(block, ref _positionsAt, _frequencies[_positionsOf]);
        var at = _positionsAt;
        var position = 0;
        for (var i = 0; i < _frequencies[_position]; i++)
        {
            position += (int)VarInt.Read(block, ref at);
            positions.Add(position);
        }
    }

    public void Dispose() => _blocks.Dispose();

    private bool SkipTo(uint document)
    {
        // The next block is the most likely one.
        if (_position >= 0 && !_blocks.MoveNext())
            return Finish();
        if (_position < 0 || BinaryPrimitives.ReadUInt32BigEndian(_blocks.Key[^4..]) < document)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_key.AsSpan(_key.Length - 4), document);
            if (!_blocks.Seek(_key))
                return Finish();
        }
        _header = PostingBlock.ReadHeader(_blocks.Value);
        // Removals may have left a block whose documents all come before its bound, and before this one.
        while (_header.LastDocument < document)
        {
            if (!_blocks.MoveNext())
                return Finish();
            _header = PostingBlock.ReadHeader(_blocks.Value);
        }
        _position = 0;
        _decoded = -1;
        _positionsOf = 0;
        _positionsAt = _header.PositionsAt;
        Document = 0;
        return true;
    }

    private bool Find(uint document)
    {
        Decode();
        var documents = _documents.AsSpan(0, _header.Count);
        while (documents[_position] < document)
            _position++;
        Document = documents[_position];
        return true;
    }

    private bool ReadBlock(int position)
    {
        _header = PostingBlock.ReadHeader(_blocks.Value);
        _position = position;
        _decoded = -1;
        _positionsOf = 0;
        _positionsAt = _header.PositionsAt;
        Decode();
        Document = _documents[position];
        return true;
    }

    private void Decode()
    {
        if (_decoded == _header.Count)
            return;
        PostingBlock.ReadPostings(_blocks.Value, _header, _documents, _frequencies, _lengths);
        _decoded = _header.Count;
    }

    private bool Finish()
    {
        _isDone = true;
        Document = End;
        return false;
    }
}
