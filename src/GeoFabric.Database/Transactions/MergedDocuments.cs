using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Transactions;

/// <summary>Documents that other regions change too, within one transaction: the body readers see and the metadata merging needs, always written together.</summary>
internal sealed class MergedDocuments(FabricTransaction transaction)
{
    /// <summary>Documents whose metadata one turn forgets.</summary>
    private const int ForgottenPerTurn = 500;

    private readonly List<DocumentOperation> _operations = [];
    private readonly List<LostWrite> _lost = [];

    private MergeContext LocalContext => MergeContext.Local(transaction.Stamp, transaction.Stable);

    /// <summary>Whether a key without a document still has metadata: a deletion that others have not all seen.</summary>
    public bool HasTombstone(ReadOnlySpan<byte> storageKey) => transaction.Storage.TryGet(KeyLayout.MergeMetadataKey(storageKey), out _);

    /// <summary>Stores a new document over a deletion, or one that merges with what other regions create under the same key.</summary>
    /// <param name="increments">Numbers that count rather than overwrite.</param>
    /// <param name="expired">What lies there still though its time has come; null for nothing.</param>
    /// <param name="isShared">Whether another region may be carrying out the same request.</param>
    public Value Insert(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value document, Value expired,
        IReadOnlyList<AttributeOperation> increments, bool isShared)
    {
        var merging = Load(collection, storageKey, expired, transaction.Stable);
        var writer = Begin(merging, collection);
        if (!expired.IsNull)
            writer.Delete();
        if (increments.Count > 0 || isShared)
            writer.Create(Body(document), increments);
        else
            writer.Put(Body(document));
        return Save(collection, storageKey, key, expired, merging, isLocal: true, collection.Definition.Schema, before: Value.Null);
    }

    /// <summary>Lays a patch over a document.</summary>
    public Value Update(
        CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value patch, bool keepNull, bool mergeObjects,
        IReadOnlyList<AttributeOperation> operations)
    {
        var merging = Load(collection, storageKey, old, transaction.Stable);
        Begin(merging, collection).Patch(patch, keepNull, mergeObjects, operations);
        return Save(collection, storageKey, key, old, merging, isLocal: true, collection.Definition.Schema, before: old);
    }

    /// <summary>Brings a document to a new state by the operations that lead there.</summary>
    public Value Replace(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value document,
        IReadOnlyList<AttributeOperation> operations)
    {
        var merging = Load(collection, storageKey, old, transaction.Stable);
        Begin(merging, collection).Diff(Body(document), operations);
        return Save(collection, storageKey, key, old, merging, isLocal: true, collection.Definition.Schema, before: old);
    }

    public void Remove(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old)
    {
        var merging = Load(collection, storageKey, old, transaction.Stable);
        Begin(merging, collection).Delete();
        Save(collection, storageKey, key, old, merging, isLocal: true);
    }

