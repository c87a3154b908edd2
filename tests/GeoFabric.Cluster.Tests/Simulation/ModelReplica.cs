using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A replica in memory with the simplest replicated types, so that it is the protocol that is tested.</summary>
internal sealed class ModelReplica(ChangeOrigin origin, ClusterConfiguration configuration, ReplicaSettings settings) : ISimulatedReplica
{
    private ChangeOrigin _origin = origin;
    private AppliedVector _applied = AppliedVector.Empty;
    private ulong _lastSequence;
    private HybridTimestamp _stable;
    private bool _isEstablished;
    private AppliedVector? _target;

    /// <summary>Last stamp written or promised: durable, so that a clock set back repeats none.</summary>
    private ulong _clock;
    private SortedDictionary<ModelKey, ModelDocument> _documents = [];
    private HashSet<ModelKey> _unstable = [];
    private Dictionary<ulong, ulong> _digests = [];
    private Dictionary<ChangeOrigin, ModelLog> _logs = [];

    /// <summary>By region: what its last applied record had observed.</summary>
    private OriginContexts _contexts = new();

    /// <summary>What own records have said to have observed.</summary>
    private Dictionary<ushort, HybridTimestamp> _told = [];
    private ModelSnapshot? _snapshot;
    private bool _isInstalled;
    private AppliedVector? _vectorBefore;
    private ulong? _clockAfterCrash;

    /// <summary>What was durable last: all there is after a crash of a replica that makes a mistake about it.</summary>
    private ModelReplica? _durable;

    public ClusterConfiguration Configuration { get; set; } = configuration;

    /// <summary>Mistakes to make.</summary>
    public HostFault Faults { get; set; }

    public RegionState State => new(
        _origin, _applied, _lastSequence, _stable, _isEstablished, _target, _snapshot is null || _isInstalled ? null : _snapshot.NextToken.ToArray());

    public int UnstableDocuments => _unstable.Count;

    public long MetadataBytes => _documents.Values.Sum(document => (long)document.MetadataBytes);

    public CommitOutcome Commit(DateTimeOffset wall, IReadOnlyList<ModelChange> changes)
    {
        if (Faults.HasFlag(HostFault.AcknowledgesTooEarly))
            _durable = (ModelReplica)Copy();
        var timestamp = Next(wall);
        var dependencies = ChangedDependencies();
        // Who takes a snapshot from here needs to know what this region's own records had observed.
        _contexts.Note(_origin.Region, dependencies);
        var first = _lastSequence + 1;
        var bytes = 0;
        for (var at = 0; at < changes.Count; at += settings.ChangesPerRecord)
        {
            var part = changes.Skip(at).Take(settings.ChangesPerRecord).ToList();
            var record = ModelRecord.Write(
                _origin, ++_lastSequence, timestamp, _stable, Configuration.Epoch, at + part.Count < changes.Count, at == 0 ? dependencies : [], part);
            LogOf(_origin).Append(_lastSequence, record);
            bytes += record.Length;
            foreach (var change in part)
                Change(change, new RevisionStamp(timestamp, _origin.Region), static _ => true);
        }
        _applied = _applied.With(new OriginPosition(_origin.Region, _origin.Incarnation, _lastSequence, timestamp));
        return new CommitOutcome(first, _lastSequence, timestamp, bytes, changes);
    }

    public CommitOutcome? Apply(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        _vectorBefore = _applied;
        foreach (var record in records)
        {
            var header = ChangeRecordHeader.Read(record.Span);
            if (header.Origin != _origin)
                LogOf(header.Origin).Append(header.Sequence, record);
            _contexts.Note(header.Origin.Region, header.Dependencies);
            foreach (var change in ModelRecord.ReadChanges(record))
            {
                if (_isInstalled && !Faults.HasFlag(HostFault.AppliesOverSnapshot) && _snapshot!.Holds(change.Key, header))
                    continue;
                Change(change, new RevisionStamp(header.Timestamp, header.Origin.Region), stamp => _contexts.HasObserved(header.Origin.Region, stamp));
            }
            _applied = _applied.With(new OriginPosition(header.Origin.Region, header.Origin.Incarnation, header.LastSequence, header.Timestamp));
            if (!Faults.HasFlag(HostFault.IgnoresRemoteClocks))
                _clock = Math.Max(_clock, header.Timestamp.Bits);
        }
        return null;
    }

