using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Verification;

/// <summary>
/// Walks one state of a fabric and compares everything that is stored twice: documents with index entries, both ways; both with the counters;
/// the documents with the change log.
/// </summary>
public sealed class FabricVerifier
{
    public const int DisagreementsMax = 100;

    private readonly FabricSnapshot _snapshot;
    private readonly FabricDatabase _database;
    private readonly List<string> _disagreements = [];
    private readonly FabricStateRecord _state;
    private long _documents;
    private long _entries;
    private long _records;

    private FabricVerifier(FabricDatabase database, FabricSnapshot snapshot)
    {
        _database = database;
        _snapshot = snapshot;
        _state = FabricDatabase.ReadState(snapshot.Storage);
    }

    private ISnapshot Storage => _snapshot.Storage;

    /// <summary>Verifies the last commit. Reads everything once: takes as long as the fabric is large, while writers go on.</summary>
    public static VerificationReport Verify(FabricDatabase database)
    {
        using var snapshot = database.OpenSnapshot(database.SystemScope);
        var verifier = new FabricVerifier(database, snapshot);
        verifier.Run();
        return new VerificationReport(verifier._documents, verifier._entries, verifier._records, verifier._disagreements);
    }

    private void Run()
    {
        var collections = _snapshot.Reads.Catalog.Collections;
        foreach (var collection in collections)
            VerifyCollection(collection);
        VerifyNothingElse(KeyLayout.AllDocuments, [.. collections.Select(collection => collection.ContentsId)], "documents");
        VerifyNothingElse(KeyLayout.AllIndexEntries, [.. collections.Select(collection => collection.ContentsId)], "index entries");
        foreach (var sentence in ChangeLogVerifier.Verify(Storage, _snapshot.Reads.Catalog, _state, _database.Origin, _database.Options.IsReplicated, out _records))
            Report(sentence);
    }

