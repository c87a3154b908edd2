using System.Diagnostics.CodeAnalysis;
using System.Diagnostics;
using GeoFabric.Database.Access;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Changes;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Maintenance;
using GeoFabric.Database.Reading;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database;

/// <summary>One open fabric: reads on snapshots, writes through the fabric's one writer, definitions.</summary>
/// <remarks>Thread-safe. Every task ends when its change is on disk and visible to new snapshots.</remarks>
public sealed class FabricDatabase : IMaintainedFabric, IAsyncDisposable
{
    private readonly IStorageEngine _engine;
    private readonly DatabaseOptions _options;
    private readonly ChangeLog _log;
    private readonly HybridClock _clock;
    private readonly WriterScratch _scratch;
    private readonly FabricMaintenance _maintenance;
    private readonly IndexHistograms _histograms = new();
    private readonly FabricTraffic _traffic;
    private readonly Action _snapshotClosed;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Swapped whole after the commit that changed it. The writer's own may be ahead of it while a commit is under way.
    private volatile CatalogRuntime _catalog;
    private CatalogRuntime _writerCatalog;
    private volatile VersionVector _vector;
    private volatile FabricRecord _fabric;
    private int _openSnapshots;
    private volatile bool _isClosing;

    private FabricDatabase(IStorageEngine engine, FabricRecord fabric, DatabaseOptions options, TimeProvider clock, FabricStateRecord state, CatalogRuntime catalog)
    {
        _engine = engine;
        _options = options;
        _fabric = fabric;
        _catalog = catalog;
        _writerCatalog = catalog;
        _vector = VersionVector.Empty;
        _clock = new HybridClock(clock, state.Clock > state.ReservedClock ? state.Clock : state.ReservedClock);
        Time = clock;
        _traffic = new FabricTraffic(clock, () => _catalog.Collections.Select(collection => collection.ContentsId));
        _log = new ChangeLog(new ChangeOrigin(options.Region, options.Incarnation), options.IsReplicated ? null : options.ChangeLogRetainedBytes);
        _scratch = new WriterScratch(options);
        _snapshotClosed = SnapshotClosed;
        SystemScope = new AccessScope(fabric.Tenant, fabric.Id, "_system", AccessLevel.Administrate) { IsServer = true };
        Jobs = new FabricJobs(clock);
        _maintenance = new FabricMaintenance(this, options, clock);
        Replica = new FabricReplica(this);
        Requests = new RequestLedger(this);
        Salvage = new FabricSalvage(this);
    }

    /// <summary>The fabric's record in the server's catalog as of now: name, tenant, options.</summary>
    public FabricRecord Fabric
    {
        get => _fabric;
        internal set => _fabric = value;
    }

    /// <summary>The definitions as of the last commit.</summary>
    public CatalogSnapshot Catalog => _catalog.Snapshot;

    /// <summary>Changes when a collection has been analyzed.</summary>
    public long StatisticsVersion => _histograms.Version;

    /// <summary>Nothing that is written from now on has a timestamp at or before this one.</summary>
    public HybridTimestamp LastTimestamp => _clock.Last;

    /// <summary>What the storage engine says about itself.</summary>
    /// <summary>Whether it is being dropped or closed, which waits for open snapshots.</summary>
    public bool IsClosing => _isClosing;

    public StorageStatus Status => _engine.GetStatus();

    /// <summary>What goes on for long in this fabric.</summary>
    public FabricJobs Jobs { get; }

    /// <summary>The fabric's copy in this region as its peers see it.</summary>
    public FabricReplica Replica { get; }

    /// <summary>The requests that have been carried out and may be sent again.</summary>
    public RequestLedger Requests { get; }

    /// <summary>Takes over what a removed region had written and nobody got.</summary>
    public FabricSalvage Salvage { get; }

    /// <summary>The wall clock.</summary>
    internal TimeProvider Time { get; }

    /// <summary>What last disturbed the background work, for health reports; null when nothing has.</summary>
    public Exception? MaintenanceFailure => _maintenance.LastFailure;

    /// <summary>All rights in this fabric, for work the server does on its own account.</summary>
    internal AccessScope SystemScope { get; }