    public (ulong LastSequence, HybridTimestamp Timestamp) TakeWatermark(DateTimeOffset wall)
    {
        _durable = null;
        _vectorBefore = null;
        var before = _clock;
        var watermark = Next(wall);
        if (Faults.HasFlag(HostFault.ForgetsWatermarks))
            _clockAfterCrash ??= before;
        return (_lastSequence, watermark);
    }

    public void AdvanceStable(HybridTimestamp stable)
    {
        if (stable <= _stable)
            return;
        _stable = stable;
        foreach (var key in _unstable.ToList())
        {
            var document = _documents[key];
            document.Forget(stable);
            Keep(key, document);
        }
    }

    public void DropLog(AppliedVector through)
    {
        if (Faults.HasFlag(HostFault.DropsOwnRecords))
            LogOf(_origin).DropThrough(_lastSequence);
        foreach (var (origin, log) in _logs)
        {
            var position = through[origin.Region];
            if (origin.Incarnation < position.Incarnation)
                log.DropThrough(log.Last);
            else if (origin.Incarnation == position.Incarnation)
                log.DropThrough(position.Sequence);
        }
    }

    public void BecomeEstablished(HybridTimestamp clockFloor)
    {
        _clock = Math.Max(_clock, clockFloor.Bits);
        if (_isEstablished)
            return;
        _isEstablished = true;
        _target = null;
        if (_snapshot is { } snapshot)
            AdvanceStable(snapshot.Stable);
        _snapshot = null;
        _isInstalled = false;
    }

    public ulong FirstSequence(ChangeOrigin origin) => LogOf(origin).First;

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(ChangeOrigin origin, ulong fromSequence, int bytesMax) => LogOf(origin).Read(fromSequence, bytesMax);

