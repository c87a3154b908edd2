using System.Runtime.CompilerServices;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Changes;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Reading;
using GeoFabric.Database.Requests;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>The writer's turn in one fabric: sees its own writes; all of them become durable together, or none.</summary>
/// <remarks>
/// Use it on the thread it came on and only until the work returns. Each write either happens whole, with its index entries, or throws and leaves
/// nothing. Documents handed out live until the transaction ends. A cursor must not be moved after a write to what it walks.
/// </remarks>
public sealed class FabricTransaction : IFabricReader
{
    private readonly IWriteTransaction _storage;
    private readonly WriterScratch _scratch;
    private readonly FabricReads _reads;
    private readonly DatabaseOptions _options;
    private readonly List<MarkedState> _marks = [];
    private readonly ushort _region;
    private FabricStateRecord _state;
    private bool _hasReservedClock;
    private uint _numbers;
    private uint _derivedKeys;
    private MergedDocuments? _merged;

    internal FabricTransaction(
        IWriteTransaction storage, WriterScratch scratch, FabricReads reads, FabricStateRecord state, VersionVector vector, HybridTimestamp timestamp,
        DatabaseOptions options)
    {
        _storage = storage;
        _scratch = scratch;
        _reads = reads;
        _options = options;
        _region = options.Region;
        Vector = vector;
        _state = state;
        _state.Clock = timestamp;
        _scratch.Reset();
    }

    public CatalogSnapshot Catalog => _reads.Catalog.Snapshot;

    /// <summary>The one stamp of everything this transaction writes.</summary>
    public RevisionStamp Stamp => new(_state.Clock, _region);

    /// <summary>Whether other regions change these documents too: then changes are written as operations that merge.</summary>
    internal bool IsReplicated => _options.IsReplicated;

    /// <summary>What this copy has applied of other regions.</summary>
    internal VersionVector Vector { get; private set; }

    /// <summary>Everything up to here has been applied everywhere.</summary>
    internal HybridTimestamp Stable => _state.Stable;

    internal IWriteTransaction Storage => _storage;

    internal FabricReads Reads => _reads;

    internal WriterScratch Scratch => _scratch;

    internal bool HasCatalogChange { get; private set; }

    /// <summary>Whether it added to the own log.</summary>
    internal bool HasLogged => _scratch.Changes.Count > 0;

    internal int LoggedBytes => (int)Math.Min(_scratch.Changes.Bytes, int.MaxValue);

    /// <summary>Bytes of all logs.</summary>
    internal ulong LogBytes => _state.LogBytes;

    /// <summary>The own log.</summary>
    internal ChangeOrigin Origin => new(_region, _options.Incarnation);

    /// <summary>Sequence of the own log's last record.</summary>
    internal ulong LastSequence => _state.Sequence;

    /// <summary>Whether the background has something to do after the commit.</summary>
    internal bool HasMaintenanceWork { get; set; }

    /// <summary>The request this transaction carries out; null when its client did not name it.</summary>
    internal WriteRequest? Request { get; init; }

    /// <summary>Where a write came from, for people to read; empty when it is so old that it is no longer known.</summary>
    internal string NameOfRegion(RevisionStamp stamp) => stamp == default
        ? ""
        : _options.NameOfRegion?.Invoke(stamp.Origin) ?? stamp.Origin.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Documents that other regions change too.</summary>
    internal MergedDocuments Merged => _merged ??= new MergedDocuments(this);

    internal CatalogRuntime CatalogRuntime => _reads.Catalog;

