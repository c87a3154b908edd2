using GeoFabric.Database.Changes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database;

/// <summary>What a copy of a fabric has, as of one commit.</summary>
/// <param name="Own">The copy's own log: its last sequence, and a timestamp at or before which it will write no further record.</param>
/// <param name="Vector">How far the logs of the others have been applied.</param>
/// <param name="Stable">Everything up to here has been applied everywhere.</param>
public sealed record ReplicaState(AppliedPosition Own, VersionVector Vector, HybridTimestamp Stable);

/// <summary>A fabric's copy in this region as replication sees it: logs to read, records to apply, what has been applied.</summary>
/// <remarks>Thread-safe, like its <see cref="FabricDatabase"/>. It knows nothing of peers: how changes travel is not its business.</remarks>
public sealed class FabricReplica
{
    private const int TruncatedPerTurn = 1000;

    /// <summary>How far ahead a promise about the clock is stored, so that not every one needs a commit.</summary>
    private static readonly TimeSpan ClockReserve = TimeSpan.FromSeconds(1);

    private readonly FabricDatabase _database;

    internal FabricReplica(FabricDatabase database) => _database = database;

    /// <summary>
    /// Called after each commit that added to the own log with the last sequence, its timestamp and the bytes added, on the thread that completed it, maybe
    /// not in order; must not block.
    /// </summary>
    public Action<ulong, HybridTimestamp, int>? Committed { get; set; }

    public ChangeOrigin Origin => _database.Origin;

    /// <summary>The state of the last commit.</summary>
    public ReplicaState ReadState()
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        var state = FabricDatabase.ReadState(snapshot.Storage);
        var vector = VersionVector.Load(snapshot.Storage, state.VectorVersion);
        var own = vector.PositionOf(Origin) with { Sequence = state.Sequence, Timestamp = state.Clock };
        return new ReplicaState(own, vector, state.Stable);
    }

    /// <summary>A promise, made in the writer's turn: the own log has records up to this sequence, and no later one will have a timestamp up to this one.</summary>
    /// <remarks>Holds across a restart with a clock set back. It costs a commit a second at most, none while there are writes.</remarks>
    public Task<(ulong Sequence, HybridTimestamp Timestamp)> TakeWatermarkAsync(CancellationToken cancellationToken = default) =>
        _database.RunAsync(_database.SystemScope, transaction => transaction.TakeWatermark(ClockReserve), isMaintenance: false, cancellationToken);

    /// <summary>Records of an origin's log as they are stored, from a sequence on; at least one if there is one.</summary>
    /// <param name="bytesMax">Stops after the record that reaches this size.</param>
    /// <returns>Empty when there are none; the first one has a later sequence when earlier ones have been truncated.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> ReadLog(ChangeOrigin origin, ulong fromSequence, int bytesMax)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.ChangesFrom(origin, fromSequence));
        var records = new List<ReadOnlyMemory<byte>>();
        for (var bytes = 0; bytes < bytesMax && cursor.MoveNext(); bytes += cursor.Value.Length)
            records.Add(cursor.Value.ToArray());
        return records;
    }

    /// <summary>Applies records of other regions in the order given, all in one transaction; those applied before are left out.</summary>
    /// <param name="records">Whole transactions in causal order.</param>
    /// <exception cref="GeoFabricException">1100 when a record is damaged or does not fit what has been applied; nothing is stored then.</exception>
    public async Task ApplyAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken = default)
    {
        try
        {
            var received = new List<ReceivedRecord>(records.Count);
            foreach (var bytes in records)
                received.Add(new ReceivedRecord(ChangeRecord.Read(bytes.Span), bytes));
            // What is written here from now on is later than what has been seen.
            foreach (var (record, _) in received)
                _database.Clock.Observe(record.Timestamp);
            await _database.ApplyAsync(received, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw ErrorCodes.CorruptedDocument.With($"records of another region cannot be applied: {exception.Message}", exception);
        }
    }

    /// <summary>Notes that everything up to a timestamp has been applied in every region, and lets what only merging needed be forgotten.</summary>
    public Task AdvanceStableAsync(HybridTimestamp stable, CancellationToken cancellationToken = default) => _database.AdvanceStableAsync(stable, cancellationToken);

    /// <summary>Drops records of an origin's log that nobody needs any more.</summary>
    /// <param name="before">The first sequence kept.</param>
    public Task TruncateLogAsync(ChangeOrigin origin, ulong before, CancellationToken cancellationToken = default) =>
        _database.RunAsync(
            _database.SystemScope,
            transaction =>
            {
                transaction.TruncateLog(origin, before, TruncatedPerTurn);
                return true;
            },
            isMaintenance: true,
            cancellationToken);

    /// <summary>Whether this copy has once caught up with the others, so that it may rely on what it has.</summary>
    public bool ReadIsEstablished()
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return snapshot.Storage.TryGet(KeyLayout.EstablishedKey(Origin), out _);
    }

    /// <summary>Nothing is written from here on at or before a timestamp that others may have forgotten everything up to.</summary>
    public void RaiseClock(HybridTimestamp floor) => _database.Clock.Observe(floor);

    public Task StoreIsEstablishedAsync(CancellationToken cancellationToken = default) =>
        _database.RunAsync(
            _database.SystemScope,
            transaction =>
            {
                transaction.Storage.Put(KeyLayout.EstablishedKey(Origin), [1]);
                return true;
            },
            isMaintenance: true,
            cancellationToken);

    /// <summary>The oldest record of an origin that is still held; one more than the last applied when none is.</summary>
    public ulong ReadFirstSequence(ChangeOrigin origin)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.ChangesFrom(origin, 0));
        if (cursor.MoveNext())
            return KeyLayout.ReadSequence(cursor.Key);
        var state = FabricDatabase.ReadState(snapshot.Storage);
        return 1 + (origin == Origin ? state.Sequence : VersionVector.Load(snapshot.Storage, state.VectorVersion).PositionOf(origin).Sequence);
    }

    internal void OnCommitted(ulong sequence, HybridTimestamp timestamp, int bytes) => Committed?.Invoke(sequence, timestamp, bytes);
}