    public SnapshotPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax)
    {
        var visible = _documents.Where(entry => Configuration.Allows(entry.Key.Scope, receiver));
        return ModelSnapshot.Read(visible, token, settings.PieceKeys, _applied, _stable, _contexts);
    }

    public void BeginSnapshot(SnapshotBegun begun)
    {
        _target = _target?.Join(_applied) ?? _applied;
        _snapshot = new ModelSnapshot(begun, _applied, _isInstalled ? _snapshot : _snapshot?.Earlier);
        _isInstalled = false;
        _isEstablished = false;
    }

    public void StorePiece(SnapshotPiece piece) => _snapshot!.Store(piece);

    public (AppliedVector Applied, AppliedVector Target) InstallSnapshot()
    {
        var snapshot = _snapshot!;
        var kept = _documents.Where(entry => snapshot.Begun.KeptScopes.Contains(entry.Key.Scope)).ToList();
        _documents = [];
        _digests = [];
        _unstable = [];
        foreach (var (key, document) in kept.Select(entry => (entry.Key, entry.Value)).Concat(snapshot.Documents))
        {
            _documents.Add(key, new ModelDocument());
            _digests[key.Scope] = _digests.GetValueOrDefault(key.Scope) ^ document.Hash(key);
            Keep(key, document);
        }
        TakePositions(snapshot);
        _target = snapshot.Target.Join(_target ?? AppliedVector.Empty);
        _told = [];
        foreach (var (origin, log) in _logs)
        {
            if (origin != _origin)
                log.RestartBehind(_applied[origin.Region] is var position && position.Incarnation == origin.Incarnation ? position.Sequence : log.Last);
        }
        foreach (var position in _applied)
        {
            if (position.Origin != _origin && LogOf(position.Origin).Last < position.Sequence)
                LogOf(position.Origin).RestartBehind(position.Sequence);
            _clock = Math.Max(_clock, position.Timestamp.Bits);
        }
        _isInstalled = true;
        return (_applied, _target);
    }

    public ModelValue Read(ModelKey key) => _documents.TryGetValue(key, out var document) ? document.Value : new ModelValue(0, 0, []);

    public IEnumerable<ModelKey> KeysOf(ReadOnlyMemory<byte> record) => ModelRecord.ReadChanges(record).Select(change => change.Key);

    public ulong Digest(ulong scope) => _digests.GetValueOrDefault(scope);

    /// <summary>Everything is durable at once, but for the mistakes.</summary>
    public void Crash()
    {
        if (Faults.HasFlag(HostFault.VectorAfterData) && _vectorBefore is { } vector)
            _applied = vector.With(_applied[_origin.Region]);
        if (_clockAfterCrash is { } clock)
            _clock = Math.Max(clock, _applied.Positions.Select(position => position.Timestamp.Bits).Append(0UL).Max());
        if (Faults.HasFlag(HostFault.AcknowledgesTooEarly) && _durable is { } durable)
            TakeFrom(durable);
        (_vectorBefore, _clockAfterCrash, _durable) = (null, null, null);
    }

    public ISimulatedReplica Copy()
    {
        var copy = new ModelReplica(_origin, Configuration, settings) { Faults = Faults };
        copy.TakeFrom(this);
        return copy;
    }

    public void BecomeIncarnation(byte incarnation)
    {
        _origin = _origin with { Incarnation = incarnation };
        _lastSequence = 0;
        _isEstablished = false;
        _target = null;
        _told = [];
        // A snapshot that was under way belonged to the old incarnation's positions.
        if (!_isInstalled)
            _snapshot = null;
    }

    /// <summary>For each region the least that any document stands at: of the pieces, and of what was kept where the region writes to it.</summary>
    private void TakePositions(ModelSnapshot snapshot)
    {
        var contexts = snapshot.Contexts;
        var positions = snapshot.First;
        foreach (var region in snapshot.Begun.KeptRegions)
        {
            var kept = Configuration.Normalize(_applied[region]);
            foreach (var lost in snapshot.Begun.LostOrigins)
                kept = kept.Origin == lost ? Configuration.Normalize(kept with { Sequence = Configuration.LastSequence(lost) }) : kept;
            if (!kept.IsBehind(positions[region]))
                continue;
            positions = positions.With(kept);
            contexts.Take(region, _contexts);
        }
        _applied = AppliedVector.Of(positions.Positions.Where(position => position.Sequence > 0 || position.Incarnation > 0));
        _contexts = contexts;
    }

    private void TakeFrom(ModelReplica other)
    {
        _applied = other._applied;
        _lastSequence = other._lastSequence;
        _stable = other._stable;
        _isEstablished = other._isEstablished;
        _target = other._target;
        _clock = other._clock;
        _documents = other.CopyDocuments();
        _unstable = [.. other._unstable];
        _digests = new(other._digests);
        _logs = other._logs.ToDictionary(log => log.Key, log => log.Value.Copy());
        _contexts = other._contexts.Copy();
        _told = new(other._told);
        _snapshot = other._snapshot;
        _isInstalled = other._isInstalled;
    }

    private HybridTimestamp Next(DateTimeOffset wall)
    {
        _clock = Math.Max(_clock + 1, (ulong)wall.ToUnixTimeMilliseconds() << 16);
        return new HybridTimestamp(_clock);
    }

    private List<ChangeDependency> ChangedDependencies()
    {
        var changed = new List<ChangeDependency>();
        foreach (var position in _applied)
        {
            if (Faults.HasFlag(HostFault.OmitsDependencies) || position.Region == _origin.Region || position.Timestamp == default || _told.GetValueOrDefault(position.Region) == position.Timestamp)
                continue;
            changed.Add(new ChangeDependency(position.Region, position.Timestamp));
            _told[position.Region] = position.Timestamp;
        }
        return changed;
    }

    private void Change(ModelChange change, RevisionStamp stamp, Func<RevisionStamp, bool> hasObserved)
    {
        if (!_documents.TryGetValue(change.Key, out var document))
            _documents.Add(change.Key, document = new ModelDocument());
        var before = document.Hash(change.Key);
        document.Apply(change.Verb, change.Value, stamp, hasObserved);
        _digests[change.Key.Scope] = _digests.GetValueOrDefault(change.Key.Scope) ^ before ^ document.Hash(change.Key);
        Keep(change.Key, document);
    }

    private void Keep(ModelKey key, ModelDocument document)
    {
        if (document.IsEmpty)
            _documents.Remove(key);
        else
            _documents[key] = document;
        if (document.IsUnstable)
            _unstable.Add(key);
        else
            _unstable.Remove(key);
    }

    private ModelLog LogOf(ChangeOrigin origin)
    {
        if (!_logs.TryGetValue(origin, out var log))
            _logs.Add(origin, log = new ModelLog());
        return log;
    }

    private SortedDictionary<ModelKey, ModelDocument> CopyDocuments()
    {
        var copy = new SortedDictionary<ModelKey, ModelDocument>();
        foreach (var (key, document) in _documents)
        {
            var writer = new FrameWriter(64);
            document.Write(writer);
            var reader = new FrameReader(writer.Written.ToArray());
            copy.Add(key, ModelDocument.Read(ref reader));
        }
        return copy;
    }
}
