using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
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
    public Value Insert(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value document, IReadOnlyList<AttributeOperation> increments)
    {
        var merging = Load(storageKey, Value.Null);
        var writer = Begin(merging, collection);
        if (increments.Count > 0)
            writer.Create(Body(document), increments);
        else
            writer.Put(Body(document));
        return Save(collection, storageKey, key, Value.Null, merging, isLocal: true);
    }

    /// <summary>Lays a patch over a document.</summary>
    public Value Update(
        CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value patch, bool keepNull, bool mergeObjects,
        IReadOnlyList<AttributeOperation> operations)
    {
        var merging = Load(storageKey, old);
        Begin(merging, collection).Patch(patch, keepNull, mergeObjects, operations);
        return Save(collection, storageKey, key, old, merging, isLocal: true);
    }

    /// <summary>Brings a document to a new state by the operations that lead there.</summary>
    public Value Replace(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value document,
        IReadOnlyList<AttributeOperation> operations)
    {
        var merging = Load(storageKey, old);
        Begin(merging, collection).Diff(Body(document), operations);
        return Save(collection, storageKey, key, old, merging, isLocal: true);
    }

    public void Remove(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old)
    {
        var merging = Load(storageKey, old);
        Begin(merging, collection).Delete();
        Save(collection, storageKey, key, old, merging, isLocal: true);
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
        // Deleted by a truncation that did not know it.
        if (old.IsNull && operations[from].Kind == ChangeKind.Put && context.Stamp < collection.Definition.TruncatedAt)
            return;
        var merging = Load(storageKey, old);
        _lost.Clear();
        for (var i = from; i < to; i++)
            merging.Apply(context, operations[i].Kind, operations[i].Path, operations[i].Payload, _lost);
        Save(collection, storageKey, key, old, merging, isLocal: false);
        if (_lost.Count > 0)
            ConflictJournal.Add(transaction, collection.Definition, key, _lost, context.Stamp);
    }

    /// <summary>Empties a collection of what another region's truncation had seen or beats; later inserts it did not know stay.</summary>
    public void Truncate(CollectionRuntime collection, MergeContext context)
    {
        if (context.Stamp < collection.Definition.TruncatedAt)
            return;
        var survivors = FindInsertedAfter(collection, context.Stamp);
        var emptied = CatalogOperations.Empty(transaction, collection.Definition, context.Stamp);
        if (!transaction.CatalogRuntime.TryGet(emptied.Id, out var runtime))
            return;
        foreach (var (key, body, stamp, metadata) in survivors)
            Restore(runtime, key, body, stamp, metadata);
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

    private MergingDocument Load(ReadOnlySpan<byte> storageKey, Value old)
    {
        ReadOnlySpan<byte> metadata = default;
        if (old.IsNull || DocumentHeader.HasMetadata(old.Record))
            transaction.Storage.TryGet(KeyLayout.MergeMetadataKey(storageKey), out metadata);
        return old.IsNull
            ? MergingDocument.Load(Value.Null, default, metadata, transaction.Stable)
            : MergingDocument.Load(Body(old), DocumentHeader.ReadStamp(old.Record), metadata, transaction.Stable);
    }

    private Value Save(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, MergingDocument merging, bool isLocal)
    {
        var hasMetadata = SaveMetadata(storageKey, merging);
        var stored = merging.IsPresent
            ? transaction.Scratch.Documents.BuildFrom(collection.Definition, storageKey, merging.WriteBody, merging.Stamp, hasMetadata, isLocal)
            : Value.Null;
        transaction.StoreBody(collection, storageKey, old, stored);
        if (isLocal)
            transaction.Scratch.Changes.Add(collection.Definition.WireId, collection.Definition.Scope, key, _operations);
        return stored;
    }

    /// <summary>A stored document's object, without the attributes that only show.</summary>
    private static Value Body(Value document) => Value.DecodePinned(DocumentHeader.Body(document.Record));

    private bool SaveMetadata(ReadOnlySpan<byte> storageKey, MergingDocument merging)
    {
        var metadataKey = KeyLayout.MergeMetadataKey(storageKey);
        if (merging.WriteMetadata(out var newest) is not { } metadata)
        {
            transaction.Storage.Delete(metadataKey);
            return false;
        }
        transaction.Storage.Put(metadataKey, metadata);
        if (newest != default)
            transaction.Storage.Put(KeyLayout.UnstableKey(newest.Bits, storageKey), []);
        return true;
    }

    private void Forget(byte[] storageKey)
    {
        var metadataKey = KeyLayout.MergeMetadataKey(storageKey);
        if (!transaction.Storage.TryGet(metadataKey, out _))
            return;
        if (transaction.CatalogRuntime.FindContents(KeyLayout.ReadId(storageKey, 1)) is not { } collection)
            return;
        if (!transaction.Reads.TryGetRecord(collection, storageKey, out var old))
            old = Value.Null;
        var merging = Load(storageKey, old);
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
            transaction.StoreBody(collection, storageKey, old, transaction.Scratch.Documents.BuildWithoutMetadata(collection.Definition, storageKey, old));
    }

    private List<(byte[] Key, byte[] Body, RevisionStamp Stamp, byte[] Metadata)> FindInsertedAfter(CollectionRuntime collection, RevisionStamp truncation)
    {
        var found = new List<(byte[], byte[], RevisionStamp, byte[])>();
        using var documents = transaction.Storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId));
        while (documents.MoveNext())
        {
            var stamp = DocumentHeader.ReadStamp(documents.Value);
            if (stamp < truncation)
                continue;
            var document = Value.FromDocument(collection.Definition.Source, documents.Value);
            if (Load(documents.Key, document).Generation.Stamp < truncation)
                continue;
            transaction.Storage.TryGet(KeyLayout.MergeMetadataKey(documents.Key), out var metadata);
            found.Add((documents.Key[KeyLayout.CollectionPrefixSize..].ToArray(), DocumentHeader.Body(documents.Value).ToArray(), stamp, metadata.ToArray()));
        }
        return found;
    }

    private void Restore(CollectionRuntime collection, byte[] encodedKey, byte[] body, RevisionStamp stamp, byte[] metadata)
    {
        byte[] storageKey = [.. collection.DocumentPrefix, .. encodedKey];
        var merging = MergingDocument.Load(Value.Decode(body, 0), stamp, metadata, transaction.Stable);
        var hasMetadata = SaveMetadata(storageKey, merging);
        var stored = transaction.Scratch.Documents.BuildFrom(collection.Definition, storageKey, merging.WriteBody, merging.Stamp, hasMetadata, isLimited: false);
        transaction.StoreBody(collection, storageKey, Value.Null, stored);
    }
}
