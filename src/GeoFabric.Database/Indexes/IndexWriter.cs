using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>Moves the index entries of a document from its old to its new state. Belongs to the writer and is reused.</summary>
/// <param name="fields">Scratch space.</param>
/// <remarks>Two steps, so that a violated constraint leaves nothing behind: <see cref="Prepare"/> looks at all indexes, <see cref="Apply"/> writes.</remarks>
internal sealed class IndexWriter(KeyWriter fields)
{
    /// <summary>One entry in this many goes into the sample from which selectivity is estimated.</summary>
    public const uint SampleEvery = 8;

    private readonly List<(IndexEntrySet Old, IndexEntrySet New)> _sets = [];

    /// <summary>Collects the entries of both states; a null document has none.</summary>
    /// <exception cref="GeoFabricException">1210 when another document holds one of the new entries of a unique index.</exception>
    public void Prepare(IStorageReader storage, CollectionRuntime collection, ReadOnlySpan<byte> encodedKey, Value old, Value @new)
    {
        while (_sets.Count < collection.Indexes.Length)
            _sets.Add((new IndexEntrySet(), new IndexEntrySet()));
        for (var i = 0; i < collection.Indexes.Length; i++)
        {
            var index = collection.Indexes[i];
            var (oldEntries, newEntries) = _sets[i];
            // Most updates leave most indexes alone, and the key of a text costs far more than looking at it.
            var isSame = !old.IsNull && !@new.IsNull && index.HasSameFields(old, @new);
            Collect(index, encodedKey, isSame ? Value.Null : old, oldEntries);
            Collect(index, encodedKey, isSame ? Value.Null : @new, newEntries);
            if (index.Definition.IsUnique)
                CheckUnique(storage, collection, index, encodedKey, oldEntries, newEntries, @new);
        }
    }

    public void Apply(IWriteTransaction storage, CollectionRuntime collection, CounterRows counters)
    {
        for (var i = 0; i < collection.Indexes.Length; i++)
        {
            var (oldEntries, newEntries) = _sets[i];
            Replace(storage, collection, collection.Indexes[i], oldEntries, newEntries, counters);
        }
    }

    /// <summary>Adds the entries of a stored document to one index that is being filled.</summary>
    /// <exception cref="GeoFabricException">1210.</exception>
    public void Fill(IWriteTransaction storage, CollectionRuntime collection, IIndexMaintainer index, ReadOnlySpan<byte> encodedKey, Value document, CounterRows counters)
    {
        if (_sets.Count == 0)
            _sets.Add((new IndexEntrySet(), new IndexEntrySet()));
        var (oldEntries, newEntries) = _sets[0];
        Collect(index, encodedKey, Value.Null, oldEntries);
        Collect(index, encodedKey, document, newEntries);
        if (index.Definition.IsUnique)
            CheckUnique(storage, collection, index, encodedKey, oldEntries, newEntries, document);
        Replace(storage, collection, index, oldEntries, newEntries, counters);
    }

    private void Collect(IIndexMaintainer index, ReadOnlySpan<byte> encodedKey, Value document, IndexEntrySet entries)
    {
        entries.Begin(index, encodedKey, document);
        if (!document.IsNull)
            index.Collect(document, fields, entries);
        entries.Finish();
    }

    private static void CheckUnique(
        IStorageReader storage, CollectionRuntime collection, IIndexMaintainer index, ReadOnlySpan<byte> encodedKey,
        IndexEntrySet oldEntries, IndexEntrySet newEntries, Value document)
    {
        if (newEntries.HadRepetitions && !index.Definition.Deduplicate)
            throw Violation(index, encodedKey);
        var old = 0;
        for (var i = 0; i < newEntries.Count; i++)
        {
            var key = newEntries.KeyAt(i);
            while (old < oldEntries.Count && oldEntries.KeyAt(old).SequenceCompareTo(key) < 0)
                old++;
            if (old < oldEntries.Count && oldEntries.KeyAt(old).SequenceEqual(key))
                continue;
            if (newEntries.IsTruncatedAt(i))
                CheckTruncatedUnique(storage, collection, index, encodedKey, newEntries.KeyWithoutDocumentAt(i), document);
            else if (storage.TryGet(key, out var value) && !IndexEntryRecord.DocumentKeyOf(key, value).SequenceEqual(encodedKey))
                throw Violation(index, IndexEntryRecord.DocumentKeyOf(key, value));
        }
    }

