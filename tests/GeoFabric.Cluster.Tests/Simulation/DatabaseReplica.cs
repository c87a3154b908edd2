using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Maintenance;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Names;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Replication;
using GeoFabric.Storage;
using ClusterConfiguration = GeoFabric.Replication.Membership.ClusterConfiguration;
using RegionState = GeoFabric.Replication.Protocol.RegionState;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A real fabric as a simulated replica: the model's changes become document writes, and what they did is read back from documents.</summary>
/// <remarks>It makes no snapshots and serves none, so plans that need them are not for it.</remarks>
internal sealed class DatabaseReplica : ISimulatedReplica, IDisposable
{
    private readonly bool _keepsLogs;
    private readonly SimulatedClock _clock = new();
    private SurvivingEngine _disk;
    private ChangeOrigin _origin;
    private FabricDatabase _database;
    private (ulong Sequence, HybridTimestamp Timestamp, int Bytes) _committed;
    private DocumentDigests? _digests;

    /// <param name="keepsLogs">Regions that join or lose their disk get everything from the others' logs.</param>
    public DatabaseReplica(ChangeOrigin origin, ClusterConfiguration configuration, bool keepsLogs)
        : this(origin, configuration, keepsLogs, new SurvivingEngine())
    {
    }

    private DatabaseReplica(ChangeOrigin origin, ClusterConfiguration configuration, bool keepsLogs, SurvivingEngine disk)
    {
        _origin = origin;
        Configuration = configuration;
        _keepsLogs = keepsLogs;
        _disk = disk;
        _database = Open();
    }

    public ClusterConfiguration Configuration { get; set; }

    public RegionState State => ReplicationMapping.ToRegionState(_database.Replica);

    public int UnstableDocuments => Count(new KeyRange([(byte)Keyspace.Unstable], [(byte)Keyspace.Unstable + 1])).Entries;

    public long MetadataBytes => Count(new KeyRange([(byte)Keyspace.MergeMetadata], [(byte)Keyspace.MergeMetadata + 1])).Bytes;

    public ulong ContentDigest => Digests.Content;

    private DocumentDigests Digests => _digests ??= DocumentDigests.Of(_database);

    public CommitOutcome? SetUp(DateTimeOffset wall) => Write(wall, transaction =>
    {
        DatabaseWrites.SetUp(transaction);
        return [];
    });

    public CommitOutcome? Commit(DateTimeOffset wall, IReadOnlyList<ModelChange> changes) =>
        DatabaseWrites.IsSetUp(_database.Catalog) ? Write(wall, transaction => DatabaseWrites.Write(transaction, changes)) : null;

    public CommitOutcome? Apply(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        _committed = default;
        var before = State.LastSequence;
        Wait(_database.Replica.ApplyAsync(records));
        foreach (var collection in _database.Catalog.Collections.Values)
        {
            foreach (var index in collection.Indexes.Where(index => index.IsBuilding))
                FillIndex(collection.Id, index.Id);
        }
        _digests = null;
        return TakeOutcome(before, []);
    }

    public (ulong LastSequence, HybridTimestamp Timestamp) TakeWatermark(DateTimeOffset wall)
    {
        _clock.Now = wall;
        return Wait(_database.Replica.TakeWatermarkAsync());
    }

    public void AdvanceStable(HybridTimestamp stable) => Wait(_database.Replica.AdvanceStableAsync(stable));

    public void DropLog(AppliedVector through)
    {
        if (_keepsLogs)
            return;
        foreach (var position in through)
            Wait(_database.Replica.TruncateLogAsync(position.Origin, position.Sequence + 1));
    }

    public void BecomeEstablished(HybridTimestamp clockFloor)
    {
        _database.Replica.RaiseClock(clockFloor);
        if (!_database.Replica.ReadIsEstablished())
            Wait(_database.Replica.StoreIsEstablishedAsync());
    }

    public ulong FirstSequence(ChangeOrigin origin) => _database.Replica.ReadFirstSequence(origin);

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(ChangeOrigin origin, ulong fromSequence, int bytesMax) => _database.Replica.ReadLog(origin, fromSequence, bytesMax);

