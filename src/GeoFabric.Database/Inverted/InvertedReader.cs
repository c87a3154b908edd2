using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Inverted;

/// <summary>Reads one inverted index: terms, the documents that have them, and the counts that scores are made of. Use from one thread.</summary>
public sealed class InvertedReader
{
    private readonly IStorageReader _storage;
    private readonly byte[] _prefix;
    private readonly DocumentFinder _find;

    internal InvertedReader(IStorageReader storage, InvertedIndex index, DocumentFinder find, bool hidesDocuments)
    {
        HidesDocuments = hidesDocuments;
        _storage = storage;
        _prefix = index.Prefix.ToArray();
        _find = find;
        StoredFields = index.Definition.Stored.Fields;
        DocumentCount = Read(InvertedKeys.Kind(_prefix, InvertedKeyKind.Statistics))[0];
    }

    /// <summary>Finds a document by its encoded key.</summary>
    internal delegate bool DocumentFinder(ReadOnlySpan<byte> encodedKey, out Value document);

    public long DocumentCount { get; }

    /// <summary>What <see cref="GetStored"/> tells, in this order.</summary>
    public ImmutableArray<IndexField> StoredFields { get; }

    /// <summary>Whether <see cref="TryGetDocument"/> may say no.</summary>
    public bool HidesDocuments { get; }

    /// <summary>Documents that have a field, and how many terms it has in all of them together.</summary>
    public (long Documents, long Terms) CountField(SearchPath path, string analyzer)
    {
        var counts = Read([.. _prefix, (byte)InvertedKeyKind.Field, .. FieldKey(path, analyzer)]);
        return (counts[0], counts[1]);
    }

    /// <summary>The documents that have a term; not yet on the first one.</summary>
    public PostingCursor OpenTerm(SearchPath path, string analyzer, ReadOnlySpan<byte> term) => new(_storage, TermKey(path, analyzer, term));

    /// <summary>How many documents have a term, how often one of them has it at most, and how long the field is at least.</summary>
    public TermCounts CountTerm(SearchPath path, string analyzer, ReadOnlySpan<byte> term)
    {
        var counts = TermCounts.None;
        using var blocks = _storage.OpenCursor(KeyRange.WithPrefix(TermKey(path, analyzer, term)));
        while (blocks.MoveNext())
        {
            var header = PostingBlock.ReadHeader(blocks.Value);
            counts += new TermCounts(header.Count, header.FrequencyMax, header.LengthMin);
        }
        return counts;
    }

    /// <summary>Walks the terms of a field, in order of their bytes.</summary>
    /// <param name="from">The first one, or the smallest after it.</param>
    public TermCursor OpenTerms(SearchPath path, string analyzer, ReadOnlySpan<byte> from)
    {
        byte[] field = [.. _prefix, (byte)InvertedKeyKind.Block, .. FieldKey(path, analyzer)];
        Span<byte> term = stackalloc byte[InvertedKeys.TermSizeMax + 1];
        var size = InvertedKeys.WriteTerm(term, from);
        return new TermCursor(_storage.OpenCursor(KeyRange.WithPrefix(field)), field.Length, [.. field, .. term[..(size - 1)]]);
    }

    /// <summary>Walks the numbers of all documents.</summary>
    public NumberCursor OpenAll() => new(_storage.OpenCursor(KeyRange.WithPrefix(InvertedKeys.Kind(_prefix, InvertedKeyKind.Number))), _prefix);

    /// <summary>The document of a number; <see langword="false"/> when it has expired.</summary>
    public bool TryGetDocument(uint number, out Value document)
    {
        if (_storage.TryGet(InvertedKeys.Number(_prefix, number), out var encodedKey))
            return _find(encodedKey, out document);
        document = default;
        return false;
    }

    /// <summary>What the index keeps of the document of a number.</summary>
    public ArrayView GetStored(uint number)
    {
        var key = InvertedKeys.Stored(_prefix, number);
        return _storage.TryGet(key, out var record)
            ? StoredValuesRecord.Read(key, record).Items
            : throw ErrorCodes.CorruptedDocument.With("an index keeps no values of a document it finds; drop the index or view and make it again");
    }

