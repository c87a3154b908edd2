using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>Knows which entries a document has in one index. Immutable and shared by readers and the writer.</summary>
internal interface IIndexMaintainer
{
    IndexDefinition Definition { get; }

    /// <summary>Keyspace byte, contents id and index id: how all keys of this index begin.</summary>
    ReadOnlySpan<byte> Prefix { get; }

    /// <summary>Adds the document's entries to <paramref name="entries"/>.</summary>
    /// <param name="fields">Scratch space.</param>
    void Collect(Value document, KeyWriter fields, IIndexEntrySink entries);

    /// <summary>Whether two states of a document certainly have the same entries, with what these tell besides, as far as that can be told without making them.</summary>
    bool HasSameFields(Value left, Value right) => false;

    /// <summary>Writes a value as the field of an entry.</summary>
    void WriteField(KeyWriter fields, Value value) => fields.Write(value);

    /// <summary>What each entry of the document tells besides its fields; empty when that is nothing. As short-lived as the document.</summary>
    ReadOnlySpan<byte> Covered(Value document) => default;

    /// <summary>Walks entries. How they lie in storage is the index's business; as a rule each has a key of its own.</summary>
    ICursor OpenEntries(IStorageReader storage, KeyRange range, ScanDirection direction = ScanDirection.Forward) => storage.OpenCursor(range, direction);

    /// <summary>The value of one entry; as short-lived as <paramref name="storage"/> allows.</summary>
    bool TryGetEntry(IStorageReader storage, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => storage.TryGet(key, out value);

    /// <summary>Writes one entry of a document, in place of the one with its key.</summary>
    void PutEntry(IWriteTransaction storage, IndexEntrySet entries, int position)
    {
        Span<byte> value = entries.Covered.Length <= IndexEntryRecord.CoveredSizeMax ? stackalloc byte[IndexEntryRecord.SizeMax] : new byte[IndexEntryRecord.SizeWith(entries.Covered)];
        storage.Put(entries.KeyAt(position), value[..entries.WriteValueAt(position, value)]);
    }

    /// <returns>Whether it was there.</returns>
    bool DeleteEntry(IWriteTransaction storage, IndexEntrySet entries, int position) => storage.Delete(entries.KeyAt(position));

    /// <summary>How many entries a value in storage stands for.</summary>
    int CountEntries(ReadOnlySpan<byte> value) => 1;

    /// <summary>Whether what storage holds under a key can be taken apart at all.</summary>
    bool IsWhole(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => IndexEntryRecord.IsWhole(key, value);
}

/// <summary>Receives the encoded fields of entries.</summary>
internal interface IIndexEntrySink
{
    void Add(ReadOnlySpan<byte> fields);
}
