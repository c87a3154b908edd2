using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database.Changes;

/// <summary>The change log as a keyspace: appended to in the storage transaction of the data, so it is never behind or ahead of it (docs/adr/0006).</summary>
internal sealed class ChangeLog(ChangeOrigin origin, long? retainedBytes)
{
    /// <summary>Records a single commit may drop: old log goes away a little with each write, never in one long pause.</summary>
    private const int DroppedPerCommit = 16;

    public ChangeOrigin Origin => origin;

    /// <summary>Appends what the transaction did and drops a few of the oldest records beyond the retention.</summary>
    public void Append(IWriteTransaction storage, ref FabricStateRecord state, ChangeBuffer changes, int recordSizeMax = ChangeRecord.SizeMax)
    {
        Span<byte> key = stackalloc byte[KeyLayout.ChangeKeySize];
        for (var from = 0; from < changes.Count;)
        {
            state.Sequence++;
            var record = changes.BuildRecord(ref from, origin, state.Sequence, state.Clock, recordSizeMax);
            KeyLayout.WriteChangeKey(key, origin, state.Sequence);
            storage.Put(key, record);
            state.LogBytes += (ulong)(key.Length + record.Length);
        }
        if (retainedBytes is { } limit)
            DropOldest(storage, ref state, (ulong)limit);
    }

    /// <summary>Reads the records of an origin from <paramref name="fromSequence"/> on.</summary>
    /// <exception cref="GeoFabricException">1100 when a record is damaged.</exception>
    public static IEnumerable<ChangeRecord> Read(IStorageReader storage, ChangeOrigin origin, ulong fromSequence)
    {
        var range = new KeyRange(KeyLayout.ChangeKey(origin, fromSequence), KeyRange.After(KeyLayout.ChangeKey(origin, ulong.MaxValue)));
        using var cursor = storage.OpenCursor(range);
        while (cursor.MoveNext())
            yield return Parse(cursor);
    }

    private static ChangeRecord Parse(ICursor cursor)
    {
        try
        {
            return ChangeRecord.Read(cursor.Value);
        }
        catch (InvalidDataException exception)
        {
            throw ErrorCodes.CorruptedDocument.With($"a record of the change log is damaged: {exception.Message}", exception);
        }
    }

    private void DropOldest(IWriteTransaction storage, ref FabricStateRecord state, ulong limit)
    {
        Span<byte> key = stackalloc byte[KeyLayout.ChangeKeySize];
        for (var i = 0; i < DroppedPerCommit && state.LogBytes > limit && state.FirstSequence < state.Sequence; i++)
        {
            KeyLayout.WriteChangeKey(key, origin, state.FirstSequence);
            if (storage.TryGet(key, out var record))
            {
                state.LogBytes -= (ulong)(key.Length + record.Length);
                storage.Delete(key);
            }
            state.FirstSequence++;
        }
    }
}
