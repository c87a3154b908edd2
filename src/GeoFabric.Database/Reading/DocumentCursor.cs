using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>Walks documents in <c>_key</c> order. One object per scan, none per row.</summary>
internal sealed class DocumentCursor(FabricReads reads, ICursor entries, CollectionRuntime collection, KeyBounds? bounds) : IDocumentCursor
{
    private byte[]? _key;
    private int _keyLength = -1;

    public Value Document
    {
        get
        {
            var record = entries.Value;
            DocumentRecord.Verify(entries.Key, record, collection.Definition.Source);
            return Value.FromDocument(collection.Definition.Source, record);
        }
    }

    public ReadOnlySpan<byte> DocumentKey
    {
        get
        {
            _key ??= new byte[Primitives.Names.DocumentKey.LengthMax];
            if (_keyLength < 0)
                _keyLength = DocumentKeyCodec.Decode(entries.Key[KeyLayout.CollectionPrefixSize..], _key);
            return _key.AsSpan(0, _keyLength);
        }
    }

    public bool MoveNext()
    {
        do
        {
            _keyLength = -1;
            if (!entries.MoveNext())
                return false;
        }
        while (bounds is not null && !bounds.Contain(DocumentKey));
        reads.CountRead(collection);
        return true;
    }

    public bool TryGetField(int position, out Value value)
    {
        value = position == 0 ? Value.FromUtf8(DocumentKey) : default;
        return position == 0;
    }

    public void Dispose() => entries.Dispose();
}