    /// <summary>Cut entries are the same only if the documents agree in the whole of their fields.</summary>
    private static void CheckTruncatedUnique(
        IStorageReader storage, CollectionRuntime collection, IIndexMaintainer index, ReadOnlySpan<byte> encodedKey, ReadOnlySpan<byte> entryStart, Value document)
    {
        var mine = FullFieldsSink.Read(index, document, entryStart[KeyLayout.IndexPrefixSize..]);
        using var cursor = storage.OpenCursor(KeyRange.WithPrefix(entryStart));
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        while (cursor.MoveNext())
        {
            var otherKey = IndexEntryRecord.DocumentKeyOf(cursor.Key, cursor.Value);
            if (otherKey.SequenceEqual(encodedKey))
                continue;
            collection.DocumentPrefix.CopyTo(storageKey);
            otherKey.CopyTo(storageKey[KeyLayout.CollectionPrefixSize..]);
            if (!storage.TryGet(storageKey[..(KeyLayout.CollectionPrefixSize + otherKey.Length)], out var record))
                continue;
            var other = Value.FromDocument(collection.Definition.Source, record);
            foreach (var theirs in FullFieldsSink.Read(index, other, entryStart[KeyLayout.IndexPrefixSize..]))
            {
                if (mine.Any(own => own.AsSpan().SequenceEqual(theirs)))
                    throw Violation(index, otherKey);
            }
        }
    }

    private static GeoFabricException Violation(IIndexMaintainer index, ReadOnlySpan<byte> encodedKey)
    {
        var definition = index.Definition;
        return ErrorCodes.UniqueConstraintViolated.With(
            $"in index {definition.Name} of type {definition.TypeName} over '{string.Join(", ", definition.Fields.Select(field => field.Text))}'; conflicting key: {DocumentKeyCodec.DecodeToString(encodedKey)}");
    }

    /// <summary>Deletes the entries only the old state has, then writes those only the new one has.</summary>
    private static void Replace(
        IWriteTransaction storage, CollectionRuntime collection, IIndexMaintainer index, IndexEntrySet oldEntries, IndexEntrySet newEntries, CounterRows counters)
    {
        var inNew = 0;
        for (var i = 0; i < oldEntries.Count; i++)
        {
            var key = oldEntries.KeyAt(i);
            if (IsIn(newEntries, ref inNew, key) || !IsOwn(storage, index, oldEntries, key))
                continue;
            if (index.DeleteEntry(storage, oldEntries, i))
                Count(storage, collection, index, oldEntries, i, counters, -1);
        }
        var inOld = 0;
        for (var i = 0; i < newEntries.Count; i++)
        {
            if (IsIn(oldEntries, ref inOld, newEntries.KeyAt(i)))
            {
                if (!oldEntries.Covered.SequenceEqual(newEntries.Covered) && (!index.Definition.IsBuilding || index.TryGetEntry(storage, newEntries.KeyAt(i), out _)))
                    index.PutEntry(storage, newEntries, i);
                continue;
            }
            // While an index is being filled, an entry may be there already: whoever came first has counted it.
            if (index.Definition.IsBuilding && index.TryGetEntry(storage, newEntries.KeyAt(i), out _))
                continue;
            Count(storage, collection, index, newEntries, i, counters, 1);
            index.PutEntry(storage, newEntries, i);
        }
    }

    /// <summary>
    /// While a unique index is being filled, the entry a document would have may belong to another document with the same values, whose
    /// violation the filling has yet to find.
    /// </summary>
    private static bool IsOwn(IWriteTransaction storage, IIndexMaintainer index, IndexEntrySet entries, ReadOnlySpan<byte> key) =>
        !index.Definition.IsBuilding
        || !index.Definition.IsUnique
        || (storage.TryGet(key, out var value) && IndexEntryRecord.DocumentKeyOf(key, value).SequenceEqual(entries.DocumentKey));

    private static bool IsIn(IndexEntrySet entries, ref int position, ReadOnlySpan<byte> key)
    {
        while (position < entries.Count && entries.KeyAt(position).SequenceCompareTo(key) < 0)
            position++;
        return position < entries.Count && entries.KeyAt(position).SequenceEqual(key);
    }

    /// <summary>Counts an entry that is about to be written or has just been deleted, when no other one of the same fields must be there.</summary>
    private static void Count(
        IWriteTransaction storage, CollectionRuntime collection, IIndexMaintainer index, IndexEntrySet entries, int position, CounterRows counters, int change)
    {
        var definition = index.Definition;
        ref var row = ref counters.RowOf(collection.ContentsId, definition.Id);
        row.First += change;
        if (entries.IsTruncatedAt(position))
            row.Fourth += change;
        var start = entries.KeyWithoutDocumentAt(position);
        if (definition.IsUnique || !IsSampled(start[KeyLayout.IndexPrefixSize..]))
            return;
        row.Second += change;
        using var others = storage.OpenCursor(KeyRange.WithPrefix(start));
        if (!others.MoveNext())
            row.Third += change;
    }

    public static bool IsSampled(ReadOnlySpan<byte> encodedFields) => Crc32C.Compute(encodedFields) % SampleEvery == 0;
}
