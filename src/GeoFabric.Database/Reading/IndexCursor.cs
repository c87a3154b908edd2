using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>Walks the documents of an index range in index order. Documents are read when they are asked for. One object per scan, none per row.</summary>
/// <param name="keys">What an entry that was cut has to satisfy; null when whoever reads looks at the documents anyway.</param>
internal sealed class IndexCursor(
    FabricReads reads, ICursor entries, CollectionRuntime collection, IIndexMaintainer index, IndexRangeKeys? keys) : IDocumentCursor
{
    private readonly byte[] _storageKey = InitialKey(collection);
    private readonly byte[] _key = new byte[Primitives.Names.DocumentKey.LengthMax];
    private KeyBatch? _batch;
    private int _keyLength = -1;
    private bool _hasDocument;
    private Value _document;

    public Value Document
    {
        get
        {
            if (_hasDocument)
                return _document;
            var storageKey = StorageKey;
            if (!reads.TryGetRecord(collection, storageKey, out _document))
                throw LeadsNowhere(index, collection, storageKey[KeyLayout.CollectionPrefixSize..]);
            _hasDocument = true;
            return _document;
        }
    }

    /// <summary>The key of the present document in the key space.</summary>
    private ReadOnlySpan<byte> StorageKey
    {
        get
        {
            var encoded = IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value);
            encoded.CopyTo(_storageKey.AsSpan(KeyLayout.CollectionPrefixSize));
            return _storageKey.AsSpan(0, KeyLayout.CollectionPrefixSize + encoded.Length);
        }
    }

    public ReadOnlySpan<byte> DocumentKey
    {
        get
        {
            if (_keyLength < 0)
                _keyLength = DocumentKeyCodec.Decode(IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value), _key);
            return _key.AsSpan(0, _keyLength);
        }
    }

    public ReadOnlySpan<byte> Covered => IndexEntryRecord.CoveredOf(entries.Value);

    public bool MoveNext()
    {
        do
        {
            _keyLength = -1;
            _hasDocument = false;
            if (!entries.MoveNext())
                return false;
        }
        while (IndexEntryRecord.IsTruncated(entries.Value) && !MatchesWhole());
        reads.CountRead(collection);
        return true;
    }

    public int Read(Span<Value> documents)
    {
        _batch ??= new KeyBatch();
        _batch.Clear();
        while (_batch.Count < documents.Length && MoveNext())
            _batch.Add(StorageKey);
        reads.GetRecords(collection, _batch, documents);
        for (var i = 0; i < _batch.Count; i++)
        {
            if (documents[i].IsNull)
                throw LeadsNowhere(index, collection, _batch.KeyAt(i)[KeyLayout.CollectionPrefixSize..]);
        }
        return _batch.Count;
    }

    public bool TryGetField(int position, out Value value)
    {
        if (keys is null || IndexEntryRecord.IsTruncated(entries.Value))
        {
            value = default;
            return false;
        }
        var fields = new KeyReader(IndexEntryRecord.FieldsOf(entries.Key, entries.Value));
        for (; position > 0; position--)
            fields.Skip();
        value = fields.Read();
        return true;
    }

    public void Dispose() => entries.Dispose();

    internal static GeoFabricException LeadsNowhere(IIndexMaintainer index, CollectionRuntime collection, ReadOnlySpan<byte> encodedKey) =>
        ErrorCodes.CorruptedDocument.With(
            $"index '{index.Definition.Name}' of collection '{collection.Definition.Name}' points to document '{DocumentKeyCodec.DecodeToString(encodedKey)}', which is not there; rebuild the index");

    /// <summary>An entry that was cut says only how its fields begin; the document says whether they are in the range.</summary>
    private bool MatchesWhole()
    {
        if (keys is null)
            return true;
        foreach (var fields in FullFieldsSink.Read(index, Document, IndexEntryRecord.FieldsOf(entries.Key, entries.Value)))
        {
            if (keys.ContainsFields(fields))
                return true;
        }
        return false;
    }

    private static byte[] InitialKey(CollectionRuntime collection)
    {
        var key = new byte[KeyLayout.DocumentKeySizeMax];
        collection.DocumentPrefix.CopyTo(key);
        return key;
    }
}
