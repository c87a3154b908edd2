using GeoFabric.Database.Analysis;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Inverted;

/// <summary>
/// The postings of one document or of many, ordered by term and document once they are sorted. Occurrences are added as they are found; the last step
/// counts them up per term. Reused by the writer.
/// </summary>
internal sealed class PostingList
{
    private readonly Dictionary<ulong, int> _fieldByHash = [];
    private readonly List<Field> _fields = [];
    private readonly List<Occurrence> _occurrences = [];
    private readonly List<Posting> _postings = [];
    private byte[] _bytes = new byte[1024];
    private int _used;
    private int _documentStart;

    public int Count => _postings.Count;

    /// <summary>Memory taken by what was collected.</summary>
    public long Bytes => _used + (32L * _postings.Count);

    public ReadOnlySpan<Posting> Postings => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings);

    /// <summary>Fields of the document collected last, with the number of their terms.</summary>
    public IReadOnlyList<Field> Fields => _fields;

    public ReadOnlySpan<byte> this[ByteRange range] => _bytes.AsSpan(range.Start, range.Length);

    public void Clear()
    {
        _postings.Clear();
        _used = 0;
        BeginDocument();
    }

    public void BeginDocument()
    {
        _fieldByHash.Clear();
        _fields.Clear();
        _occurrences.Clear();
        _documentStart = _postings.Count;
    }

    /// <summary>The place of a field in <see cref="Fields"/>; made when it is new.</summary>
    public int FieldOf(ReadOnlySpan<byte> path, ReadOnlySpan<byte> analyzer, bool hasPositions)
    {
        var start = _used;
        Reserve((2 * (path.Length + analyzer.Length)) + 2);
        _used += InvertedKeys.WriteEscaped(_bytes.AsSpan(_used), path);
        _bytes[_used++] = 0;
        _used += InvertedKeys.WriteEscaped(_bytes.AsSpan(_used), analyzer);
        _bytes[_used++] = 0;
        var name = new ByteRange(start, _used - start);
        var hash = XxHash64.Hash(this[name]);
        while (_fieldByHash.TryGetValue(hash, out var known))
        {
            if (this[_fields[known].Name].SequenceEqual(this[name]))
            {
                _used = start;
                return known;
            }
            hash++;
        }
        _fieldByHash.Add(hash, _fields.Count);
        _fields.Add(new Field(name, hasPositions));
        return _fields.Count - 1;
    }

    public void Add(int field, ReadOnlySpan<byte> term, int position)
    {
        var into = _fields[field];
        Reserve(into.Name.Length + InvertedKeys.TermSizeMax + 1);
        var start = _used;
        this[into.Name].CopyTo(_bytes.AsSpan(_used));
        _used += into.Name.Length;
        _used += InvertedKeys.WriteTerm(_bytes.AsSpan(_used), term);
        _occurrences.Add(new Occurrence(new ByteRange(start, _used - start), field, position));
        into.Terms++;
    }

    /// <summary>Adds the tokens of one value; a further value of the field goes on behind a gap no phrase reaches across.</summary>
    public void Add(int field, TokenList tokens)
    {
        var into = _fields[field];
        var first = into.NextPosition;
        for (var i = 0; i < tokens.Count && into.Terms < TokenList.TokensMax; i++)
        {
            var position = first + tokens.PositionAt(i);
            Add(field, tokens[i], position);
            into.NextPosition = position + Field.ValueGap;
        }
    }

    /// <summary>Counts up what was added for the document.</summary>
    public void EndDocument(uint document)
    {
        var occurrences = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_occurrences);
        occurrences.Sort(CompareOccurrences);
        for (var first = 0; first < occurrences.Length;)
        {
            var key = occurrences[first].Key;
            var next = first + 1;
            while (next < occurrences.Length && this[occurrences[next].Key].SequenceEqual(this[key]))
                next++;
            var field = _fields[occurrences[first].Field];
            var positions = field.HasPositions ? WritePositions(occurrences[first..next]) : default;
            _postings.Add(new Posting(key, document, next - first, field.Terms, positions));
            first = next;
        }
    }

    /// <summary>Gives the postings of the document collected last another number.</summary>
    public void Renumber(uint document)
    {
        for (var i = _documentStart; i < _postings.Count; i++)
            _postings[i] = _postings[i] with { Document = document };
    }

    /// <summary>Orders the postings of several documents by term, then document.</summary>
    public void Sort() => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_postings).Sort((left, right) =>
    {
        var order = this[left.Key].SequenceCompareTo(this[right.Key]);
        return order != 0 ? order : left.Document.CompareTo(right.Document);
    });

    private int CompareOccurrences(Occurrence left, Occurrence right)
    {
        var order = this[left.Key].SequenceCompareTo(this[right.Key]);
        return order != 0 ? order : left.Position.CompareTo(right.Position);
    }

    private ByteRange WritePositions(ReadOnlySpan<Occurrence> occurrences)
    {
        Reserve(VarInt.SizeMax * occurrences.Length);
        var start = _used;
        var before = 0;
        foreach (var occurrence in occurrences)
        {
            _used += VarInt.Write(_bytes.AsSpan(_used), (ulong)(occurrence.Position - before));
            before = occurrence.Position;
        }
        return new ByteRange(start, _used - start);
    }

    private void Reserve(int size)
    {
        if (_used + size > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_used + size, 2 * _bytes.Length));
    }

    internal sealed class Field(ByteRange name, bool hasPositions)
    {
        public const int ValueGap = 1000;

        public ByteRange Name { get; } = name;

        public bool HasPositions { get; } = hasPositions;

        public int Terms { get; set; }

        public int NextPosition { get; set; }
    }

    private readonly record struct Occurrence(ByteRange Key, int Field, int Position);
}
