using System.Text;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Snapshots;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Verification;

/// <summary>
/// Finds out who wrote a document: from merge metadata, which is exact and forgotten once all regions have a write, and from the logs of all regions, which
/// are kept for longer.
/// </summary>
public sealed class DocumentHistoryReader
{
    private const int AttributesMax = 200;
    private const int WritesMax = 50;
    private const int PartsMax = 50;
    private const int RecordsPerLook = 1000;

    private readonly FabricSnapshot _snapshot;
    private readonly CollectionRuntime _collection;
    private readonly byte[] _key;
    private readonly FabricStateRecord _state;
    private readonly Value _document;
    private readonly List<Attribute> _attributes = [];
    private readonly List<DocumentWrite> _writes = [];
    private bool _hasMoreAttributes;

    private DocumentHistoryReader(FabricSnapshot snapshot, CollectionRuntime collection, byte[] key)
    {
        _snapshot = snapshot;
        _collection = collection;
        _key = key;
        _state = FabricDatabase.ReadState(snapshot.Storage);
        if (snapshot.TryGetDocument(collection.Definition, key, out _document))
            Collect(Value.DecodePinned(DocumentHeader.Body(_document.Record)), []);
    }

    /// <param name="logBytesMax">How much of the logs is read at most, the newest first.</param>
    /// <exception cref="GeoFabricException">11 when the scope may not read the collection, 1479 when this region does not keep it, 1100 when something is damaged.</exception>
    public static DocumentHistory Read(FabricDatabase fabric, AccessScope scope, CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, long logBytesMax, CancellationToken cancellationToken)
    {
        scope.DemandRead(collection);
        using var snapshot = fabric.OpenSnapshot(scope);
        return new DocumentHistoryReader(snapshot, snapshot.Reads.ResolveKept(collection), keyUtf8.ToArray()).Read(fabric.Origin, logBytesMax, cancellationToken);
    }

    private DocumentHistory Read(ChangeOrigin origin, long logBytesMax, CancellationToken cancellationToken)
    {
        var applied = PieceReader.ReadPositions(_snapshot.Storage, _state, origin);
        UInt128 hash = 0;
        RevisionStamp? revision = null;
        if (_document.IsObject)
        {
            revision = DocumentHeader.ReadStamp(_document.Record);
            Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
            storageKey = storageKey[..KeyLayout.WriteDocumentKey(storageKey, _collection.DocumentPrefix, _key)];
            hash = RootScanner.Hash(_snapshot, _collection, storageKey, _document.Record);
            ReadMetadata(storageKey, revision.Value);
        }
        var readFrom = ReadLogs(applied.Select(position => position.Origin), logBytesMax, cancellationToken);
        return new DocumentHistory(
            revision, hash, applied, _state.Stable, [.. _attributes.Select(attribute => new AttributeOrigin(attribute.Path, attribute.Stamp, attribute.IsExact))], _hasMoreAttributes, _writes, readFrom);
    }

    /// <summary>Every value that is no object, by its path; an empty object counts as one.</summary>
    private void Collect(Value value, List<string> path)
    {
        foreach (var (nameUtf8, inner) in value.Attributes)
        {
            if (path.Count == 0 && nameUtf8.SequenceEqual("_key"u8))
                continue;
            if (_attributes.Count == AttributesMax)
            {
                _hasMoreAttributes = true;
                return;
            }
            path.Add(Encoding.UTF8.GetString(nameUtf8));
            if (inner.IsObject && inner.Attributes.Count > 0)
                Collect(inner, path);
            else
                _attributes.Add(new Attribute([.. path], inner));
            path.RemoveAt(path.Count - 1);
        }
    }

    private void ReadMetadata(ReadOnlySpan<byte> storageKey, RevisionStamp revision)
    {
        _snapshot.Storage.TryGet(KeyLayout.MergeMetadataKey(storageKey), out var metadata);
        var hasMetadata = DocumentHeader.HasMetadata(_document.Record);
        var root = MergingDocument.Load(Value.DecodePinned(DocumentHeader.Body(_document.Record)), revision, hasMetadata ? metadata : [], _state.Stable).Root;
        foreach (var attribute in _attributes)
        {
            if (FindStamp(root, attribute.Path) is { } stamp && stamp != default)
                (attribute.Stamp, attribute.IsExact) = (stamp, true);
        }
    }

    /// <summary>The last touch of the slot at a path, or of what holds it whole.</summary>
    private static RevisionStamp? FindStamp(Slot root, IReadOnlyList<string> path)
    {
        var slot = root;
        foreach (var name in path)
        {
            if (slot.Children is null || !slot.Children.TryGetValue(name, out var child))
                break;
            slot = child;
        }
        return slot.LastTouch();
    }