    /// <summary>
    /// Removes a document whose time has come, for this region alone. What the others still write to it they write before its time or not at all, so once
    /// its time and its last change are stable nothing can arrive that this would lose.
    /// </summary>
    /// <returns>False when it is too early.</returns>
    public bool Expire(CollectionRuntime collection, TtlIndex index, ReadOnlySpan<byte> key, double now)
    {
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, collection.DocumentPrefix, key)];
        if (index.Definition.DefinedAt.Timestamp > transaction.Stable || !transaction.Reads.TryGetRecord(collection, storageKey, out var document))
            return false;
        var isStable = DocumentHeader.ReadStamp(document.Record).Timestamp <= transaction.Stable;
        if (!isStable || !index.IsExpired(document, Math.Min(now, transaction.Stable.UnixMilliseconds / 1000.0)))
            return false;
        Drop(collection, storageKey, document);
        return true;
    }

    private void Drop(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, Value document)
    {
        transaction.Storage.Delete(KeyLayout.MergeMetadataKey(storageKey));
        transaction.StoreBody(collection, storageKey, document, Value.Null);
    }

    /// <summary>Applies another region's operations on one document.</summary>
    public void Apply(CollectionRuntime collection, ReadOnlySpan<byte> key, IReadOnlyList<ChangeOperation> operations, int from, int to, MergeContext context)
    {
        if (!DocumentKeyCodec.CanEncode(key))
            throw new InvalidDataException("a document has an impossible key");
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, collection.DocumentPrefix, key)];
        if (!transaction.Reads.TryGetRecord(collection, storageKey, out var old))
            old = Value.Null;
        // Its writer did not find it, so nobody does.
        if (!old.IsNull && collection.WasExpired(old, context))
        {
            Drop(collection, storageKey, old);
            old = Value.Null;
        }
        // Deleted by a truncation that did not know it.
        if (old.IsNull && operations[from].Kind == ChangeKind.Put && context.Stamp < collection.Definition.TruncatedAt)
            return;
        var merging = Load(collection, storageKey, old, context.Stable);
        _lost.Clear();
        for (var i = from; i < to; i++)
            merging.Apply(context, operations[i].Kind, operations[i].Path, operations[i].Payload, _lost);
        Save(collection, storageKey, key, old, merging, isLocal: false);
        if (_lost.Count > 0)
            ConflictJournal.Add(transaction, collection.Definition, key, _lost, context.Stamp);
    }

    /// <summary>Takes back what operations of a void transaction of this region did to one document, as far as it is still there.</summary>
    public void TakeBack(CollectionRuntime collection, ReadOnlySpan<byte> key, IReadOnlyList<ChangeOperation> operations, int from, int to, VoidOperations voided)
    {
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, collection.DocumentPrefix, key)];
        if (!transaction.Reads.TryGetRecord(collection, storageKey, out var old))
            return;
        var merging = Load(collection, storageKey, old, transaction.Stable);
        var writer = Begin(merging, collection);
        writer.TakeBack(operations, from, to, voided);
        if (_operations.Count > 0)
            Save(collection, storageKey, key, old, merging, isLocal: true);
    }

    /// <summary>Takes over operations of a removed region on one document.</summary>
    /// <param name="takes">False only keeps what they wrote in the journal.</param>
    /// <returns>What became of them.</returns>
    public SalvagedOperations Salvage(
        CollectionRuntime collection, byte[] key, IReadOnlyList<ChangeOperation> operations, int from, int to, MergeContext origin, SalvagedStamps stamps, bool takes)
    {
        if (!DocumentKeyCodec.CanEncode(key))
            throw new InvalidDataException("a document has an impossible key");
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, collection.DocumentPrefix, key)];
        if (!transaction.Reads.TryGetRecord(collection, storageKey, out var old))
            old = Value.Null;
        var merging = Load(collection, storageKey, old, transaction.Stable);
        var revision = old.IsNull ? merging.Generation.Stamp : DocumentHeader.ReadStamp(old.Record);
        if (old.IsNull && collection.Definition.TruncatedAt > revision)
            revision = collection.Definition.TruncatedAt;
        var latest = stamps.LatestOf(collection.Definition.WireId, System.Text.Encoding.UTF8.GetString(key), revision);
        // Whose time has come is gone for everybody, at a time of its own in each region.
        takes &= old.IsNull || !collection.HasExpiry || !collection.IsExpired(old, transaction.Stamp.Timestamp);
        _operations.Clear();
        _lost.Clear();
        var salvaged = new SalvagedOperations(merging, latest, stamps, origin, LocalContext, _operations, _lost);
        for (var i = from; i < to; i++)
        {
            if (takes)
                salvaged.Take(operations[i].Kind, operations[i].Path, operations[i].Payload);
            else
                salvaged.Refuse(operations[i].Kind, operations[i].Path, operations[i].Payload);
        }
        if (salvaged.Taken > 0)
            Save(collection, storageKey, key, old, merging, isLocal: true);
        if (_lost.Count > 0)
            ConflictJournal.Add(transaction, collection.Definition, key, _lost, transaction.Stamp, isForced: true);
        return salvaged;
    }

    /// <summary>Empties a collection of what another region's truncation had seen or beats; later inserts it did not know stay.</summary>
    public void Truncate(CollectionRuntime collection, ChangeRecord record, MergeContext context)
    {
        if (context.Stamp < collection.Definition.TruncatedAt)
            return;
        var survivors = FindSurvivors(collection, record, context.Stamp);
        var emptied = CatalogOperations.Empty(transaction, collection.Definition, context.Stamp);
        if (!transaction.CatalogRuntime.TryGet(emptied.Id, out var runtime))
            return;
        foreach (var (key, body, stamp, metadata, stable) in survivors)
            Restore(runtime, key, body, stamp, metadata, stable);
    }

    /// <summary>Rewrites documents whose metadata has become stable, in the order of their timestamps, a bounded number.</summary>
    /// <returns>Whether none is left for now.</returns>
    public bool ForgetStable()
    {
        var due = new List<byte[]>();
        using (var cursor = transaction.Storage.OpenCursor(KeyLayout.UnstableUpTo(transaction.Stable.Bits)))
        {
            while (due.Count < ForgottenPerTurn && cursor.MoveNext())
                due.Add(cursor.Key.ToArray());
        }
        foreach (var entry in due)
        {
            transaction.Storage.Delete(entry);
            Forget(KeyLayout.DocumentKeyOfUnstable(entry));
        }
        return due.Count < ForgottenPerTurn;
    }

    private OperationWriter Begin(MergingDocument merging, CollectionRuntime collection)
    {
        _operations.Clear();
        return new OperationWriter(merging, LocalContext, _operations, MergeDeclarations.Of(collection.Definition.MergeDeclarations), transaction.TakeNumbers);
    }

    private MergingDocument Load(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, Value old, HybridTimestamp stable)
    {
        ReadOnlySpan<byte> metadata = default;
        if (old.IsNull || DocumentHeader.HasMetadata(old.Record))
            transaction.Storage.TryGet(KeyLayout.MergeMetadataKey(storageKey), out metadata);
        // A truncation deletes what is there and what is on its way.
        if (old.IsNull && metadata.IsEmpty && collection.Definition.TruncatedAt.Timestamp > stable)
            return new MergingDocument(new Generation(collection.Definition.TruncatedAt, GenerationKind.Deletion), new Slot(), collection.Definition.TruncatedAt, stable);
        try
        {
            return old.IsNull
                ? MergingDocument.Load(Value.Null, default, metadata, stable)
                : MergingDocument.Load(Body(old), DocumentHeader.ReadStamp(old.Record), metadata, stable);
        }
        catch (InvalidDataException damaged)
        {
            var key = DocumentKeyCodec.DecodeToString(storageKey[KeyLayout.CollectionPrefixSize..]);
            throw ErrorCodes.CorruptedDocument.With($"what merging knows of document '{key}' is damaged: {damaged.Message}; restore the region from another one", damaged);
        }
    }

    private Value Save(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, MergingDocument merging, bool isLocal,
        CollectionSchema? schema = null, Value before = default)
    {
        var stored = Store(collection, storageKey, old, merging, isLocal, schema, before);
        if (isLocal)
            transaction.Scratch.Changes.Add(collection.Definition.WireId, collection.Definition.Scope, key, _operations);
        return stored;
    }

    /// <summary>Stores what merging has led to. Whatever may refuse it comes first: a write that throws leaves nothing.</summary>
    /// <param name="isLimited">Whether it may be too large.</param>
    /// <param name="schema">What a writer is held to; null for none, and for changes that nobody is left to whom they could be refused.</param>
    /// <param name="before">What the writer changed; null for nothing.</param>
    private Value Store(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, Value old, MergingDocument merging, bool isLimited, CollectionSchema? schema = null, Value before = default)
    {
        var metadata = merging.WriteMetadata(out var newest);
        var stored = merging.IsPresent
            ? transaction.Scratch.Documents.BuildFrom(collection.Definition, storageKey, merging.WriteBody, merging.Stamp, metadata is not null, isLimited)
            : Value.Null;
        schema?.Demand(collection.Definition, before, stored);
        transaction.StoreBody(collection, storageKey, old, stored);
        var metadataKey = KeyLayout.MergeMetadataKey(storageKey);
        if (metadata is null)
        {
            transaction.Storage.Delete(metadataKey);
            return stored;
        }
        transaction.Storage.Put(metadataKey, metadata);
        if (newest != default)
            transaction.Storage.Put(KeyLayout.UnstableKey(newest.Bits, storageKey), []);
        return stored;
    }

    /// <summary>A stored document's object, without the attributes that only show.</summary>
    private static Value Body(Value document) => Value.DecodePinned(DocumentHeader.Body(document.Record));

    private void Forget(byte[] storageKey)
    {
        var metadataKey = KeyLayout.MergeMetadataKey(storageKey);
        if (!transaction.Storage.TryGet(metadataKey, out _))
            return;
        if (transaction.CatalogRuntime.FindContents(KeyLayout.ReadId(storageKey, 1)) is not { } collection)
            return;
        if (!transaction.Reads.TryGetRecord(collection, storageKey, out var old))
            old = Value.Null;
        var merging = Load(collection, storageKey, old, transaction.Stable);
        var metadata = merging.WriteMetadata(out var newest);
        // A later touch has an entry of its own.
        if (newest != default)
            return;
        if (metadata is not null)
        {
            transaction.Storage.Put(metadataKey, metadata);
            return;
        }
        transaction.Storage.Delete(metadataKey);
        if (!old.IsNull)
            transaction.StoreBody(collection, storageKey, old, transaction.Scratch.Documents.BuildWithoutMetadata(collection.Definition, storageKey, old), isCounted: false);
    }

    private List<Survivor> FindSurvivors(CollectionRuntime collection, ChangeRecord truncation, RevisionStamp stamp)
    {
        var found = new List<Survivor>();
        using var documents = transaction.Storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId));
        while (documents.MoveNext())
        {
            var key = documents.Key[KeyLayout.CollectionPrefixSize..];
            var stable = StableOf(collection, key);
            var revision = DocumentHeader.ReadStamp(documents.Value);
            if (!IsTruncated(collection, key, truncation))
            {
                if (revision < stamp)
                    continue;
                var document = Value.FromDocument(collection.Definition.Source, documents.Value);
                if (Load(collection, documents.Key, document, stable).Generation.Stamp < stamp)
                    continue;
            }
            transaction.Storage.TryGet(KeyLayout.MergeMetadataKey(documents.Key), out var metadata);
            found.Add(new Survivor(key.ToArray(), DocumentHeader.Body(documents.Value).ToArray(), revision, metadata.ToArray(), stable));
        }
        AddDeletions(collection, truncation, stamp, found);
        return found;
    }

    /// <summary>What is remembered of documents that were deleted after a truncation, so that nothing it did not know brings them back.</summary>
    private void AddDeletions(CollectionRuntime collection, ChangeRecord truncation, RevisionStamp stamp, List<Survivor> found)
    {
        using var metadata = transaction.Storage.OpenCursor(KeyLayout.MergeMetadataOf(collection.ContentsId));
        while (metadata.MoveNext())
        {
            var key = metadata.Key[KeyLayout.CollectionPrefixSize..];
            byte[] storageKey = [.. collection.DocumentPrefix, .. key];
            if (transaction.Storage.TryGet(storageKey, out _))
                continue;
            var stable = StableOf(collection, key);
            if (IsTruncated(collection, key, truncation) || Load(collection, storageKey, Value.Null, stable).Generation.Stamp > stamp)
                found.Add(new Survivor(key.ToArray(), [], default, metadata.Value.ToArray(), stable));
        }
    }

    /// <summary>Whether a document came with a snapshot that had seen a truncation.</summary>
    private bool IsTruncated(CollectionRuntime collection, ReadOnlySpan<byte> encodedKey, ChangeRecord truncation) =>
        transaction.Vector.Installed?.HoldsDocument(collection.Definition.WireId, encodedKey, truncation) == true;

    private HybridTimestamp StableOf(CollectionRuntime collection, ReadOnlySpan<byte> encodedKey) =>
        transaction.Vector.Installed is { } snapshot ? snapshot.StableOf(collection.Definition.WireId, encodedKey, transaction.Stable) : transaction.Stable;

    /// <summary>Puts back what was stored elsewhere: a document, or what is left of a deleted one.</summary>
    /// <param name="body">Empty when it is deleted.</param>
    /// <param name="stable">Stamps up to here are missing in the metadata.</param>
    public void Restore(CollectionRuntime collection, byte[] encodedKey, byte[] body, RevisionStamp stamp, byte[] metadata, HybridTimestamp stable)
    {
        byte[] storageKey = [.. collection.DocumentPrefix, .. encodedKey];
        var merging = MergingDocument.Load(body.Length == 0 ? Value.Null : Value.Decode(body, 0), stamp, metadata, stable);
        Store(collection, storageKey, Value.Null, merging, isLimited: false);
    }

    private readonly record struct Survivor(byte[] Key, byte[] Body, RevisionStamp Stamp, byte[] Metadata, HybridTimestamp Stable);
}
