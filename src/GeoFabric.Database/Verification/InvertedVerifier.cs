using System.Buffers.Binary;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Verification;

/// <summary>Compares an inverted index with the documents: every posting a document should have is there, there are no others, and the counts are right.</summary>
internal sealed class InvertedVerifier(IStorageReader storage, InvertedIndex index, CollectionRuntime collection, Findings findings)
{
    private readonly PostingList _postings = new();
    private readonly InvertedScratch _scratch = new();
    private readonly Dictionary<string, (long Documents, long Terms)> _fields = new(StringComparer.Ordinal);
    private readonly BlockReading _block = new();
    private long _documents;
    private long _documented;

    private string Name => $"{collection.Definition.Name}, index {index.Definition.Name}";

    public void VerifyDocument(Value document, ReadOnlySpan<byte> encodedKey)
    {
        var key = DocumentKeyCodec.DecodeToString(encodedKey);
        if (!storage.TryGet(InvertedKeys.Document(index.Prefix, encodedKey), out var stored))
        {
            if (!index.Definition.IsBuilding)
                findings.Report($"{Name}: document '{key}' has no number");
            return;
        }
        var number = BinaryPrimitives.ReadUInt32BigEndian(stored);
        if (!storage.TryGet(InvertedKeys.Number(index.Prefix, number), out var back) || !back.SequenceEqual(encodedKey))
            findings.Report($"{Name}: number {number} does not lead back to document '{key}'");
        _documents++;
        var storedKey = InvertedKeys.Stored(index.Prefix, number);
        if (index.StoresValues && !(storage.TryGet(storedKey, out var kept) && kept.SequenceEqual(index.WriteStored(storedKey, document))))
            findings.Report($"{Name}: the values stored of document '{key}' are not those it has");
        _postings.Clear();
        index.Collect(document, _postings, _scratch);
        _postings.EndDocument(number);
        foreach (var field in _postings.Fields)
        {
            if (field.Terms == 0)
                continue;
            var name = Convert.ToHexString(_postings[field.Name]);
            var counted = _fields.GetValueOrDefault(name);
            _fields[name] = (counted.Documents + 1, counted.Terms + field.Terms);
        }
        byte[] blocks = [.. index.Prefix, (byte)InvertedKeyKind.Block];
        using var cursor = storage.OpenCursor(KeyRange.WithPrefix(blocks));
        foreach (var posting in _postings.Postings)
        {
            _documented++;
            if (!_block.Holds(cursor, blocks, _postings, posting))
                findings.Report($"{Name}: document '{key}' is not found by one of its terms as it should be");
        }
    }

    public VerifiedIndex Finish()
    {
        long postings = 0;
        byte[] prefix = InvertedKeys.Kind(index.Prefix, InvertedKeyKind.Block);
        byte[] term = [];
        uint before = 0;
        using (var cursor = storage.OpenCursor(KeyRange.WithPrefix(prefix)))
        {
            while (cursor.MoveNext())
            {
                if (!_block.TryRead(cursor.Value))
                {
                    findings.Report($"{Name}: a block of postings is damaged");
                    continue;
                }
                postings += _block.Header.Count;
                var isSame = cursor.Key[..^4].SequenceEqual(term);
                var bound = BinaryPrimitives.ReadUInt32BigEndian(cursor.Key[^4..]);
                if (!_block.IsOrdered || _block.Header.LastDocument > bound || (isSame && _block.First <= before))
                    findings.Report($"{Name}: the documents of a term are out of order");
                before = bound;
                if (!isSame)
                    term = cursor.Key[..^4].ToArray();
            }
        }
        if (postings != _documented)
        {
            findings.Report($"{Name}: {postings} postings, {_documented} of them from documents");
            NameStrays();
        }
        Span<long> counts = stackalloc long[2];
        storage.TryGet(InvertedKeys.Kind(index.Prefix, InvertedKeyKind.Statistics), out var record);
        CounterRecord.Read(record, counts);
        if (counts[0] != _documents)
            findings.Report($"{Name}: {_documents} documents, counted {counts[0]}");
        var numbers = Count(InvertedKeyKind.Number);
        var keys = Count(InvertedKeyKind.Document);
        if (numbers != _documents || keys != _documents)
            findings.Report($"{Name}: {_documents} documents, {numbers} numbers and {keys} keys of documents");
        var kept = Count(InvertedKeyKind.Stored);
        findings.ReportUnless(kept == (index.StoresValues ? _documents : 0), $"{Name}: {_documents} documents, and {kept} records of stored values");
        VerifyFields();
        return new VerifiedIndex(index.Definition.Name, index.Definition.TypeName, postings, index.Definition.IsBuilding, findings.Count);
    }