    /// <summary>Goes through the logs of all origins at once, from the last record back, until everything is known or enough has been read.</summary>
    private HybridTimestamp ReadLogs(IEnumerable<ChangeOrigin> origins, long bytesMax, CancellationToken cancellationToken)
    {
        var logs = origins.Select(origin => _snapshot.Storage.OpenCursor(KeyLayout.ChangesFrom(origin, 0), ScanDirection.Backward)).ToList();
        try
        {
            // What has been dropped of a log is missing from its beginning on.
            HybridTimestamp readFrom = default;
            var waiting = new PriorityQueue<ICursor, ulong>();
            foreach (var log in logs)
                Advance(log, waiting, ref readFrom, isFirst: true);
            long bytes = 0;
            for (var records = 0; waiting.TryDequeue(out var log, out var newest); records++)
            {
                if (records % RecordsPerLook == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var timestamp = new HybridTimestamp(ulong.MaxValue - newest);
                if (bytes >= bytesMax || _writes.Count == WritesMax)
                    return timestamp > readFrom ? timestamp : readFrom;
                bytes += log.Value.Length;
                // Most records are of other documents: reading them whole to find that out would take ten times as long.
                if (log.Value.IndexOf(_key) >= 0)
                    Take(Parse(log.Value));
                Advance(log, waiting, ref readFrom, isFirst: false);
            }
            return readFrom;
        }
        finally
        {
            foreach (var log in logs)
                log.Dispose();
        }
    }

    private static void Advance(ICursor log, PriorityQueue<ICursor, ulong> waiting, ref HybridTimestamp readFrom, bool isFirst)
    {
        var last = isFirst ? (Sequence: 1ul, Timestamp: default) : (Sequence: KeyLayout.ReadSequence(log.Key), ChangeRecordHeader.ReadUnchecked(log.Value).Timestamp);
        if (log.MoveNext())
            waiting.Enqueue(log, ulong.MaxValue - ChangeRecordHeader.ReadUnchecked(log.Value).Timestamp.Bits);
        else if (last.Sequence > 1 && last.Timestamp > readFrom)
            readFrom = last.Timestamp;
    }

    private static ChangeRecord Parse(ReadOnlySpan<byte> record)
    {
        try
        {
            return ChangeRecord.Read(record);
        }
        catch (InvalidDataException damaged)
        {
            throw ErrorCodes.CorruptedDocument.With($"a record of the change log is damaged: {damaged.Message}", damaged);
        }
    }

    private void Take(ChangeRecord record)
    {
        var stamp = new RevisionStamp(record.Timestamp, record.Origin.Region);
        var parts = new List<WrittenPart>();
        foreach (var operation in record.Operations)
        {
            if (operation.WireId != _collection.Definition.WireId || !operation.Key.AsSpan().SequenceEqual(_key) || operation.Kind == ChangeKind.On)
                continue;
            var path = MergePath.Read(operation.Path).Select(step => step.Name ?? "[]").ToList();
            if (parts.Count < PartsMax)
                parts.Add(new WrittenPart(operation.Kind, path));
            foreach (var attribute in _attributes.Where(attribute => attribute.Stamp is null && IsOrigin(operation, path, attribute)))
                attribute.Stamp = stamp;
        }
        if (parts.Count > 0)
            _writes.Add(new DocumentWrite(stamp, parts));
    }

    /// <summary>Whether an operation left the value an attribute has. One that lost against another left none, whenever it was made.</summary>
    private static bool IsOrigin(ChangeOperation operation, List<string> path, Attribute attribute)
    {
        var shared = Math.Min(path.Count, attribute.Path.Length);
        if (!path.Take(shared).SequenceEqual(attribute.Path.Take(shared)))
            return false;
        if (operation.Kind is ChangeKind.Put or ChangeKind.Create or ChangeKind.Set && path.Count <= attribute.Path.Length)
            return Find(ReadValue(operation), attribute.Path.Skip(path.Count)) is { } written && ValueComparer.Compare(written, attribute.Value) == 0;
        // What adds to a value leaves a part of it.
        return path.Count >= attribute.Path.Length && operation.Kind is not (ChangeKind.Unset or ChangeKind.Delete or ChangeKind.Maximum or ChangeKind.Minimum);
    }

    private static Value ReadValue(ChangeOperation operation)
    {
        if (operation.Kind != ChangeKind.Set)
            return Value.Decode(operation.Payload, 0);
        var reader = new MergeReader(operation.Payload);
        reader.ReadShares();
        return reader.ReadValue();
    }

    private static Value? Find(Value value, IEnumerable<string> path)
    {
        foreach (var name in path)
        {
            if (!value.IsObject || !value.TryGetAttribute(Encoding.UTF8.GetBytes(name), out value))
                return null;
        }
        return value;
    }

    private sealed class Attribute(string[] path, Value value)
    {
        public string[] Path => path;

        public Value Value => value;

        public RevisionStamp? Stamp { get; set; }

        public bool IsExact { get; set; }
    }
}