    uint IMaintainedFabric.Id => _fabric.Id;

    internal ChangeOrigin Origin => _log.Origin;

    internal DatabaseOptions Options => _options;

    internal HybridClock Clock => _clock;

    /// <summary>What had been applied as of some recent commit.</summary>
    internal VersionVector Vector => _vector;

    /// <summary>Reads anew how the values of a collection's indexes are spread, for the plans of queries.</summary>
    /// <returns>Number of indexes that were read.</returns>
    public int Analyze(AccessScope scope, CollectionDefinition collection)
    {
        using var snapshot = OpenSnapshot(scope);
        return snapshot.Reads.Analyze(collection);
    }

    /// <summary>Opens a consistent view of the last commit.</summary>
    /// <exception cref="GeoFabricException">1228 when the fabric is being dropped, 1303 when too many are open.</exception>
    public FabricSnapshot OpenSnapshot(AccessScope scope)
    {
        DemandOwn(scope);
        Interlocked.Increment(ref _openSnapshots);
        try
        {
            if (_isClosing)
                throw ErrorCodes.FabricNotFound.With($"'{_fabric.Name}' is being dropped");
            var storage = _engine.OpenSnapshot();
            return new FabricSnapshot(storage, new FabricReads(storage, CatalogOf(storage), scope, _fabric.Id, RegionFor(scope), _histograms, _traffic), _snapshotClosed);
        }
        catch
        {
            SnapshotClosed();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> as one transaction in the writer's turn: all or nothing, durable when the task ends.</summary>
    /// <param name="work">
    /// May run more than once, so it must set its results, never add to them. What it returns must not hold documents of the transaction:
    /// detach or write them out before returning. When it throws, nothing is stored and the task fails with its exception.
    /// </param>
    /// <param name="cancellationToken">Takes the work back while it waits for its turn; once begun it finishes.</param>
    public Task<T> WriteAsync<T>(AccessScope scope, Func<FabricTransaction, T> work, CancellationToken cancellationToken = default) =>
        RunAsync(scope, work, isMaintenance: false, cancellationToken);

    /// <summary>The same for a client that may send its request again: it happens once, as far as this region knows.</summary>
    /// <param name="request">Null when the client did not name it.</param>
    /// <exception cref="RequestAppliedException">It has happened before; nothing is stored.</exception>
    /// <exception cref="GeoFabricException">1455 when the id was used for something else, and what <paramref name="work"/> throws.</exception>
    public Task<T> WriteAsync<T>(AccessScope scope, WriteRequest? request, Func<FabricTransaction, T> work, CancellationToken cancellationToken = default) =>
        RunAsync(scope, work, isMaintenance: false, request, cancellationToken);

    /// <exception cref="GeoFabricException">1208 bad name, 1207 taken, 10 for bad key options.</exception>
    public Task<CollectionDefinition> CreateCollectionAsync(AccessScope scope, CollectionSettings settings, CancellationToken cancellationToken = default) =>
        AdministrateAsync(
            scope,
            transaction => !CollectionDefinition.IsServersOwnName(settings.Name)
                ? CatalogOperations.CreateCollection(transaction, settings)
                : throw ErrorCodes.IllegalName.With($"'{settings.Name}' is made by the server when there is something to tell in it"),
            cancellationToken);

    /// <summary>Drops a collection at once; its contents are deleted in the background, also after a restart.</summary>
    /// <returns>The definition the collection had.</returns>
    public Task<CollectionDefinition> DropCollectionAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.DropCollection(transaction, name), cancellationToken, wakesMaintenance: true);

    /// <summary>Empties a collection at once; its id, indexes and key generator stay. Needs the right to write to it.</summary>
    public async Task<CollectionDefinition> TruncateAsync(AccessScope scope, string name, CancellationToken cancellationToken = default)
    {
        var definition = await RunAsync(scope, transaction =>
        {
            scope.DemandWrite(transaction.Catalog.GetCollection(name));
            return CatalogOperations.Truncate(transaction, name);
        }, isMaintenance: false, cancellationToken);
        _maintenance.Wake();
        return definition;
    }

    public Task<CollectionDefinition> RenameAsync(AccessScope scope, string name, string newName, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.Rename(transaction, name, newName), cancellationToken);

    public Task<CollectionDefinition> UpdatePropertiesAsync(
        AccessScope scope, string name, CollectionPropertiesPatch patch, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.UpdateProperties(transaction, name, patch), cancellationToken);

    /// <summary>Creates an index and fills it while writers go on; ends when queries may use it.</summary>
    /// <param name="cancellationToken">Stops the waiting; an index that is being filled goes on.</param>
    /// <exception cref="GeoFabricException">10 or 1235 for bad settings, 1210 when documents violate a unique index.</exception>
    public async Task<IndexCreation> CreateIndexAsync(AccessScope scope, string collection, IndexSettings settings, CancellationToken cancellationToken = default)
    {
        if (settings.Vector is not null)
            settings = settings with { Centroids = VectorSample.Learn(this, scope, collection, CatalogOperations.Describe(settings), cancellationToken) };
        var (definition, creation) = await AdministrateAsync(scope, transaction =>
        {
            var added = CatalogOperations.AddIndex(transaction, collection, settings);
            // A small collection is done in this one transaction.
            if (added.Index.IsNew)
                IndexFiller.Advance(transaction, added.Collection.Id, added.Index.Definition.Id);
            return added;
        }, cancellationToken);
        await _maintenance.FillIndexAsync(definition.Id, creation.Definition.Id).WaitAsync(cancellationToken);
        if (Catalog.Collections.Values.FirstOrDefault(known => known.Id == definition.Id)?.FindIndex(creation.Definition.Id) is null)
            throw ErrorCodes.IndexNotFound.With($"index '{creation.Definition.Name}' of collection '{collection}' was dropped while it was being filled");
        return creation with { Definition = creation.Definition with { IsBuilding = false } };
    }

    /// <param name="indexName">The index's name, or its id as text.</param>
    public Task<IndexDefinition> DropIndexAsync(AccessScope scope, string collection, string indexName, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.DropIndex(transaction, collection, indexName), cancellationToken, wakesMaintenance: true);

    /// <summary>Adds an analyzer, unless the same one is there.</summary>
    /// <exception cref="GeoFabricException">10 for unknown kinds or wrong properties, 1207 when another has the name, 1208 for a bad name.</exception>
    public Task<(AnalyzerDefinition Analyzer, bool IsNew)> SaveAnalyzerAsync(AccessScope scope, AnalyzerDefinition analyzer, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => SearchCatalog.SaveAnalyzer(transaction, analyzer), cancellationToken);

    /// <param name="isForced">Also when an index uses it, which then goes on as it is.</param>
    public Task DropAnalyzerAsync(AccessScope scope, string name, bool isForced, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction =>
        {
            SearchCatalog.DropAnalyzer(transaction, name, isForced);
            return true;
        }, cancellationToken);

    /// <summary>Creates a view and fills its indexes; ends when queries may use it.</summary>
    /// <exception cref="GeoFabricException">1203 for an unknown collection, 1207 when the name is taken, 1208 for a bad name.</exception>
    public Task<ViewDefinition> CreateViewAsync(AccessScope scope, string name, ViewSettings settings, CancellationToken cancellationToken = default)
    {
        var learned = Learn(scope, settings, present: null, cancellationToken);
        return ChangeViewAsync(scope, transaction => SearchCatalog.CreateView(transaction, name, learned), cancellationToken);
    }

    /// <summary>Gives a view other links, and what it keeps of documents.</summary>
    public Task<ViewDefinition> UpdateViewAsync(AccessScope scope, string name, ViewSettings settings, CancellationToken cancellationToken = default)
    {
        var learned = Learn(scope, settings, Catalog.GetView(name), cancellationToken);
        return ChangeViewAsync(scope, transaction => SearchCatalog.UpdateView(transaction, name, learned), cancellationToken);
    }

    /// <summary>Makes of a search view what a function says of what is there by then, which nothing changes in between.</summary>
    /// <param name="change">Gets the view, or null when there is none; null for none to be there. May be called twice.</param>
    public async Task<ViewDefinition?> ChangeViewAsync(
        AccessScope scope, string name, Func<CatalogSnapshot, ViewDefinition?, ViewSettings?> change, CancellationToken cancellationToken = default)
    {
        var view = await AdministrateAsync(scope, transaction => SearchCatalog.ChangeView(transaction, name, change), cancellationToken, wakesMaintenance: true);
        if (view is not null)
            await FillAsync(view, cancellationToken);
        return view;
    }

    private ViewSettings Learn(AccessScope scope, ViewSettings settings, ViewDefinition? present, CancellationToken cancellationToken) =>
        settings.SemanticLinks is { } links ? settings with { SemanticLinks = SemanticLists.Learn(this, scope, links, present, cancellationToken) } : settings;

    public Task<ViewDefinition> RenameViewAsync(AccessScope scope, string name, string newName, CancellationToken cancellationToken = default) =>
        ChangeViewAsync(scope, transaction => SearchCatalog.RenameView(transaction, name, newName), cancellationToken);

    public Task<ViewDefinition> DropViewAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) =>
        ChangeViewAsync(scope, transaction => SearchCatalog.DropView(transaction, name), cancellationToken);