    private void VerifyCollection(CollectionRuntime collection)
    {
        long documents = 0, bytes = 0;
        var tallies = collection.Indexes.Select(index => new IndexTally(index)).ToArray();
        var inverted = collection.InvertedIndexes.Select(index => new InvertedVerifier(Storage, index, collection.Definition.Name, Report)).ToArray();
        using var fields = new KeyWriter();
        using var cursor = Storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId));
        while (cursor.MoveNext())
        {
            documents++;
            bytes += cursor.Value.Length;
            if (!VerifyDocument(collection, cursor, out var document))
                continue;
            foreach (var tally in tallies)
                VerifyEntriesOf(collection, tally, document, cursor.Key[KeyLayout.CollectionPrefixSize..], fields);
            foreach (var index in inverted)
                index.VerifyDocument(document, cursor.Key[KeyLayout.CollectionPrefixSize..]);
        }
        _documents += documents;
        var counters = _snapshot.Reads.ReadCollectionCounters(collection);
        ReportUnless(counters[CollectionCounter.Documents] == documents, $"{collection.Definition.Name}: {documents} documents, counted {counters[CollectionCounter.Documents]}");
        ReportUnless(counters[CollectionCounter.Bytes] == bytes, $"{collection.Definition.Name}: {bytes} bytes, counted {counters[CollectionCounter.Bytes]}");
        foreach (var tally in tallies)
            VerifyIndex(collection, tally);
        foreach (var index in inverted)
            index.Finish();
    }

    private bool VerifyDocument(CollectionRuntime collection, ICursor cursor, out Value document)
    {
        document = default;
        var key = DocumentKeyCodec.DecodeToString(cursor.Key[KeyLayout.CollectionPrefixSize..]);
        if (!DocumentRecord.IsIntact(cursor.Key, cursor.Value))
        {
            Report($"{collection.Definition.Name}/{key}: the checksum is wrong");
            return false;
        }
        document = Value.FromDocument(collection.Definition.Source, cursor.Value);
        var inside = document.GetAttribute("_key"u8);
        ReportUnless(inside.IsString && inside.Text == key, $"{collection.Definition.Name}/{key}: the document says its key is {inside}");
        var stamp = DocumentHeader.ReadStamp(cursor.Value);
        ReportUnless(stamp.Timestamp <= _state.Clock, $"{collection.Definition.Name}/{key}: revision {stamp} is later than the fabric's clock");
        return true;
    }

    /// <summary>Every entry the document should have is there and leads back to it.</summary>
    private void VerifyEntriesOf(CollectionRuntime collection, IndexTally tally, Value document, ReadOnlySpan<byte> encodedKey, KeyWriter fields)
    {
        var entries = tally.Expected;
        entries.Begin(tally.Index, encodedKey, document);
        tally.Index.Collect(document, fields, entries);
        entries.Finish();
        for (var i = 0; i < entries.Count; i++)
        {
            var found = Storage.TryGet(entries.KeyAt(i), out var value);
            var isRight = found && IndexEntryRecord.DocumentKeyOf(entries.KeyAt(i), value).SequenceEqual(encodedKey)
                && IndexEntryRecord.CoveredOf(value).SequenceEqual(entries.Covered);
            if (isRight)
                tally.Documented++;
            else if (!tally.Index.Definition.IsBuilding)
                Report($"{collection.Definition.Name}/{DocumentKeyCodec.DecodeToString(encodedKey)}: its entry in index {tally.Index.Definition.Name} {(found ? "leads elsewhere" : "is missing")}");
        }
    }

    /// <summary>There are as many entries as documents account for, so none is left over, and the statistics are what the entries say.</summary>
    private void VerifyIndex(CollectionRuntime collection, IndexTally tally)
    {
        var name = $"{collection.Definition.Name}, index {tally.Index.Definition.Name}";
        Span<long> counted = stackalloc long[IndexCounter.Size];
        counted.Clear();
        byte[] previous = [];
        using var cursor = Storage.OpenCursor(KeyRange.WithPrefix(tally.Index.Prefix));
        while (cursor.MoveNext())
        {
            counted[IndexCounter.Entries]++;
            if (IndexEntryRecord.IsTruncated(cursor.Value))
                counted[IndexCounter.Truncated]++;
            var fields = IndexEntryRecord.FieldsOf(cursor.Key, cursor.Value);
            if (tally.Index.Definition.IsUnique || !IndexWriter.IsSampled(fields))
                continue;
            counted[IndexCounter.SampledEntries]++;
            if (fields.SequenceEqual(previous))
                continue;
            counted[IndexCounter.SampledDistinct]++;
            previous = fields.ToArray();
        }
        _entries += counted[IndexCounter.Entries];
        ReportUnless(counted[IndexCounter.Entries] == tally.Documented, $"{name}: {counted[IndexCounter.Entries]} entries, {tally.Documented} of them from documents");
        var stored = _snapshot.Reads.ReadIndexCounters(collection, tally.Index.Definition);
        ReportUnless(counted.SequenceEqual(stored), $"{name}: counters say {string.Join('/', stored)}, the entries {string.Join('/', counted.ToArray())}");
    }

    /// <summary>What belongs to no collection is waiting to be deleted, or for the rest of a snapshot.</summary>
    private void VerifyNothingElse(KeyRange range, HashSet<uint> known, string what)
    {
        var received = Snapshots.SnapshotStaging.ReadCollections(Storage).Select(collection => collection.ContentsId).ToHashSet();
        using var cursor = Storage.OpenCursor(range);
        var isPositioned = cursor.MoveNext();
        while (isPositioned)
        {
            var contentsId = KeyLayout.ReadId(cursor.Key, 1);
            var keyspace = cursor.Key[0];
            var isExplained = known.Contains(contentsId)
                ? keyspace == (byte)Keyspace.Documents || IsKnownIndex(contentsId, KeyLayout.ReadId(cursor.Key, 5))
                : Storage.TryGet(KeyLayout.DeleteContentsKey(contentsId), out _) || received.Contains(contentsId);
            ReportUnless(isExplained, $"{what} of contents {contentsId} belong to nothing");
            var next = keyspace == (byte)Keyspace.Documents
                ? KeyRange.After(KeyLayout.DocumentPrefix(contentsId))
                : KeyRange.After(KeyLayout.IndexPrefix(contentsId, KeyLayout.ReadId(cursor.Key, 5)));
            isPositioned = next is not null && cursor.Seek(next);
        }
    }

    private bool IsKnownIndex(uint contentsId, uint indexId) =>
        _snapshot.Reads.Catalog.Collections.Any(collection => collection.ContentsId == contentsId && collection.Definition.FindIndex(indexId) is { Kind: not IndexKind.Primary })
        || Storage.TryGet(KeyLayout.DeleteIndexKey(contentsId, indexId), out _);

    private void ReportUnless(bool isRight, string sentence)
    {
        if (!isRight)
            Report(sentence);
    }

    private void Report(string sentence)
    {
        if (_disagreements.Count < DisagreementsMax)
            _disagreements.Add(sentence);
    }

    private sealed class IndexTally(IIndexMaintainer index)
    {
        public IIndexMaintainer Index { get; } = index;

        public IndexEntrySet Expected { get; } = new();

        public long Documented { get; set; }
    }
}
