using GeoFabric.Database.Catalog;
using GeoFabric.Database.Changes;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Snapshots;

/// <summary>Reads one piece of a fabric's state, all of it from one storage snapshot. Collections that are local to this region never leave it.</summary>
internal sealed class PieceReader
{
    private readonly IStorageReader _storage;
    private readonly PieceContentWriter _content;
    private readonly byte[] _token;
    private readonly int _bytesMax;
    private byte[] _last;

    private PieceReader(IStorageReader storage, PieceContentWriter content, byte[] token, int bytesMax)
    {
        _storage = storage;
        _content = content;
        _token = token;
        _last = token;
        _bytesMax = bytesMax;
    }

    private bool IsFull => _content.Length >= _bytesMax;

    /// <param name="origin">The donor's own log.</param>
    /// <param name="receiver">The region it is for: it gets no documents of collections it must not keep.</param>
    /// <exception cref="InvalidDataException">The token is damaged.</exception>
    public static FabricPiece Read(
        IStorageReader storage, CatalogRuntime catalog, in FabricStateRecord state, ChangeOrigin origin, ReadOnlyMemory<byte> token, ushort receiver, int bytesMax)
    {
        var positions = ReadPositions(storage, state, origin);
        var content = new PieceContentWriter(state.Stable, positions);
        var reader = new PieceReader(storage, content, token.ToArray(), content.Length + bytesMax);
        var shared = catalog.Collections.Where(collection => !collection.Definition.IsLocal).OrderBy(collection => collection.Definition.WireId).ToList();
        var isWhole = reader.ReadCollections(shared) && reader.ReadStoredQueries() && reader.ReadDocuments(shared.FindAll(collection => collection.Definition.KeptAt.IsKeptAt(receiver) && collection.Definition.KeptAt.IsKeptAt(origin.Region)))
            && reader.ReadRequests();
        return new FabricPiece(token, isWhole ? default : reader._last, positions, state.Stable, content.ToArray());
    }

    /// <summary>What had been applied of every origin, and of the own log what it holds.</summary>
    public static List<AppliedPosition> ReadPositions(IStorageReader storage, in FabricStateRecord state, ChangeOrigin origin)
    {
        var vector = VersionVector.Load(storage, state.VectorVersion);
        var positions = vector.Positions.Values.Where(position => position.Origin != origin).ToList();
        if (state.Sequence > 0)
        {
            // A timestamp of a record: others may come to depend on it, and must not wait for a mere promise.
            using var log = storage.OpenCursor(KeyLayout.ChangesFrom(origin, 0), ScanDirection.Backward);
            var timestamp = log.MoveNext() ? ChangeRecordHeader.ReadUnchecked(log.Value).Timestamp : state.Clock;
            positions.Add(vector.PositionOf(origin) with { Sequence = state.Sequence, Timestamp = timestamp });
        }
        return [.. positions.OrderBy(position => position.Origin.Region).ThenBy(position => position.Origin.Incarnation)];
    }

