using GeoFabric.Database.Changes;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Snapshots;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database;

/// <summary>What a copy of a fabric has, as of one commit.</summary>
/// <param name="Own">
/// How far the own log shows in the copy: to its end, with a timestamp at or before which it will write no further record, unless it is being replayed on
/// a snapshot.
/// </param>
/// <param name="Vector">How far the logs of the others have been applied.</param>
/// <param name="Stable">Everything up to here has been applied everywhere.</param>
/// <param name="LastSequence">Of the own log.</param>
/// <param name="Target">What has to be caught up with after a snapshot, by region; empty when there is nothing.</param>
/// <param name="SnapshotToken">Where a snapshot goes on; null when none is under way.</param>
public sealed record ReplicaState(
    AppliedPosition Own, VersionVector Vector, HybridTimestamp Stable, ulong LastSequence, IReadOnlyCollection<AppliedPosition> Target, byte[]? SnapshotToken);

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

    /// <summary>Where what takes long is told.</summary>
    public FabricJobs Jobs => _database.Jobs;

    /// <summary>The state of the last commit.</summary>
    public ReplicaState ReadState()
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        var storage = snapshot.Storage;
        var state = FabricDatabase.ReadState(storage);
        var vector = VersionVector.Load(storage, state.VectorVersion, _database.Vector);
        var own = vector.PositionOf(Origin);
        if (vector.Installed is null)
            own = own with { Sequence = state.Sequence, Timestamp = state.Clock };
        var receiving = SnapshotState.Find(storage, SnapshotRecordKind.Receiving);
        var target = receiving ?? SnapshotState.Find(storage, SnapshotRecordKind.Installed);
        return new ReplicaState(own, vector, state.Stable, state.Sequence, target is null ? [] : [.. target.Target.Values], receiving?.NextToken.ToArray());
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

    /// <summary>Drops records of an origin's log that nobody needs any more, a bounded number.</summary>
    /// <param name="before">The first sequence kept.</param>
    public Task TruncateLogAsync(ChangeOrigin origin, ulong before, CancellationToken cancellationToken = default) =>
        _database.RunStepAsync(transaction => transaction.TruncateLog(origin, before, TruncatedPerTurn), cancellationToken);

    /// <summary>Does one turn of dropping what the logs need not hold any more.</summary>
    /// <returns>The records dropped; 0 when there is nothing left to drop.</returns>
    public Task<int> TrimLogsAsync(LogLimits limits, CancellationToken cancellationToken = default) =>
        _database.RunStepAsync(transaction => LogTrimming.Trim(transaction, limits), cancellationToken);

    /// <summary>Reads the piece of this copy's state that begins at a token, all of it as of one commit.</summary>
    /// <param name="token">Where the piece before ended; empty for the first.</param>
    /// <param name="receiver">The region it is for.</param>
    /// <param name="bytesMax">The piece ends with what reaches this size.</param>
    public FabricPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return PieceReader.Read(snapshot.Storage, snapshot.Reads.Catalog, FabricDatabase.ReadState(snapshot.Storage), Origin, token, receiver, bytesMax);
    }

    /// <summary>Begins to receive another region's state, or begins anew. The present state serves on until <see cref="InstallSnapshotAsync"/>.</summary>
    /// <param name="keptScopes">Collections of these scopes stay as they are.</param>
    /// <param name="keptRegions">Regions whose logs must go on from what is applied here, if that is less than what the pieces had applied.</param>
    /// <param name="lostOrigins">But not these logs of theirs: they have ended, and no record of them comes any more.</param>
    public Task BeginSnapshotAsync(
        IReadOnlyCollection<ulong> keptScopes, IReadOnlyCollection<ushort> keptRegions, IReadOnlyCollection<ChangeOrigin> lostOrigins, CancellationToken cancellationToken = default)
    {
        var state = ReadState();
        var latest = state.Vector.Positions.Values.Where(position => position.Origin.Region != Origin.Region)
            .GroupBy(position => position.Origin.Region).Select(ofRegion => ofRegion.MaxBy(position => position.Origin.Incarnation)!);
        return _database.RunStepAsync(
            transaction =>
            {
                SnapshotStaging.Begin(
                    transaction, Origin, keptScopes, keptRegions, lostOrigins, latest.Append(state.Own), state.Own with { Sequence = state.LastSequence });
                return true;
            },
            cancellationToken);
    }

    /// <summary>Keeps a piece of another region's state; one that is not the next is left out.</summary>
    /// <exception cref="GeoFabricException">1100 when it makes no sense; nothing is stored then.</exception>
    public async Task StorePieceAsync(ReadOnlyMemory<byte> token, ReadOnlyMemory<byte> nextToken, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        try
        {
            var piece = PieceContent.Read(content.ToArray());
            foreach (var position in piece.Positions)
                _database.Clock.Observe(position.Timestamp);
            await _database.RunStepAsync(
                transaction =>
                {
                    SnapshotStaging.Store(transaction, token.Span, nextToken.Span, piece);
                    return true;
                },
                cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw ErrorCodes.CorruptedDocument.With($"a piece of another region's state cannot be stored: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Puts the received state in the place of the present one, in one commit. From then on other regions' logs begin behind it, and own records that it
    /// does not have come back by <see cref="ApplyAsync"/>.
    /// </summary>
    public async Task InstallSnapshotAsync(CancellationToken cancellationToken = default)
    {
        while (!await _database.RunStepAsync(transaction => SnapshotStaging.DropForeignLogs(transaction, Origin), cancellationToken))
        {
        }
        await _database.RunStepAsync(
            transaction =>
            {
                SnapshotStaging.Install(transaction);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Whether this copy has once caught up with the others, so that it may rely on what it has.</summary>
    public bool ReadIsEstablished()
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return snapshot.Storage.TryGet(KeyLayout.EstablishedKey(Origin), out _);
    }

    /// <summary>Nothing is written from here on at or before a timestamp that others may have forgotten everything up to.</summary>
    public void RaiseClock(HybridTimestamp floor) => _database.Clock.Observe(floor);

    /// <summary>Notes that this copy has caught up with the others; a snapshot it was made from has done its work.</summary>
    public Task StoreIsEstablishedAsync(CancellationToken cancellationToken = default) =>
        _database.RunStepAsync(
            transaction =>
            {
                SnapshotStaging.Finish(transaction, Origin);
                transaction.Storage.Put(KeyLayout.EstablishedKey(Origin), [1]);
                return true;
            },
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