    private async Task<ViewDefinition> ChangeViewAsync(AccessScope scope, Func<FabricTransaction, ViewDefinition> change, CancellationToken cancellationToken)
    {
        var view = await AdministrateAsync(scope, change, cancellationToken, wakesMaintenance: true);
        await FillAsync(view, cancellationToken);
        return view;
    }

    /// <summary>Ends when all indexes of the view are whole.</summary>
    private async Task FillAsync(ViewDefinition view, CancellationToken cancellationToken)
    {
        foreach (var collection in Catalog.Collections.Values)
        {
            foreach (var index in collection.Indexes.Where(index => index.ViewId == view.Id))
                await _maintenance.FillIndexAsync(collection.Id, index.Id).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sizes of a collection, kept exactly with every write.</summary>
    public CollectionFigures GetFigures(AccessScope scope, CollectionDefinition collection)
    {
        using var snapshot = OpenSnapshot(scope);
        return snapshot.ReadFigures(collection);
    }

    /// <summary>How much is read from and written to each collection that the scope may read, as of the last seconds; those at rest are left out.</summary>
    public IEnumerable<(CollectionDefinition Collection, TrafficRates Rates)> ReadTraffic(AccessScope scope)
    {
        DemandOwn(scope);
        foreach (var collection in _catalog.Collections)
        {
            if (_traffic.RatesOf(collection.ContentsId) is var rates && rates != default && scope.LevelOf(collection.Definition) >= AccessLevel.Read)
                yield return (collection.Definition, rates);
        }
    }

    /// <summary>Collections whose traffic is counted.</summary>
    internal int CollectionsCounted => _traffic.Count;

    /// <summary>Saves a query.</summary>
    /// <param name="mayReplace">False: a query of that name must not exist (1207).</param>
    public Task<StoredQuery> SaveStoredQueryAsync(AccessScope scope, StoredQuery query, bool mayReplace, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.SaveStoredQuery(transaction, query, mayReplace), cancellationToken);

    public bool TryGetStoredQuery(AccessScope scope, string name, [MaybeNullWhen(false)] out StoredQuery query)
    {
        using var snapshot = OpenSnapshot(scope);
        var key = KeyLayout.StoredQueryKey(name);
        query = null;
        if (key.Length > KeyLayout.KeySizeMax || !NamedDefinition.IsStoredQuery(name) || !snapshot.Storage.TryGet(key, out var record))
            return false;
        var content = CatalogRecord.Read(key, record);
        if (!DefinitionCodec.IsDropped(content))
            query = DefinitionCodec.ReadStoredQuery(content);
        return query is not null;
    }

    /// <summary>All saved queries, by name.</summary>
    public IReadOnlyList<StoredQuery> ListStoredQueries(AccessScope scope)
    {
        using var snapshot = OpenSnapshot(scope);
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.AllStoredQueries);
        var queries = new List<StoredQuery>();
        while (cursor.MoveNext())
        {
            var content = CatalogRecord.Read(cursor.Key, cursor.Value);
            if (NamedDefinition.IsStoredQuery(KeyLayout.ReadStoredQueryName(cursor.Key)) && !DefinitionCodec.IsDropped(content))
                queries.Add(DefinitionCodec.ReadStoredQuery(content));
        }
        return queries;
    }

    /// <returns>Whether there was such a query.</returns>
    public Task<bool> DeleteStoredQueryAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => CatalogOperations.DeleteStoredQuery(transaction, name), cancellationToken);

