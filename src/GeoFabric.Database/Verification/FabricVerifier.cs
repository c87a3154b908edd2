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

    private const int DocumentsPerProgress = 10_000;

    private readonly FabricSnapshot _snapshot;
    private readonly FabricDatabase _database;
    private readonly Action<VerificationProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly Findings _findings = new(null);
    private readonly FabricStateRecord _state;
    private readonly List<VerifiedCollection> _collections = [];
    private long _records;

    private FabricVerifier(FabricDatabase database, FabricSnapshot snapshot, Action<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        _database = database;
        _snapshot = snapshot;
        _progress = progress;
        _cancellationToken = cancellationToken;
        _state = FabricDatabase.ReadState(snapshot.Storage);
    }

    private ISnapshot Storage => _snapshot.Storage;

    /// <summary>Verifies the last commit. Reads everything once: takes as long as the fabric is large, while writers go on.</summary>
    /// <param name="progress">Called now and then, and at the end of each collection.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static VerificationReport Verify(FabricDatabase database, Action<VerificationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var snapshot = database.OpenSnapshot(database.SystemScope);
        var verifier = new FabricVerifier(database, snapshot, progress, cancellationToken);
        verifier.Run();
        return verifier.Report();
    }

    /// <summary>Verifies the documents and the indexes of one collection only.</summary>
    /// <exception cref="GeoFabric.Primitives.Errors.GeoFabricException">1203 when it is gone.</exception>
    public static VerificationReport Verify(
        FabricDatabase database, CollectionDefinition collection, Action<VerificationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var snapshot = database.OpenSnapshot(database.SystemScope);
        var verifier = new FabricVerifier(database, snapshot, progress, cancellationToken);
        verifier.VerifyCollection(snapshot.Reads.Resolve(collection));
        return verifier.Report();
    }

    private VerificationReport Report() => new(
        _collections.Sum(collection => collection.Documents),
        _collections.Sum(collection => collection.Indexes.Sum(index => index.Entries)),
        _records,
        _collections,
        _findings.Count,
        _findings.Sentences);

    private void Run()
    {
        var collections = _snapshot.Reads.Catalog.Collections;
        foreach (var collection in collections.OrderBy(collection => collection.Definition.Name, StringComparer.Ordinal))
            VerifyCollection(collection);
        VerifyNothingElse(KeyLayout.AllDocuments, [.. collections.Select(collection => collection.ContentsId)], "documents");
        VerifyNothingElse(KeyLayout.AllIndexEntries, [.. collections.Select(collection => collection.ContentsId)], "index entries");
        foreach (var sentence in ChangeLogVerifier.Verify(Storage, _snapshot.Reads.Catalog, _state, _database.Origin, _database.Options.IsReplicated, out _records))
            _findings.Report(sentence);
    }

    private void VerifyCollection(CollectionRuntime collection)
    {
        var definition = collection.Definition;
        long documents = 0, bytes = 0;
        var findings = new Findings(_findings);
        var indexes = collection.Indexes.Select(index => new IndexVerifier(Storage, _snapshot.Reads, collection, index, new Findings(findings))).ToArray();
        var inverted = collection.InvertedIndexes.Select(index => new InvertedVerifier(Storage, index, collection, new Findings(findings))).ToArray();
        using var fields = new KeyWriter();
        using (var cursor = Storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId)))
        {
            while (cursor.MoveNext())
            {
                if (++documents % DocumentsPerProgress == 0)
                    Progress(definition, documents);
                bytes += cursor.Value.Length;
                if (!VerifyDocument(definition, cursor, findings, out var document))
                    continue;
                foreach (var index in indexes)
                    index.VerifyDocument(document, cursor.Key[KeyLayout.CollectionPrefixSize..], fields);
                foreach (var index in inverted)
                    index.VerifyDocument(document, cursor.Key[KeyLayout.CollectionPrefixSize..]);
            }
        }
        var counters = _snapshot.Reads.ReadCollectionCounters(collection);
        findings.ReportUnless(counters[CollectionCounter.Documents] == documents, $"{definition.Name}: {documents} documents, counted {counters[CollectionCounter.Documents]}");
        findings.ReportUnless(counters[CollectionCounter.Bytes] == bytes, $"{definition.Name}: {bytes} bytes, counted {counters[CollectionCounter.Bytes]}");
        List<VerifiedIndex> verified = [.. indexes.Select(index => index.Finish()), .. inverted.Select(index => index.Finish())];
        _collections.Add(new VerifiedCollection(definition.Name, documents, verified, findings.Count));
        Progress(definition, documents);
    }

    private void Progress(CollectionDefinition collection, long documents)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _progress?.Invoke(new VerificationProgress(collection.Name, documents));
    }

    private bool VerifyDocument(CollectionDefinition collection, ICursor cursor, Findings findings, out Value document)
    {
        document = default;
        var key = DocumentKeyCodec.DecodeToString(cursor.Key[KeyLayout.CollectionPrefixSize..]);
        if (!DocumentRecord.IsIntact(cursor.Key, cursor.Value))
        {
            findings.Report($"{collection.Name}/{key}: the checksum is wrong");
            return false;
        }
        document = Value.FromDocument(collection.Source, cursor.Value);
        var inside = document.GetAttribute("_key"u8);
        findings.ReportUnless(inside.IsString && inside.Text == key, $"{collection.Name}/{key}: the document says its key is {inside}");
        var stamp = DocumentHeader.ReadStamp(cursor.Value);
        findings.ReportUnless(stamp.Timestamp <= _state.Clock, $"{collection.Name}/{key}: revision {stamp} is later than the fabric's clock");
        return true;
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
            _findings.ReportUnless(isExplained, $"{what} of contents {contentsId} belong to nothing");
            var next = keyspace == (byte)Keyspace.Documents
                ? KeyRange.After(KeyLayout.DocumentPrefix(contentsId))
                : KeyRange.After(KeyLayout.IndexPrefix(contentsId, KeyLayout.ReadId(cursor.Key, 5)));
            isPositioned = next is not null && cursor.Seek(next);
        }
    }

    private bool IsKnownIndex(uint contentsId, uint indexId) =>
        _snapshot.Reads.Catalog.Collections.Any(collection => collection.ContentsId == contentsId && collection.Definition.FindIndex(indexId) is { Kind: not IndexKind.Primary })
        || Storage.TryGet(KeyLayout.DeleteIndexKey(contentsId, indexId), out _);
}
