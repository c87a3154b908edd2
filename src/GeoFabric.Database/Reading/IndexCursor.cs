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
    FabricReads reads, IStorageReader storage, ICursor entries, CollectionRuntime collection, IIndexMaintainer index, IndexRangeKeys? keys) : IDocumentCursor
{
    private readonly byte[] _storageKey = InitialKey(collection);
    private readonly byte[] _key = new byte[Primitives.Names.DocumentKey.LengthMax];
    private int _keyLength = -1;
    private bool _hasDocument;
    private Value _document;

    public Value Document
    {
        get
        {
            if (_hasDocument)
                return _document;
            var encoded = IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value);
            encoded.CopyTo(_storageKey.AsSpan(KeyLayout.CollectionPrefixSize));
            var storageKey = _storageKey.AsSpan(0, KeyLayout.CollectionPrefixSize + encoded.Length);
            if (!storage.TryGet(storageKey, out var record))
                throw LeadsNowhere(index, collection, encoded);
            DocumentRecord.Verify(storageKey, record, collection.Definition.Source);
            _document = Value.FromDocument(collection.Definition.Source, record);
            _hasDocument = true;
            return _document;
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