    /// <summary>Counts all postings again, now per document.</summary>
    private void NameStrays()
    {
        var counts = new Dictionary<uint, int>();
        using (var blocks = storage.OpenCursor(KeyRange.WithPrefix(InvertedKeys.Kind(index.Prefix, InvertedKeyKind.Block))))
        {
            while (blocks.MoveNext())
            {
                if (!_block.TryRead(blocks.Value))
                    continue;
                foreach (var document in _block.Documents)
                    counts[document] = counts.GetValueOrDefault(document) + 1;
            }
        }
        foreach (var (number, count) in counts.OrderBy(count => count.Key))
        {
            if (!storage.TryGet(InvertedKeys.Number(index.Prefix, number), out var encodedKey) || !DocumentKeyCodec.TryDecode(encodedKey, out var key)
                || !storage.TryGet([.. collection.DocumentPrefix, .. encodedKey], out var record))
            {
                findings.Report($"{Name}: {count} postings of number {number} belong to no document");
                continue;
            }
            if (!DocumentRecord.IsIntact([.. collection.DocumentPrefix, .. encodedKey], record))
                continue;
            _postings.Clear();
            index.Collect(Value.FromDocument(collection.Definition.Source, record), _postings, _scratch);
            _postings.EndDocument(number);
            if (_postings.Count != count)
                findings.Report($"{Name}: document '{key}' has {count} postings, not {_postings.Count}");
        }
    }

    private void VerifyFields()
    {
        var prefix = InvertedKeys.Kind(index.Prefix, InvertedKeyKind.Field);
        Span<long> counts = stackalloc long[2];
        using var cursor = storage.OpenCursor(KeyRange.WithPrefix(prefix));
        while (cursor.MoveNext())
        {
            CounterRecord.Read(cursor.Value, counts);
            var name = Convert.ToHexString(cursor.Key[prefix.Length..]);
            _fields.Remove(name, out var counted);
            if (counted != (counts[0], counts[1]))
                findings.Report($"{Name}: a field has {counted.Documents} documents and {counted.Terms} terms, counted {counts[0]} and {counts[1]}");
        }
        if (_fields.Count > 0)
            findings.Report($"{Name}: {_fields.Count} fields are not counted");
    }

    private long Count(InvertedKeyKind kind)
    {
        long count = 0;
        using var cursor = storage.OpenCursor(KeyRange.WithPrefix(InvertedKeys.Kind(index.Prefix, kind)));
        while (cursor.MoveNext())
            count++;
        return count;
    }

    /// <summary>One block, read.</summary>
    private sealed class BlockReading
    {
        private readonly uint[] _documents = new uint[PostingBlock.PostingsMax];
        private readonly int[] _frequencies = new int[PostingBlock.PostingsMax];
        private readonly int[] _lengths = new int[PostingBlock.PostingsMax];

        public BlockHeader Header { get; private set; }

        public uint First => _documents[0];

        public ReadOnlySpan<uint> Documents => _documents.AsSpan(0, Header.Count);

        public bool IsOrdered
        {
            get
            {
                for (var i = 1; i < Header.Count; i++)
                {
                    if (_documents[i] <= _documents[i - 1])
                        return false;
                }
                return _documents[Header.Count - 1] == Header.LastDocument;
            }
        }

        public bool TryRead(ReadOnlySpan<byte> block)
        {
            try
            {
                Header = PostingBlock.ReadHeader(block);
                PostingBlock.ReadPostings(block, Header, _documents, _frequencies, _lengths);
                return true;
            }
            catch (Exception damage) when (damage is InvalidDataException or IndexOutOfRangeException or ArgumentException)
            {
                return false;
            }
        }

        public bool Holds(ICursor cursor, ReadOnlySpan<byte> blocks, PostingList list, in Posting posting)
        {
            Span<byte> key = stackalloc byte[KeyLayout.KeySizeMax];
            var term = list[posting.Key];
            blocks.CopyTo(key);
            term.CopyTo(key[blocks.Length..]);
            var size = blocks.Length + term.Length;
            BinaryPrimitives.WriteUInt32BigEndian(key[size..], posting.Document);
            if (!cursor.Seek(key[..(size + 4)]) || !cursor.Key[..^4].SequenceEqual(key[..size]) || !TryRead(cursor.Value))
                return false;
            var place = Array.IndexOf(_documents, posting.Document, 0, Header.Count);
            if (place < 0 || _frequencies[place] != posting.Frequency || _lengths[place] != posting.Length
                || Header.FrequencyMax < posting.Frequency || Header.LengthMin > posting.Length)
                return false;
            if (!Header.HasPositions)
                return posting.Positions.Length == 0;
            var at = Header.PositionsAt;
            for (var i = 0; i < place; i++)
                PostingBlock.SkipPositions(cursor.Value, ref at, _frequencies[i]);
            var start = at;
            PostingBlock.SkipPositions(cursor.Value, ref at, _frequencies[place]);
            return cursor.Value[start..at].SequenceEqual(list[posting.Positions]);
        }
    }
}
