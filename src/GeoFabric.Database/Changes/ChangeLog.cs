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
    /// <param name="vector">What this copy has applied of other regions; its news go into the first record.</param>
    /// <param name="requestId">0 for none.</param>
    public void Append(
        IWriteTransaction storage, ref FabricStateRecord state, ChangeBuffer changes, VersionVector vector, UInt128 requestId = default,
        int recordSizeMax = ChangeRecord.SizeMax)
    {
        // Told by a record or not at all: a transaction without one leaves them to the next.
        var dependencies = changes.Count > 0 ? TakeDependencies(storage, ref state, vector) : [];
        Span<byte> key = stackalloc byte[KeyLayout.ChangeKeySize];
        for (var from = 0; from < changes.Count;)
        {
            state.Sequence++;
            var record = changes.BuildRecord(ref from, origin, state.Sequence, state.Clock, dependencies, requestId, recordSizeMax);
            dependencies = [];
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
        using var cursor = storage.OpenCursor(KeyLayout.ChangesFrom(origin, fromSequence));
        while (cursor.MoveNext())
            yield return Parse(cursor);
    }

    /// <summary>Appends a record of another region as it came.</summary>
    public static void AppendForeign(IWriteTransaction storage, ref FabricStateRecord state, ChangeOrigin origin, ulong sequence, ReadOnlySpan<byte> record)
    {
        Span<byte> key = stackalloc byte[KeyLayout.ChangeKeySize];
        KeyLayout.WriteChangeKey(key, origin, sequence);
        storage.Put(key, record);
        state.LogBytes += (ulong)(key.Length + record.Length);
    }

    /// <summary>What other regions' records have been applied since the own log last told.</summary>
    private List<ChangeDependency> TakeDependencies(IWriteTransaction storage, ref FabricStateRecord state, VersionVector vector)
    {
        if (state.VectorVersion == state.LoggedVectorVersion)
            return [];
        var own = vector.PositionOf(origin);
        if (storage.TryGet(KeyLayout.PositionKey(origin), out var stored))
            own = AppliedPosition.Read(origin, stored);
        var dependencies = vector.DependenciesSince(own);
        storage.Put(KeyLayout.PositionKey(origin), own.After(state.Sequence + 1, state.Clock, dependencies).Write());
        state.LoggedVectorVersion = state.VectorVersion;
        return dependencies;
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
