using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>The entries of one document in one index, sorted by key and without repetitions once <see cref="Finish"/> was called. Reused by the writer.</summary>
internal sealed class IndexEntrySet : IIndexEntrySink
{
    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[512];
    private byte[] _documentKey = [];
    private byte[] _prefix = [];
    private byte[] _covered = [];
    private EdgeChunkChanger? _chunks;
    private bool _isUnique;
    private int _used;

    public int Count => _entries.Count;

    public ReadOnlySpan<byte> DocumentKey => _documentKey;

    /// <summary>What each of the entries tells besides its fields.</summary>
    public ReadOnlySpan<byte> Covered => _covered;

    /// <summary>What indexes write with that keep entries together.</summary>
    public EdgeChunkChanger Chunks => _chunks ??= new EdgeChunkChanger();

    /// <summary>Whether <see cref="Finish"/> dropped repeated entries.</summary>
    public bool HadRepetitions { get; private set; }

    public void Begin(IIndexMaintainer index, ReadOnlySpan<byte> encodedDocumentKey, Value document)
    {
        _entries.Clear();
        _used = 0;
        HadRepetitions = false;
        _isUnique = index.Definition.IsUnique;
        Keep(ref _prefix, index.Prefix);
        Keep(ref _documentKey, encodedDocumentKey);
        Keep(ref _covered, index.Covered(document));
    }

    public void Add(ReadOnlySpan<byte> fields)
    {
        var isTruncated = IndexFields.IsTooLong(fields);
        var fieldsSize = IndexFields.StoredSize(fields);
        var size = KeyLayout.IndexPrefixSize + fieldsSize + (_isUnique && !isTruncated ? 0 : _documentKey.Length);
        if (_used + size > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_used + size, 2 * _bytes.Length));
        var key = _bytes.AsSpan(_used, size);
        _prefix.CopyTo(key);
        IndexFields.Write(key[KeyLayout.IndexPrefixSize..], fields);
        if (!_isUnique || isTruncated)
            _documentKey.CopyTo(key[(KeyLayout.IndexPrefixSize + fieldsSize)..]);
        _entries.Add(new Entry(_used, size, fieldsSize, isTruncated));
        _used += size;
    }

    public void Finish()
    {
        if (_entries.Count < 2)
            return;
        _entries.Sort((left, right) => Bytes(left).SequenceCompareTo(Bytes(right)));
        var kept = 1;
        for (var i = 1; i < _entries.Count; i++)
        {
            if (Bytes(_entries[i]).SequenceEqual(Bytes(_entries[kept - 1])))
                HadRepetitions = true;
            else
                _entries[kept++] = _entries[i];
        }
        _entries.RemoveRange(kept, _entries.Count - kept);
    }

    public ReadOnlySpan<byte> KeyAt(int position) => Bytes(_entries[position]);

    /// <summary>The entry's key without a document key at its end.</summary>
    public ReadOnlySpan<byte> KeyWithoutDocumentAt(int position) =>
        _bytes.AsSpan(_entries[position].Offset, KeyLayout.IndexPrefixSize + _entries[position].FieldsSize);

    public bool IsTruncatedAt(int position) => _entries[position].IsTruncated;

    /// <summary>Writes the entry's value; <paramref name="destination"/> needs <see cref="IndexEntryRecord.SizeMax"/> bytes, or more for what is covered.</summary>
    public int WriteValueAt(int position, Span<byte> destination)
    {
        var entry = _entries[position];
        return _isUnique && !entry.IsTruncated
            ? IndexEntryRecord.WriteWithKey(destination, _documentKey)
            : IndexEntryRecord.WriteWithKeyBehindFields(destination, entry.FieldsSize, entry.IsTruncated, _covered);
    }

    private ReadOnlySpan<byte> Bytes(Entry entry) => _bytes.AsSpan(entry.Offset, entry.Size);

    private static void Keep(ref byte[] kept, ReadOnlySpan<byte> bytes)
    {
        if (kept.AsSpan().SequenceEqual(bytes))
            return;
        if (kept.Length != bytes.Length)
            kept = new byte[bytes.Length];
        bytes.CopyTo(kept);
    }

    private readonly record struct Entry(int Offset, int Size, int FieldsSize, bool IsTruncated);
}