    /// <summary>The key of the document of a number.</summary>
    public string GetKey(uint number) => _storage.TryGet(InvertedKeys.Number(_prefix, number), out var encodedKey)
        ? DocumentKeyCodec.DecodeToString(encodedKey)
        : throw ErrorCodes.CorruptedDocument.With("an index does not know the key of a document it finds; drop the index or view and make it again");

    private byte[] TermKey(SearchPath path, string analyzer, ReadOnlySpan<byte> term)
    {
        Span<byte> written = stackalloc byte[InvertedKeys.TermSizeMax + 1];
        return [.. _prefix, (byte)InvertedKeyKind.Block, .. FieldKey(path, analyzer), .. written[..InvertedKeys.WriteTerm(written, term)]];
    }

    private static byte[] FieldKey(SearchPath path, string analyzer)
    {
        var name = Encoding.UTF8.GetBytes(analyzer);
        var key = new byte[(2 * (path.Bytes.Length + name.Length)) + 2];
        var size = InvertedKeys.WriteEscaped(key, path.Bytes);
        key[size++] = 0;
        size += InvertedKeys.WriteEscaped(key.AsSpan(size), name);
        key[size++] = 0;
        return key[..size];
    }

    private long[] Read(byte[] key)
    {
        var values = new long[2];
        _storage.TryGet(key, out var record);
        CounterRecord.Read(record, values);
        return values;
    }
}

/// <summary>What is known of a term without reading its postings.</summary>
/// <param name="FrequencyMax">No document has it more often.</param>
/// <param name="LengthMin">No document that has it has a shorter field.</param>
public readonly record struct TermCounts(long Documents, int FrequencyMax, int LengthMin)
{
    public static TermCounts None { get; } = new(0, 0, int.MaxValue);

    public static TermCounts operator +(TermCounts left, TermCounts right) =>
        new(left.Documents + right.Documents, Math.Max(left.FrequencyMax, right.FrequencyMax), Math.Min(left.LengthMin, right.LengthMin));
}

/// <summary>Walks the terms of a field.</summary>
public sealed class TermCursor : IDisposable
{
    private readonly ICursor _blocks;
    private readonly int _fieldSize;
    private readonly byte[] _term = new byte[InvertedKeys.TermSizeMax];
    private byte[] _seek;
    private int _size;

    internal TermCursor(ICursor blocks, int fieldSize, byte[] from)
    {
        _blocks = blocks;
        _fieldSize = fieldSize;
        _seek = from;
    }

    /// <summary>The present term. One that is longer than an index keeps ends in digits of its hash.</summary>
    public ReadOnlySpan<byte> Term => _term.AsSpan(0, _size);

    public bool MoveNext()
    {
        if (!_blocks.Seek(_seek))
            return false;
        // The term ends at its mark, the byte 00, before the four of the bound.
        var key = _blocks.Key;
        _size = InvertedKeys.ReadTerm(key[_fieldSize..^5], _term);
        // The mark's successor comes after all blocks of the term and before any other term.
        if (_seek.Length != key.Length - 4)
            _seek = new byte[key.Length - 4];
        key[..^4].CopyTo(_seek);
        _seek[^1] = 1;
        return true;
    }

    public void Dispose() => _blocks.Dispose();
}

/// <summary>Walks the numbers of all documents of an index.</summary>
public sealed class NumberCursor : IDisposable
{
    private readonly ICursor _numbers;
    private readonly byte[] _prefix;

    internal NumberCursor(ICursor numbers, byte[] prefix)
    {
        _numbers = numbers;
        _prefix = prefix;
    }

    public uint Document { get; private set; }

    public bool MoveNext() => Take(_numbers.MoveNext());

    public bool MoveTo(uint document) => Take(_numbers.Seek(InvertedKeys.Number(_prefix, document)));

    public void Dispose() => _numbers.Dispose();

    private bool Take(bool isPositioned)
    {
        Document = isPositioned ? BinaryPrimitives.ReadUInt32BigEndian(_numbers.Key[^4..]) : PostingCursor.End;
        return isPositioned;
    }
}