    /// <exception cref="Primitives.Errors.GeoFabricException">1925 when there is a graph of that name.</exception>
    public Task<GraphDefinition> CreateGraphAsync(AccessScope scope, GraphDefinition graph, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.Create(transaction, graph), cancellationToken);

    /// <param name="dropsCollections">Drop its collections as well, but for those of other graphs.</param>
    public Task<GraphDefinition> DropGraphAsync(AccessScope scope, string name, bool dropsCollections, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.Drop(transaction, name, dropsCollections), cancellationToken, wakesMaintenance: dropsCollections);

    public Task<GraphDefinition> AddGraphEdgesAsync(AccessScope scope, string name, EdgeDefinition edges, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.AddEdges(transaction, name, edges), cancellationToken);

    public Task<GraphDefinition> ReplaceGraphEdgesAsync(AccessScope scope, string name, EdgeDefinition edges, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.ReplaceEdges(transaction, name, edges), cancellationToken);

    public Task<GraphDefinition> RemoveGraphEdgesAsync(AccessScope scope, string name, string collection, bool dropsCollection, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.RemoveEdges(transaction, name, collection, dropsCollection), cancellationToken, wakesMaintenance: dropsCollection);

    public Task<GraphDefinition> AddGraphVerticesAsync(AccessScope scope, string name, string collection, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.AddVertices(transaction, name, collection), cancellationToken);

