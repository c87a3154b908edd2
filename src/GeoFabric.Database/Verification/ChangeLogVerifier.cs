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
    public static List<string> Verify(IStorageReader storage, CatalogRuntime catalog, FabricStateRecord state, ChangeOrigin origin, out long records)
    {
        var disagreements = new List<string>();
        var last = new Dictionary<(uint Collection, string Key), (ChangeKind Kind, HybridTimestamp Stamp, uint Checksum)>();
        var firstTimestamp = ReadRecords(storage, state, origin, last, disagreements, out records);
        foreach (var collection in catalog.Collections)
            CompareDocuments(storage, collection, state, firstTimestamp, last, disagreements);
        foreach (var ((collection, key), (kind, _, _)) in last)
        {
            if (kind == ChangeKind.Put && catalog.TryGet(collection, out var runtime))
                disagreements.Add($"{runtime.Definition.Name}/{key}: the change log has it, the documents do not");
        }
        return disagreements;
    }

    private static HybridTimestamp ReadRecords(
        IStorageReader storage, FabricStateRecord state, ChangeOrigin origin,
        Dictionary<(uint, string), (ChangeKind, HybridTimestamp, uint)> last, List<string> disagreements, out long records)
    {
        records = 0;
        ulong bytes = 0;
        var expected = state.FirstSequence;
        HybridTimestamp first = default, previous = default;
        var continues = false;
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
                disagreements.Add($"change record {expected}: {exception.Message}");
                expected++;
                continue;
            }
            if (record.Sequence != expected || record.Origin != origin || !cursor.Key.SequenceEqual(KeyLayout.ChangeKey(origin, expected)))
                disagreements.Add($"change record {expected}: found {record.Sequence} of origin {record.Origin}");
            if (records > 0 && (continues ? record.Timestamp != previous : record.Timestamp <= previous))
                disagreements.Add($"change record {expected}: its timestamp does not follow the one before");
            if (records == 0)
                first = record.Timestamp;
            continues = record.Flags.HasFlag(ChangeFlags.MoreFollows);
            previous = record.Timestamp;
            expected = record.Sequence + 1;
            records++;
            Note(record, last);
        }
        if (expected != state.Sequence + 1)
            disagreements.Add($"the change log ends before {expected}, the state says {state.Sequence}");
        if (continues)
            disagreements.Add("the change log ends inside a transaction");
        if (bytes != state.LogBytes)
            disagreements.Add($"the change log has {bytes} bytes, counted {state.LogBytes}");
        return first;
    }

    private static void Note(ChangeRecord record, Dictionary<(uint, string), (ChangeKind, HybridTimestamp, uint)> last)
    {
        foreach (var operation in record.Operations)
        {
            switch (operation.Kind)
            {
                case ChangeKind.Put or ChangeKind.Delete:
                    last[(operation.CollectionId, System.Text.Encoding.UTF8.GetString(operation.Key))] =
                        (operation.Kind, record.Timestamp, Primitives.Hashing.Crc32C.Compute(operation.Payload));
                    break;
                case ChangeKind.Truncate or ChangeKind.DropCollection:
                    foreach (var id in last.Keys.Where(id => id.Item1 == operation.CollectionId).ToList())
                        last.Remove(id);
                    break;
            }
        }
    }

    private static void CompareDocuments(
        IStorageReader storage, CollectionRuntime collection, FabricStateRecord state, HybridTimestamp firstTimestamp,
        Dictionary<(uint, string), (ChangeKind Kind, HybridTimestamp Stamp, uint Checksum)> last, List<string> disagreements)
    {
        using var cursor = storage.OpenCursor(KeyLayout.DocumentsOf(collection.ContentsId));
        while (cursor.MoveNext())
        {
            var key = DocumentKeyCodec.DecodeToString(cursor.Key[KeyLayout.CollectionPrefixSize..]);
            var stamp = DocumentHeader.ReadStamp(cursor.Value).Timestamp;
            if (last.Remove((collection.Definition.Id, key), out var said))
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
}