    /// <returns>Whether there is room for more.</returns>
    private bool ReadCollections(List<CollectionRuntime> shared)
    {
        if (SnapshotPosition.PhaseOf(_token) > SnapshotPosition.Collections)
            return true;
        var known = new SortedDictionary<ulong, CollectionDefinition?>();
        using (var dropped = _storage.OpenCursor(KeyLayout.AllDroppedCollections))
        {
            while (dropped.MoveNext())
                known.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(dropped.Key[2..]), null);
        }
        foreach (var collection in shared)
            known[collection.Definition.WireId] = collection.Definition;
        foreach (var (wireId, definition) in known)
        {
            var position = SnapshotPosition.OfCollection(wireId);
            if (position.AsSpan().SequenceCompareTo(_token) <= 0)
                continue;
            if (definition is null)
                _content.AddDroppedCollection(wireId);
            else
                _content.AddCollection(wireId, DefinitionCodec.WriteForSnapshot(definition));
            if (EndsAt(position))
                return false;
        }
        return true;
    }

    private bool ReadStoredQueries()
    {
        if (SnapshotPosition.PhaseOf(_token) > SnapshotPosition.StoredQueries)
            return true;
        using var queries = _storage.OpenCursor(KeyLayout.AllStoredQueries);
        while (queries.MoveNext())
        {
            var position = SnapshotPosition.OfStoredQuery(queries.Key[2..]);
            if (position.AsSpan().SequenceCompareTo(_token) <= 0)
                continue;
            _content.AddStoredQuery(SnapshotPosition.NameOf(position), CatalogRecord.Read(queries.Key, queries.Value));
            if (EndsAt(position))
                return false;
        }
        return true;
    }

    /// <summary>What came of requests, so that one that is sent again to the receiver is known there.</summary>
    private bool ReadRequests()
    {
        using var requests = _storage.OpenCursor(KeyLayout.AllRequests);
        var isInside = SnapshotPosition.PhaseOf(_token) == SnapshotPosition.Requests;
        // The byte 0 behind a key makes the smallest key after it.
        for (var isPositioned = isInside ? requests.Seek([KeyLayout.AllRequests.Start[0], .. _token[1..], 0]) : requests.MoveNext(); isPositioned; isPositioned = requests.MoveNext())
        {
            _content.AddRequest(requests.Key, requests.Value);
            if (IsFull)
                return !EndsAt(SnapshotPosition.OfRequest(requests.Key));
        }
        return true;
    }

    private bool ReadDocuments(List<CollectionRuntime> shared)
    {
        if (SnapshotPosition.PhaseOf(_token) > SnapshotPosition.Documents)
            return true;
        var isInside = SnapshotPosition.PhaseOf(_token) == SnapshotPosition.Documents;
        var from = isInside ? SnapshotPosition.WireIdOf(_token) : 0;
        foreach (var collection in shared.Where(collection => collection.Definition.WireId >= from))
        {
            ReadOnlySpan<byte> after = isInside && collection.Definition.WireId == from ? SnapshotPosition.KeyOf(_token) : default;
            if (!ReadDocuments(collection, after))
                return false;
        }
        return true;
    }

    /// <summary>Documents and what merging remembers, of deleted ones too, key by key.</summary>
    private bool ReadDocuments(CollectionRuntime collection, ReadOnlySpan<byte> after)
    {
        using var documents = _storage.OpenCursor(Behind(KeyLayout.DocumentsOf(collection.ContentsId), after));
        using var metadata = _storage.OpenCursor(Behind(KeyLayout.MergeMetadataOf(collection.ContentsId), after));
        var hasDocument = documents.MoveNext();
        var hasMetadata = metadata.MoveNext();
        while (hasDocument || hasMetadata)
        {
            var order = !hasDocument ? 1 : !hasMetadata ? -1 : documents.Key[1..].SequenceCompareTo(metadata.Key[1..]);
            var key = (order <= 0 ? documents : metadata).Key[KeyLayout.CollectionPrefixSize..];
            if (order <= 0)
                DocumentRecord.Verify(documents.Key, documents.Value, collection.Definition.Source);
            _content.AddDocument(collection.Definition.WireId, key, order <= 0 ? documents.Value : default, order >= 0 ? metadata.Value : default);
            if (IsFull)
                return !EndsAt(SnapshotPosition.OfDocument(collection.Definition.WireId, key));
            if (order <= 0)
                hasDocument = documents.MoveNext();
            if (order >= 0)
                hasMetadata = metadata.MoveNext();
        }
        return true;
    }

    private static KeyRange Behind(KeyRange contents, ReadOnlySpan<byte> key) =>
        // The byte 0 behind a key makes the smallest key after it.
        key.IsEmpty ? contents : contents with { Start = [.. contents.Start, .. key, 0] };

    private bool EndsAt(byte[] position)
    {
        if (!IsFull)
            return false;
        _last = position;
        return true;
    }
}
