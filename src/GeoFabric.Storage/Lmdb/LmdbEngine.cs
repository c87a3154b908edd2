using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>The embedded engine: one LMDB environment per key space, reads straight from its memory map, one writer with group commit.</summary>
public sealed class LmdbEngine : IStorageEngine
{
    private readonly LmdbOptions _options;
    private readonly LmdbEnvironmentHandle _environment;
    private readonly ReaderGate _gate;
    private readonly LmdbMap _map;
    private readonly LmdbWriter _writer;
    private readonly Stack<LmdbReadSlot> _idleSlots = new();
    private bool _isClosed;

    private LmdbEngine(LmdbOptions options, LmdbEnvironmentHandle environment, long mapSizeBytes)
    {
        _options = options;
        _environment = environment;
        _gate = new ReaderGate(options.SnapshotsMax, options.SnapshotWait);
        _map = new LmdbMap(environment, _gate, options, mapSizeBytes);
        _writer = new LmdbWriter(environment, _map, Presence, options);
    }

    /// <summary>Opens the key space of a directory, creating it when the directory holds none.</summary>
    /// <exception cref="GeoFabricException">
    /// 1107 when the directory is in use, 1108 when it is damaged, written by another version, or not to be used.
    /// </exception>
    public static LmdbEngine Open(LmdbOptions options)
    {
        var directoryPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DirectoryPath));
        LmdbDirectory.Create(directoryPath);
        var directoryLock = DirectoryLock.Acquire(directoryPath);
        LmdbEnvironmentHandle? environment = null;
        try
        {
            var fileSizeBytes = LmdbDirectory.Prepare(directoryPath);
            var mapSizeBytes = Math.Max(options.MapSizeBytes, fileSizeBytes);
            LmdbDirectory.ReserveReaderTable(directoryPath, options.SnapshotsMax);
            environment = LmdbEnvironmentHandle.Open(
                directoryPath, LmdbEnvironmentHandle.DefaultFlags, mapSizeBytes, options.SnapshotsMax, directoryLock);
            OpenDatabase(environment);
            return new LmdbEngine(options with { DirectoryPath = directoryPath }, environment, mapSizeBytes);
        }
        catch
        {
            environment?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>The flags the environment really runs with.</summary>
    internal uint EnvironmentFlags
    {
        get
        {
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_get_flags(_environment.Pointer, out var flags), "read the flags");
            return flags;
        }
    }

    internal KeyPresence Presence { get; } = new();

    internal LmdbMap Map => _map;

    public ISnapshot OpenSnapshot()
    {
        _gate.Enter();
        LmdbReadSlot? slot = null;
        try
        {
            slot = TakeSlot();
            slot.Renew();
            return new LmdbSnapshot(this, slot);
        }
        catch
        {
            slot?.Dispose();
            _gate.Exit();
            throw;
        }
    }

    public Task<CommitReceipt> WriteAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken = default) =>
        _writer.AddAsync(work, cancellationToken);

    public StorageStatus GetStatus() => new(_writer.Fault, _map.UsedBytes, _gate.Count, _writer.QueuedWorks)
    {
        KeysRemembered = Presence.Remembered,
        KeysSought = Presence.Sought,
    };

    /// <summary>Stores what is queued, then closes the files; when snapshots stay open for too long, the last of them closes them.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_idleSlots)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            while (_idleSlots.TryPop(out var slot))
                slot.Dispose();
        }
        await _writer.DisposeAsync();
        if (_gate.Count > 0)
            await Task.Run(() => _gate.WaitForNone(_options.CloseWait));
        _environment.Dispose();
    }

    internal void Return(LmdbReadSlot slot)
    {
        slot.Reset();
        lock (_idleSlots)
        {
            if (!_isClosed)
            {
                _idleSlots.Push(slot);
                _gate.Exit();
                return;
            }
        }
        slot.Dispose();
        _gate.Exit();
    }

    private LmdbReadSlot TakeSlot()
    {
        lock (_idleSlots)
        {
            if (_isClosed)
                throw ErrorCodes.ShuttingDown.With("the store is closed");
            if (_idleSlots.TryPop(out var slot))
                return slot;
            // Under the lock, so that closing does not overtake a new slot's hold on the environment.
            return new LmdbReadSlot(_environment);
        }
    }

    /// <summary>The library wants the unnamed database opened once in a transaction before its number is used.</summary>
    private static void OpenDatabase(LmdbEnvironmentHandle environment)
    {
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_reader_check(environment.Pointer, out _), "check the reader table");
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_txn_begin(environment.Pointer, 0, LmdbNative.ReadOnly, out var transaction), "begin a transaction");
        var status = LmdbNative.mdb_dbi_open(transaction, 0, 0, out _);
        LmdbNative.mdb_txn_abort(transaction);
        LmdbStatus.ThrowIfFailed(status, "open the database");
    }
}