    public SnapshotPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax) => throw NoSnapshots();

    public void BeginSnapshot(SnapshotBegun begun) => throw NoSnapshots();

    public void StorePiece(SnapshotPiece piece) => throw NoSnapshots();

    public (AppliedVector Applied, AppliedVector Target) InstallSnapshot() => throw NoSnapshots();

    public ModelValue Read(ModelKey key)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        return DatabaseWrites.Read(snapshot, key);
    }

    public IEnumerable<ModelKey> KeysOf(ReadOnlyMemory<byte> record) => ChangeRecord.Read(record.Span).Operations
        .Where(operation => operation.Key.Length > 0).Select(operation => DatabaseWrites.ToModelKey(operation.Key)).Distinct();

    /// <summary>All documents are in one scope.</summary>
    public ulong Digest(ulong scope) => scope == 0 ? Digests.Model : 0;

    public IEnumerable<string> CheckAtRest(IReadOnlyList<Acknowledged> surviving) => DatabaseChecks.Check(_database, surviving);

    /// <summary>The process is gone, and the next one has what was committed.</summary>
    public void Crash() => Reopen();

    public ISimulatedReplica Copy() => new DatabaseReplica(_origin, Configuration, _keepsLogs, _disk.Copy());

    /// <summary>A region that lost its disk returns with an empty one, as a server does.</summary>
    public void BecomeIncarnation(byte incarnation)
    {
        if (State.Applied.Count > 1 || State.LastSequence > 0)
            throw new InvalidOperationException($"Region {_origin.Region} returns with a backup; only an empty disk can become another incarnation.");
        _origin = _origin with { Incarnation = incarnation };
        _disk = new SurvivingEngine();
        Reopen();
    }

    public void Dispose() => Wait(_database.CloseAsync(waitsForSnapshots: false));

    private void Reopen()
    {
        Dispose();
        _database = Open();
    }

    private FabricDatabase Open()
    {
        var fabric = new FabricRecord(1, TenantName.Root, FabricName.System, FabricOptions.Default, FabricState.Available);
        var options = new DatabaseOptions { Region = _origin.Region, Incarnation = _origin.Incarnation, ExpirySweepInterval = TimeSpan.Zero };
        var opening = FabricDatabase.OpenAsync(_disk, fabric, options, _clock);
        var database = opening.GetAwaiter().GetResult();
        database.Replica.Committed = (sequence, timestamp, bytes) => _committed = (sequence, timestamp, bytes);
        _digests = null;
        return database;
    }

    private CommitOutcome? Write(DateTimeOffset wall, Func<GeoFabric.Database.Transactions.FabricTransaction, IReadOnlyList<ModelChange>> work)
    {
        _clock.Now = wall;
        _committed = default;
        var before = State.LastSequence;
        var made = Wait(_database.WriteAsync(_database.SystemScope, work));
        _digests = null;
        return TakeOutcome(before, made);
    }

    private CommitOutcome? TakeOutcome(ulong before, IReadOnlyList<ModelChange> made) =>
        _committed.Sequence == 0 ? null : new CommitOutcome(before + 1, _committed.Sequence, _committed.Timestamp, _committed.Bytes, made);

    /// <summary>The background would do it at some moment of its own; a run has to be the same each time.</summary>
    private void FillIndex(uint collectionId, uint indexId)
    {
        while (!Wait(_database.RunAsync(_database.SystemScope, transaction => IndexFiller.Advance(transaction, collectionId, indexId), isMaintenance: true)))
        {
        }
    }

    private (int Entries, long Bytes) Count(KeyRange range)
    {
        using var snapshot = _database.OpenSnapshot(_database.SystemScope);
        using var cursor = snapshot.Storage.OpenCursor(range);
        var (entries, bytes) = (0, 0L);
        for (; cursor.MoveNext(); entries++)
            bytes += cursor.Value.Length;
        return (entries, bytes);
    }

    // On memory whoever writes does the writing: nothing is left to wait for.
    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static SimulationFailure NoSnapshots() => new("P13", "a snapshot is needed although the logs reach back far enough");
}
