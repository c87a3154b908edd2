using GeoFabric.Database.Changes;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Verification;

/// <summary>Compares the change log with itself and with the documents: what the log says last about a document is what is stored.</summary>
internal static class ChangeLogVerifier
{
    public static List<string> Verify(
        IStorageReader storage, CatalogRuntime catalog, FabricStateRecord state, ChangeOrigin origin, bool isReplicated, out long records)
    {
        var disagreements = new List<string>();
        var last = new Dictionary<(ulong Collection, string Key), (ChangeKind Kind, HybridTimestamp Stamp, uint Checksum)>();
        var firstTimestamp = ReadRecords(storage, state, origin, last, disagreements, out records);
        // With regions a document is the sum of operations from several logs: comparing regions with each other checks that.
        if (isReplicated)
            return disagreements;
        foreach (var collection in catalog.Collections)
            CompareDocuments(storage, collection, state, firstTimestamp, last, disagreements);
        foreach (var ((collection, key), (kind, _, _)) in last)
        {
            if (kind == ChangeKind.Put && catalog.TryGetShared(collection, out var runtime))
                disagreements.Add($"{runtime.Definition.Name}/{key}: the change log has it, the documents do not");
        }
        return disagreements;
    }

    /// <returns>Timestamp of the own log's first record.</returns>
    private static HybridTimestamp ReadRecords(
        IStorageReader storage, FabricStateRecord state, ChangeOrigin origin,
        Dictionary<(ulong, string), (ChangeKind, HybridTimestamp, uint)> last, List<string> disagreements, out long records)
    {
        records = 0;
        ulong bytes = 0;
        HybridTimestamp first = default;
        var vector = VersionVector.Load(storage, state.VectorVersion);
        var logs = vector.Positions.Keys.Append(origin).Distinct().ToDictionary(
            known => known,
            known => known == origin
                ? new LogTally(state.FirstSequence, state.Sequence, disagreements)
                : new LogTally(firstSequence: null, vector.PositionOf(known).Sequence, disagreements));
        using var cursor = storage.OpenCursor(KeyLayout.AllChanges);
        while (cursor.MoveNext())
        {
            bytes += (ulong)(cursor.Key.Length + cursor.Value.Length);
            ChangeRecord record;
            try
            {
                record = ChangeRecord.Read(cursor.Value);
            }
            catch (InvalidDataException exception)
            {
                disagreements.Add($"a change record of region {KeyLayout.ReadOrigin(cursor.Key).Region}: {exception.Message}");
                continue;
            }
            if (!cursor.Key.SequenceEqual(KeyLayout.ChangeKey(record.Origin, record.LastSequence)) || !logs.TryGetValue(record.Origin, out var log))
            {
                disagreements.Add($"change record {record.Sequence} of origin {record.Origin} lies where it does not belong");
                continue;
            }
            log.Add(record);
            records++;
            if (record.Origin != origin)
                continue;
            if (first == default)
                first = record.Timestamp;
            Note(record, last);
        }
        foreach (var log in logs.Values)
            log.Finish();
        if (bytes != state.LogBytes)
            disagreements.Add($"the change log has {bytes} bytes, counted {state.LogBytes}");
        return first;
    }

    private static void Note(ChangeRecord record, Dictionary<(ulong, string), (ChangeKind, HybridTimestamp, uint)> last)
    {
        foreach (var operation in record.Operations)
        {
            switch (operation.Kind)
            {
                case ChangeKind.Put or ChangeKind.Delete:
                    last[(operation.WireId, System.Text.Encoding.UTF8.GetString(operation.Key))] =
                        (operation.Kind, record.Timestamp, Primitives.Hashing.Crc32C.Compute(operation.Payload));
                    break;
                case ChangeKind.Truncate or ChangeKind.DropCollection:
                    foreach (var id in last.Keys.Where(id => id.Item1 == operation.WireId).ToList())
                        last.Remove(id);
                    break;
            }
        }
    }

    private static void CompareDocuments(
        IStorageReader storage, CollectionRuntime collection, FabricStateRecord state, HybridTimestamp firstTimestamp,
        Dictionary<(ulong, string), (ChangeKind Kind, HybridTimestamp Stamp, uint Checksum)> last, List<string> disagreements)
    {
        using var cursor = storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId));
        while (cursor.MoveNext())
        {
            var key = DocumentKeyCodec.DecodeToString(cursor.Key[KeyLayout.CollectionPrefixSize..]);
            var stamp = DocumentHeader.ReadStamp(cursor.Value).Timestamp;
            if (last.Remove((collection.Definition.WireId, key), out var said))
            {
                var body = Primitives.Hashing.Crc32C.Compute(DocumentHeader.Body(cursor.Value));
                if (said.Kind != ChangeKind.Put || said.Stamp != stamp || said.Checksum != body)
                    disagreements.Add($"{collection.Definition.Name}/{key}: the change log says something else last");
            }
            else if (state.FirstSequence == 1 || stamp >= firstTimestamp)
            {
                disagreements.Add($"{collection.Definition.Name}/{key}: the change log does not have it");
            }
        }
    }

    /// <summary>One origin's records: dense, in order, whole transactions, up to the position that is stored.</summary>
    private sealed class LogTally(ulong? firstSequence, ulong lastSequence, List<string> disagreements)
    {
        private ChangeRecord? _previous;

        public void Add(ChangeRecord record)
        {
            var expected = _previous?.LastSequence + 1 ?? firstSequence ?? record.Sequence;
            if (record.Sequence != expected)
                disagreements.Add($"change record {expected}: found {record.Sequence} of origin {record.Origin}");
            if (_previous is not null && (Continues(_previous) ? record.Timestamp != _previous.Timestamp : record.Timestamp <= _previous.Timestamp))
                disagreements.Add($"change record {record.Sequence} of origin {record.Origin}: its timestamp does not follow the one before");
            _previous = record;
        }

        public void Finish()
        {
            if (_previous is null)
                return;
            if (_previous.LastSequence != lastSequence)
                disagreements.Add($"the change log of origin {_previous.Origin} ends with {_previous.LastSequence}, {lastSequence} is stored");
            if (Continues(_previous))
                disagreements.Add($"the change log of origin {_previous.Origin} ends inside a transaction");
        }

        private static bool Continues(ChangeRecord record) => record.Flags.HasFlag(ChangeFlags.MoreFollows);
    }
}