    /// <summary>Stores a new document.</summary>
    /// <param name="document">An object; <c>_id</c> and <c>_rev</c> in it are ignored.</param>
    /// <exception cref="GeoFabricException">
    /// 1210 key or unique index taken, 1221 bad key, 1222 key not allowed here, 1227 no object, 1233 edge without valid ends, 1216 too large,
    /// 1524 nested too deeply, 1620 not as the collection's schema says. A write that throws has left nothing.
    /// </exception>
    public DocumentWriteResult Insert(CollectionDefinition collection, Value document, InsertOptions options)
    {
        var runtime = ResolveForWrite(collection);
        DemandObject(document);
        Span<byte> generated = stackalloc byte[KeyGenerator.LengthMax];
        var key = KeyOf(runtime, document, generated, out var isDerived);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, runtime.DocumentPrefix, key)];
        if (_reads.TryGetRecord(runtime, storageKey, out var old) && !IsExpired(runtime, old))
            return Overwrite(runtime, storageKey, key, document, old, options);
        var stored = _scratch.Documents.Build(runtime.Definition, storageKey, key, document, Value.Null, Stamp);
        if (Merges(runtime) && (options.Operations.Count > 0 || isDerived || !old.IsNull || Merged.HasTombstone(storageKey)))
            stored = Merged.Insert(runtime, storageKey, key, stored, old, options.Operations, isDerived);
        else
            Put(runtime, storageKey, key, Value.Null, stored);
        return new DocumentWriteResult(DocumentWriteOutcome.Inserted, stored, Value.Null, Stamp, null);
    }

    /// <summary>Lays a patch over a document.</summary>
    /// <exception cref="GeoFabricException">1202 no such document, 1200 other revision, and those of <see cref="Insert"/>.</exception>
    public DocumentWriteResult Update(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value patch, UpdateOptions options)
    {
        var runtime = ResolveForWrite(collection);
        DemandObject(patch);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        var old = GetForWrite(runtime, keyUtf8, ref storageKey);
        CheckRevision(runtime, keyUtf8, old, options.ExpectedRevision, options.IgnoreRevisions ? Value.Null : patch);
        return Merge(runtime, storageKey, keyUtf8, old, patch, options.KeepNull, options.MergeObjects, options.Operations);
    }

    /// <summary>Replaces all attributes of a document but its key; an edge keeps its ends unless the new document has its own.</summary>
    /// <exception cref="GeoFabricException">1202 no such document, 1200 other revision, and those of <see cref="Insert"/>.</exception>
    public DocumentWriteResult Replace(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value document, ReplaceOptions options)
    {
        var runtime = ResolveForWrite(collection);
        DemandObject(document);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        var old = GetForWrite(runtime, keyUtf8, ref storageKey);
        CheckRevision(runtime, keyUtf8, old, options.ExpectedRevision, options.IgnoreRevisions ? Value.Null : document);
        return Replace(runtime, storageKey, keyUtf8, document, old, options.Operations);
    }

    /// <summary>Removes a document.</summary>
    /// <exception cref="GeoFabricException">1202 no such document, 1200 other revision.</exception>
    public DocumentWriteResult Remove(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, RemoveOptions options)
    {
        var runtime = ResolveForWrite(collection);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        var old = GetForWrite(runtime, keyUtf8, ref storageKey);
        CheckRevision(runtime, keyUtf8, old, options.ExpectedRevision, Value.Null);
        if (Merges(runtime))
            Merged.Remove(runtime, storageKey, keyUtf8, old);
        else
            Delete(runtime, storageKey, keyUtf8, old);
        var oldStamp = DocumentHeader.ReadStamp(old.Record);
        return new DocumentWriteResult(DocumentWriteOutcome.Removed, Value.Null, old, oldStamp, oldStamp);
    }

    /// <summary>Marks the present state. Marks may be rolled back to once or several times, until one before them is.</summary>
    public Savepoint Mark()
    {
        _marks.Add(new MarkedState(_storage.Mark(), _state, _scratch.Changes.Count, _scratch.Counters.Save(), _reads.Catalog, HasCatalogChange));
        return new Savepoint(_marks.Count - 1);
    }

    /// <summary>Undoes everything done since the mark.</summary>
    public void RollbackTo(Savepoint savepoint)
    {
        var mark = _marks[savepoint.Position];
        _marks.RemoveRange(savepoint.Position + 1, _marks.Count - savepoint.Position - 1);
        _storage.RollbackTo(mark.Storage);
        _state = mark.State;
        _scratch.Changes.Truncate(mark.Changes);
        _scratch.Counters.Restore(mark.Counters);
        SetCatalog(mark.Catalog);
        HasCatalogChange = mark.HasCatalogChange;
    }

    public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document) =>
        _reads.TryGetDocument(collection, keyUtf8, out document) && !IsExpired(_reads.Resolve(collection), document);

    public bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8) =>
        _reads.Resolve(collection).HasExpiry ? TryGetDocument(collection, keyUtf8, out _) : _reads.ContainsDocument(collection, keyUtf8);

    public long CountDocuments(CollectionDefinition collection) =>
        _reads.CountDocuments(collection) + _scratch.Counters.DocumentsOf(_reads.Resolve(collection).ContentsId);

    public long EstimateDocuments(CollectionDefinition collection) => _reads.EstimateDocuments(collection);

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward) =>
        Live(collection, _reads.ScanCollection(collection, direction));

    public IDocumentCursor ScanIndex(
        CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) =>
        Live(collection, _reads.ScanIndex(collection, index, range, direction));

    public IDocumentCursor ScanBox(CollectionDefinition collection, IndexDefinition index, IndexBox box) => Live(collection, _reads.ScanBox(collection, index, box));

    public IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound) =>
        _reads.OpenEdges(edges, isInbound, Merges(_reads.Resolve(edges)) ? _state.Clock : null);

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) =>
        index.Kind != IndexKind.Primary
        && (_scratch.Counters.RowOf(_reads.Resolve(collection).ContentsId, index.Id).Fourth > 0 || _reads.HasTruncatedEntries(collection, index));

    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => _reads.EstimateSelectivity(collection, index);

    public double? EstimateEntries(CollectionDefinition collection, IndexDefinition index, IndexRange range) => _reads.EstimateEntries(collection, index, range);

    public long StatisticsVersion => _reads.Histograms.Version;

    public InvertedReader OpenInverted(CollectionDefinition collection, IndexDefinition index)
    {
        var runtime = _reads.Resolve(collection);
        return _reads.OpenInverted(collection, index, runtime.HasExpiry && Merges(runtime) ? _state.Clock : null);
    }

    /// <summary>The first of a run of numbers this transaction has not used.</summary>
    internal uint TakeNumbers(uint count)
    {
        var first = _numbers;
        _numbers += count;
        return first;
    }

    /// <summary>An id that no collection, contents or index of this fabric has had.</summary>
    internal uint NextId() => checked(++_state.LastId);

    /// <summary>Stores a definition; this transaction sees it at once, others after the commit.</summary>
    internal void PutCollection(CollectionDefinition definition)
    {
        var key = KeyLayout.CollectionRecordKey(definition.Id);
        _storage.Put(key, CatalogRecord.Write(key, DefinitionCodec.Write(definition)));
        ChangeCatalog(_reads.Catalog.With(definition));
    }

    /// <summary>Reads analyzers, views and graphs anew after one was stored.</summary>
    internal void ReloadNamedDefinitions() => ChangeCatalog(_reads.Catalog.WithNamedDefinitions(_storage));

    internal void DeleteCollection(CollectionDefinition definition)
    {
        _storage.Delete(KeyLayout.CollectionRecordKey(definition.Id));
        ChangeCatalog(_reads.Catalog.Without(definition));
    }

    /// <summary>Tells the other regions of a change to a collection as a whole.</summary>
    internal void AddChange(CollectionDefinition collection, ChangeKind kind, Value content) => AddChange(collection.WireId, collection.IsLocal ? ChangeScope.Local : ChangeScope.All, default, kind, content);

    /// <summary>Tells the other regions of a change to the fabric.</summary>
    internal void AddChange(ReadOnlySpan<byte> key, ChangeKind kind, Value content) => AddChange(0, ChangeScope.All, key, kind, content);

    /// <summary>Keeps a record of another region in the log, from where any region may pull it.</summary>
    internal void AppendForeign(ChangeOrigin origin, ulong sequence, ReadOnlySpan<byte> record) =>
        ChangeLog.AppendForeign(_storage, ref _state, origin, sequence, record);

    /// <summary>Stores how far origins' logs have been applied.</summary>
    internal void AdvanceVector(IReadOnlyCollection<AppliedPosition> positions)
    {
        foreach (var position in positions)
            _storage.Put(KeyLayout.PositionKey(position.Origin), position.Write());
        _state.VectorVersion++;
        Vector = Vector.With(positions, _state.VectorVersion);
    }

    /// <summary>Reads anew how far origins' logs have been applied, after positions or a snapshot were stored.</summary>
    internal void ReloadVector()
    {
        _state.VectorVersion++;
        Vector = VersionVector.Load(_storage, _state.VectorVersion, Vector);
    }

    /// <summary>Notes that everything up to a timestamp has been applied everywhere. Never goes back.</summary>
    internal void AdvanceStable(HybridTimestamp stable)
    {
        if (stable > _state.Stable)
            _state.Stable = stable;
    }

    /// <summary>The own log's last sequence and a timestamp that no later record will go below, not even after a restart.</summary>
    internal (ulong Sequence, HybridTimestamp Timestamp) TakeWatermark(TimeSpan reserve)
    {
        if (_state.Clock > _state.ReservedClock)
        {
            _state.ReservedClock = HybridTimestamp.FromUnixMilliseconds(_state.Clock.UnixMilliseconds + (long)reserve.TotalMilliseconds);
            _hasReservedClock = true;
        }
        return (_state.Sequence, _state.Clock);
    }

    /// <summary>Forgets records of an origin's log before <paramref name="before"/>, a bounded number.</summary>
    /// <param name="keptFrom">Stops at a record as late as this.</param>
    /// <param name="bytesMax">Stops when all logs together have no more bytes than this.</param>
    /// <returns>The number of records dropped.</returns>
    internal int TruncateLog(ChangeOrigin origin, ulong before, int recordsMax, HybridTimestamp? keptFrom = null, ulong bytesMax = 0)
    {
        var truncated = new List<(byte[] Key, int Size)>();
        using (var cursor = _storage.OpenCursor(new KeyRange(KeyLayout.ChangeKey(origin, 0), KeyLayout.ChangeKey(origin, before))))
        {
            var bytes = _state.LogBytes;
            while (truncated.Count < recordsMax && bytes > bytesMax && cursor.MoveNext() && !(ChangeRecordHeader.ReadUnchecked(cursor.Value).Timestamp >= keptFrom))
            {
                truncated.Add((cursor.Key.ToArray(), cursor.Value.Length));
                bytes -= (ulong)(cursor.Key.Length + cursor.Value.Length);
            }
        }
        foreach (var (key, size) in truncated)
        {
            _storage.Delete(key);
            _state.LogBytes -= (ulong)(key.Length + size);
            if (origin == new ChangeOrigin(_region, _options.Incarnation))
                _state.FirstSequence = Math.Max(_state.FirstSequence, KeyLayout.ReadSequence(key) + 1);
        }
        return truncated.Count;
    }

    /// <summary>Writes what the transaction owes: counters, its change record, the fabric's state. A transaction that wrote nothing leaves no trace.</summary>
    /// <param name="isMaintenance">Background work changes keys and counters without an operation of its own.</param>
    internal void Complete(ChangeLog log, bool isMaintenance)
    {
        if (_scratch.Changes.Count == 0 && !_scratch.Changes.HasLeftOut && !isMaintenance && !_hasReservedClock && Request is null)
            return;
        // While own records are replayed on a snapshot the own log must not grow.
        if (Vector.Installed is not null && HasLogged)
            throw ErrorCodes.RegionUnavailable.With("it is catching up with the others after a snapshot; ask another one");
        _scratch.Counters.Apply(_storage);
        CountWritten();
        if (Request is not null)
            RequestEntries.Put(_storage, Request.Id, DescribeRequest(Request));
        log.Append(_storage, ref _state, _scratch.Changes, Vector, Request?.Id ?? 0);
        Span<byte> record = stackalloc byte[FabricStateRecord.Size];
        _state.Write(record);
        _storage.Put(KeyLayout.FabricStateKey, record);
    }

    /// <summary>Also those of other regions that are applied here. A commit that is tried again counts twice, which is rare enough not to show in a rate.</summary>
    private void CountWritten()
    {
        foreach (ref readonly var row in _scratch.Counters.Rows)
        {
            if (row.Written > 0)
                _reads.Traffic.AddWrites(row.ContentsId, row.Written);
        }
    }

    private RequestEntry DescribeRequest(WriteRequest request)
    {
        _scratch.Changes.TryGetOnlyDocument(out var wireId, out var key);
        return new RequestEntry(Origin, HasLogged ? _state.Sequence + 1 : 0, _state.Clock, _state.Stable, request.Digest, wireId, key, IsVoid: false, null);
    }

    /// <summary>Tells the other regions of a change as another region told it.</summary>
    internal void AddChange(ulong wireId, ChangeScope scope, ReadOnlySpan<byte> key, ChangeKind kind, Value content)
    {
        using var builder = new ValueBuilder();
        if (!content.IsNull)
            builder.Write(content);
        _scratch.Changes.Add(wireId, scope, key, kind, builder.Written);
    }

    private void ChangeCatalog(CatalogRuntime catalog)
    {
        SetCatalog(catalog);
        _state.CatalogVersion = (ulong)catalog.Snapshot.Version;
        HasCatalogChange = true;
    }

    private void SetCatalog(CatalogRuntime catalog)
    {
        _reads.Catalog = catalog;
        _reads.ForgetResolved();
    }

    private CollectionRuntime ResolveForWrite(CollectionDefinition collection)
    {
        var runtime = _reads.ResolveKept(collection);
        _reads.Scope.DemandWrite(runtime.Definition);
        return runtime;
    }

    private static void DemandObject(Value document)
    {
        if (!document.IsObject)
            throw ErrorCodes.DocumentTypeInvalid.With($"a document is an object, not {document.Kind}");
    }

    /// <param name="isDerived">Whether another region makes the same key when it carries out the same request.</param>
    private ReadOnlySpan<byte> KeyOf(CollectionRuntime runtime, Value document, Span<byte> generated, out bool isDerived)
    {
        isDerived = false;
        if (!document.TryGetAttribute("_key"u8, out var given))
        {
            isDerived = Request is not null;
            // Counted also when the document is refused in the end: those behind it keep their keys.
            if (Request is not null)
                return Request.DeriveKey(_derivedKeys++);
            return generated[..KeyGenerator.Next(_storage, ref _state, runtime.Definition, _region, generated)];
        }
        if (!runtime.Definition.KeyOptions.AllowUserKeys)
            throw ErrorCodes.DocumentKeyUnexpected.With($"collection '{runtime.Definition.Name}' makes its keys itself; leave _key out");
        if (!given.IsString || !DocumentKey.IsValid(given.Utf8))
            throw BadKey(given);
        KeyGenerator.Observe(_storage, ref _state, runtime.Definition, given.Utf8);
        return given.Utf8;
    }

    private static GeoFabricException BadKey(Value key) => ErrorCodes.DocumentKeyBad.With(
        $"_key must be a string of 1 to {DocumentKey.LengthMax} letters, digits and _ - : . @ ( ) + , = ; $ ! * ' %, not {Shorten(key.ToString())}");

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");

    private DocumentWriteResult Overwrite(
        CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value document, Value old, InsertOptions options)
    {
        switch (options.OverwriteMode)
        {
            case OverwriteMode.Ignore:
                var stamp = DocumentHeader.ReadStamp(old.Record);
                return new DocumentWriteResult(DocumentWriteOutcome.Ignored, Value.Null, old, stamp, stamp);
            case OverwriteMode.Replace:
                return Replace(runtime, storageKey, key, document, old, []);
            case OverwriteMode.Update:
                return Merge(runtime, storageKey, key, old, document, options.KeepNull, options.MergeObjects, []);
            default:
                throw ErrorCodes.UniqueConstraintViolated.With(
                    $"in index primary of type primary over '_key'; conflicting key: {System.Text.Encoding.UTF8.GetString(key)}; each document of collection '{runtime.Definition.Name}' needs a key of its own");
        }
    }

    private DocumentWriteResult Replace(CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value document, Value old,
        IReadOnlyList<AttributeOperation> operations)
    {
        var stored = _scratch.Documents.Build(runtime.Definition, storageKey, key, document, old, Stamp);
        if (Merges(runtime))
            stored = Merged.Replace(runtime, storageKey, key, old, stored, operations);
        else
            Put(runtime, storageKey, key, old, stored);
        return new DocumentWriteResult(DocumentWriteOutcome.Replaced, stored, old, Stamp, DocumentHeader.ReadStamp(old.Record));
    }

    private DocumentWriteResult Merge(
        CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value patch, bool keepNull, bool mergeObjects,
        IReadOnlyList<AttributeOperation> operations)
    {
        var oldStamp = DocumentHeader.ReadStamp(old.Record);
        if (DocumentBuilder.IsEmptyPatch(patch))
            return new DocumentWriteResult(DocumentWriteOutcome.Unchanged, old, old, oldStamp, oldStamp);
        Value stored;
        if (Merges(runtime))
        {
            DocumentBuilder.CheckEnds(runtime.Definition, patch, old);
            stored = Merged.Update(runtime, storageKey, key, old, patch, keepNull, mergeObjects, operations);
        }
        else
        {
            stored = _scratch.Documents.BuildMerged(runtime.Definition, storageKey, key, old, patch, keepNull, mergeObjects, Stamp);
            Put(runtime, storageKey, key, old, stored);
        }
        return new DocumentWriteResult(DocumentWriteOutcome.Updated, stored, old, Stamp, oldStamp);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value GetForWrite(CollectionRuntime runtime, ReadOnlySpan<byte> key, scoped ref Span<byte> storageKey)
    {
        if (DocumentKeyCodec.CanEncode(key))
        {
            storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, runtime.DocumentPrefix, key)];
            if (_reads.TryGetRecord(runtime, storageKey, out var document) && !IsExpired(runtime, document))
                return document;
        }
        throw ErrorCodes.DocumentNotFound.With($"'{Shorten(System.Text.Encoding.UTF8.GetString(key))}' in collection '{runtime.Definition.Name}'");
    }

    /// <param name="holder">An object whose <c>_rev</c>, if it has one, must be the stored one; null for none.</param>
    private static void CheckRevision(CollectionRuntime runtime, ReadOnlySpan<byte> key, Value old, string? expected, Value holder)
    {
        var stored = DocumentHeader.ReadStamp(old.Record);
        if (expected is not null)
            Demand(System.Text.Encoding.UTF8.GetBytes(expected), runtime, key, stored);
        if (holder.TryGetAttribute("_rev"u8, out var revision))
            Demand(revision.IsString ? revision.Utf8 : default, runtime, key, stored);
    }

    private static void Demand(ReadOnlySpan<byte> revision, CollectionRuntime runtime, ReadOnlySpan<byte> key, RevisionStamp stored)
    {
        if (!RevisionStamp.TryParse(revision, out var expected) || expected != stored)
        {
            throw ErrorCodes.Conflict.With(
                $"document '{runtime.Definition.Name}/{System.Text.Encoding.UTF8.GetString(key)}' has revision '{stored}', not '{System.Text.Encoding.UTF8.GetString(revision)}'");
        }
    }

    /// <summary>
    /// Whether a document's time has come in a collection that others change too. Such a one is left to each region to remove, and must not be changed:
    /// another may have removed it.
    /// </summary>
    private bool IsExpired(CollectionRuntime runtime, Value document) => runtime.HasExpiry && Merges(runtime) && runtime.IsExpired(document, _state.Clock);

    private IDocumentCursor Live(CollectionDefinition collection, IDocumentCursor documents)
    {
        var runtime = _reads.Resolve(collection);
        return runtime.HasExpiry && Merges(runtime) ? new LiveDocumentCursor(documents, runtime, _state.Clock) : documents;
    }

    /// <summary>Whether other regions change the collection's documents too.</summary>
    private bool Merges(CollectionRuntime runtime) => _options.IsReplicated && !runtime.Definition.IsLocal;

    private void Put(CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value stored)
    {
        runtime.Definition.Schema?.Demand(runtime.Definition, old, stored);
        StoreBody(runtime, storageKey, old, stored);
        _scratch.Changes.Add(runtime.Definition.WireId, runtime.Definition.Scope, key, ChangeKind.Put, DocumentHeader.Body(stored.Record));
    }

    private void Delete(CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old)
    {
        StoreBody(runtime, storageKey, old, Value.Null);
        _scratch.Changes.Add(runtime.Definition.WireId, runtime.Definition.Scope, key, ChangeKind.Delete, default);
    }

    /// <summary>Brings a document from its old to its new state, either of which may be null, with its index entries and counters.</summary>
    /// <param name="isCounted">False when nobody wrote it, and only how it is stored changes.</param>
    internal void StoreBody(CollectionRuntime runtime, ReadOnlySpan<byte> storageKey, Value old, Value stored, bool isCounted = true)
    {
        if (_scratch.Changes.Bytes > _options.TransactionBytesMax)
            throw ErrorCodes.ResourceLimit.With($"a transaction may write {_options.TransactionBytesMax} bytes; split it");
        _scratch.Indexes.Prepare(_storage, runtime, storageKey[KeyLayout.CollectionPrefixSize..], old, stored);
        _scratch.Indexes.Apply(_storage, runtime, _scratch.Counters);
        foreach (var index in runtime.InvertedIndexes)
            _scratch.Inverted.Replace(_storage, index, storageKey[KeyLayout.CollectionPrefixSize..], old, stored);
        ref var counters = ref _scratch.Counters.RowOf(runtime.ContentsId, 0);
        if (isCounted)
            counters.Written++;
        if (!old.IsNull)
        {
            counters.First--;
            counters.Second -= old.Record.Length;
        }
        if (stored.IsNull)
        {
            // Merging may find that what was never there is gone.
            if (!old.IsNull)
                _storage.Delete(storageKey);
            return;
        }
        counters.First++;
        counters.Second += stored.Record.Length;
        _storage.Put(storageKey, stored.Record);
    }

    private readonly record struct MarkedState(
        Savepoint Storage, FabricStateRecord State, int Changes, CounterRows.Row[] Counters, CatalogRuntime Catalog, bool HasCatalogChange);
}