    public Task<GraphDefinition> RemoveGraphVerticesAsync(AccessScope scope, string name, string collection, bool dropsCollection, CancellationToken cancellationToken = default) =>
        AdministrateAsync(scope, transaction => GraphOperations.RemoveVertices(transaction, name, collection, dropsCollection), cancellationToken, wakesMaintenance: dropsCollection);

    /// <summary>Removes what has expired by now; the background does it at every interval.</summary>
    internal Task SweepAsync() => _maintenance.SweepAsync();

    /// <summary>Applies records of other regions as one transaction.</summary>
    internal async Task ApplyAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken)
    {
        var hasWork = await RunAsync(SystemScope, transaction =>
        {
            RecordApplier.Apply(transaction, records);
            return transaction.HasMaintenanceWork || transaction.HasCatalogChange;
        }, isMaintenance: true, cancellationToken);
        if (hasWork)
            _maintenance.Wake();
    }

    /// <summary>Lets the background do what a write leaves to do.</summary>
    internal void WakeMaintenance() => _maintenance.Wake();

    /// <summary>Runs a step of replication in the writer's turn, and lets the background do what it leaves to do.</summary>
    internal async Task<T> RunStepAsync<T>(Func<FabricTransaction, T> step, CancellationToken cancellationToken)
    {
        var hasWork = false;
        var result = await RunAsync(SystemScope, transaction =>
        {
            var done = step(transaction);
            hasWork = transaction.HasMaintenanceWork;
            return done;
        }, isMaintenance: true, cancellationToken);
        if (hasWork)
            _maintenance.Wake();
        return result;
    }

    /// <summary>Stores what is stable and forgets what only unstable documents need, in bounded turns.</summary>
    internal async Task AdvanceStableAsync(HybridTimestamp stable, CancellationToken cancellationToken)
    {
        while (!await RunAsync(SystemScope, transaction =>
        {
            // What a snapshot holds is forgotten once it is caught up with.
            if (transaction.Vector.IsReceiving || transaction.Vector.Installed is not null)
                return true;
            transaction.AdvanceStable(stable);
            return transaction.Merged.ForgetStable();
        }, isMaintenance: true, cancellationToken))
        {
        }
    }

    /// <summary>Opens the fabric of an environment and starts its background work; an empty environment is initialised.</summary>
    internal static async Task<FabricDatabase> OpenAsync(IStorageEngine engine, FabricRecord fabric, DatabaseOptions options, TimeProvider clock)
    {
        await FabricEnvironment.PrepareAsync(engine, fabric.Id);
        FabricDatabase database;
        using (var snapshot = engine.OpenSnapshot())
        {
            var state = ReadState(snapshot);
            database = new FabricDatabase(engine, fabric, options, clock, state, CatalogRuntime.Load(snapshot, (long)state.CatalogVersion));
        }
        await FabricEnvironment.RebuildStaleIndexesAsync(database, FabricEnvironment.IndexVersion);
        database._maintenance.Start();
        return database;
    }

    /// <summary>Refuses new snapshots and works, and closes the environment when those under way have ended.</summary>
    /// <param name="waitsForSnapshots">False leaves it to the engine how long it waits for open snapshots.</param>
    internal async Task CloseAsync(bool waitsForSnapshots)
    {
        await _maintenance.DisposeAsync();
        _isClosing = true;
        if (waitsForSnapshots && Volatile.Read(ref _openSnapshots) > 0)
            await _idle.Task;
        await _engine.DisposeAsync();
    }

    /// <summary>Called by the host that opened it.</summary>
    ValueTask IAsyncDisposable.DisposeAsync() => new(CloseAsync(waitsForSnapshots: false));

    /// <param name="isMaintenance">The work may change keys and counters without an operation in the change log.</param>
    internal Task<T> RunAsync<T>(AccessScope scope, Func<FabricTransaction, T> work, bool isMaintenance, CancellationToken cancellationToken = default) =>
        RunAsync(scope, work, isMaintenance, request: null, cancellationToken);

    private async Task<T> RunAsync<T>(
        AccessScope scope, Func<FabricTransaction, T> work, bool isMaintenance, WriteRequest? request, CancellationToken cancellationToken)
    {
        DemandOwn(scope);
        if (_isClosing)
            throw ErrorCodes.FabricNotFound.With($"'{_fabric.Name}' is being dropped");
        T result = default!; // Set by the work before the task can succeed.
        CatalogRuntime? seen = null;
        var vector = _vector;
        (ulong Sequence, HybridTimestamp Timestamp, int Bytes)? logged = null;
        await _engine.WriteAsync(storage =>
        {
            var transaction = Begin(storage, scope, request);
            try
            {
                DemandNew(transaction);
                result = work(transaction);
                transaction.Complete(_log, isMaintenance);
                vector = transaction.Vector;
                logged = transaction.HasLogged ? (transaction.LastSequence, transaction.Stamp.Timestamp, transaction.LoggedBytes) : null;
            }
            finally
            {
                transaction.Reads.Dispose();
            }
            seen = transaction.CatalogRuntime;
            if (transaction.HasCatalogChange)
                _writerCatalog = seen;
        }, cancellationToken);
        // Not before the commit: one that is undone would leave a vector under a version that comes to mean another.
        Publish(vector);
        // Also one that another work of the commit has changed, whose task has not gone on yet: whoever goes on from here knows what it has met.
        if (seen is not null)
            Publish(seen);
        if (logged is { } added)
            Replica.OnCommitted(added.Sequence, added.Timestamp, added.Bytes);
        return result;
    }

    Task IMaintainedFabric.DropUnfinishedAsync(AccessScope scope, uint collectionId, uint indexId) =>
        AdministrateAsync(
            scope,
            transaction => transaction.CatalogRuntime.TryGet(collectionId, out var collection) && collection.Definition.FindIndex(indexId) is { IsBuilding: true } index
                ? CatalogOperations.DropIndex(transaction, collection.Definition.Name, index.Name)
                : throw ErrorCodes.NotFound.With("the job; the index is ready, or gone"),
            CancellationToken.None,
            wakesMaintenance: true);

    Task IMaintainedFabric.CompensateAsync(CancellationToken cancellationToken) => Requests.CompensateAsync(cancellationToken);

    FabricSnapshot IMaintainedFabric.OpenSnapshot() => OpenSnapshot(SystemScope);

    Task<T> IMaintainedFabric.RunAsync<T>(Func<FabricTransaction, T> turn, CancellationToken cancellationToken) =>
        RunAsync(SystemScope, turn, isMaintenance: true, cancellationToken);

    internal static FabricStateRecord ReadState(IStorageReader storage) =>
        storage.TryGet(KeyLayout.FabricStateKey, out var record) ? FabricStateRecord.Read(record) : FabricStateRecord.Initial;

    private async Task<T> AdministrateAsync<T>(
        AccessScope scope, Func<FabricTransaction, T> work, CancellationToken cancellationToken, bool wakesMaintenance = false)
    {
        scope.DemandAdministration();
        var result = await RunAsync(scope, work, isMaintenance: false, cancellationToken);
        if (wakesMaintenance)
            _maintenance.Wake();
        return result;
    }

    /// <exception cref="RequestAppliedException">The transaction's request has been carried out.</exception>
    private void DemandNew(FabricTransaction transaction)
    {
        if (transaction.Request is not { } request || RequestEntries.Find(transaction.Storage, request.Id, Origin) is not { } entry)
            return;
        RequestEntries.DemandSame(entry, request);
        throw new RequestAppliedException(RequestLedger.Describe(request.Id, entry, transaction));
    }

    private FabricTransaction Begin(IWriteTransaction storage, AccessScope scope, WriteRequest? request)
    {
        var state = ReadState(storage);
        _clock.Observe(state.Clock);
        var version = (long)state.CatalogVersion;
        var catalog = _catalog;
        if (catalog.Snapshot.Version != version)
        {
            // Either an earlier work of this commit changed it, or one did whose task has not gone on yet.
            catalog = _writerCatalog.Snapshot.Version == version ? _writerCatalog : CatalogRuntime.Load(storage, version);
        }
        var vector = _vector;
        if (vector.Version != state.VectorVersion)
            vector = VersionVector.Load(storage, state.VectorVersion, vector);
        return new FabricTransaction(storage, _scratch, new FabricReads(storage, catalog, scope, _fabric.Id, RegionFor(scope), _histograms, _traffic), state, vector, _clock.Next(), _options) { Request = request };
    }

    private ushort? RegionFor(AccessScope scope) => ReferenceEquals(scope, SystemScope) ? null : Origin.Region;

    /// <summary>The catalog of exactly this storage state, even in the moment between a commit and its publication.</summary>
    private CatalogRuntime CatalogOf(ISnapshot storage)
    {
        var version = storage.TryGet(KeyLayout.FabricStateKey, out var record) ? (long)FabricStateRecord.ReadCatalogVersion(record) : 0;
        var catalog = _catalog;
        if (catalog.Snapshot.Version == version)
            return catalog;
        catalog = CatalogRuntime.Load(storage, version);
        Publish(catalog);
        return catalog;
    }

    private void Publish(CatalogRuntime catalog)
    {
        var current = _catalog;
        while (current.Snapshot.Version < catalog.Snapshot.Version)
        {
            var seen = Interlocked.CompareExchange(ref _catalog, catalog, current);
            if (ReferenceEquals(seen, current))
                return;
            current = seen;
        }
    }

    /// <summary>Commits end on many threads: the later vector stays, else every write would read it from the store until records come again.</summary>
    private void Publish(VersionVector vector)
    {
        var current = _vector;
        while (current.Version < vector.Version)
        {
            var seen = Interlocked.CompareExchange(ref _vector, vector, current);
            if (ReferenceEquals(seen, current))
                return;
            current = seen;
        }
    }

    private void DemandOwn(AccessScope scope)
    {
        if (scope.FabricId != _fabric.Id)
            throw new UnreachableException($"Rights in fabric {scope.FabricId} were used in fabric {_fabric.Id}.");
    }

    private void SnapshotClosed()
    {
        if (Interlocked.Decrement(ref _openSnapshots) == 0 && _isClosing)
            _idle.TrySetResult();
    }
}
