using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Catalog;

/// <summary>Keeps the server's catalog in an environment of its own. Changes come one at a time; each is stored before it is seen.</summary>
internal sealed class ServerCatalogStore : IAsyncDisposable
{
    private readonly IStorageEngine _engine;
    private volatile ServerCatalog _current;
    private volatile RegionIdentity? _region;

    private ServerCatalogStore(IStorageEngine engine, ServerCatalog current, RegionIdentity? region)
    {
        _engine = engine;
        _current = current;
        _region = region;
    }

    public ServerCatalog Current => _current;

    /// <summary>The region the directory belongs to; null in one that was never opened by a program that knew regions.</summary>
    public RegionIdentity? Region => _region;

    public StorageStatus Status => _engine.GetStatus();

    public static async Task<ServerCatalogStore> OpenAsync(IStorageEngine engine)
    {
        bool isNew;
        ServerCatalog catalog;
        RegionIdentity? region;
        using (var snapshot = engine.OpenSnapshot())
        {
            isNew = EnvironmentRecord.Read(snapshot, expectedFabricId: 0) is null;
            catalog = Load(snapshot);
            region = ReadOne(snapshot, ServerRecordCodec.RegionKey) is { IsNull: false } stored ? ClusterCodec.ReadIdentity(stored) : null;
        }
        if (isNew)
            await engine.WriteAsync(storage => EnvironmentRecord.Write(storage, new EnvironmentRecord(0, "")));
        return new ServerCatalogStore(engine, catalog, region);
    }

    /// <summary>Stores <paramref name="next"/> as the next version, then swaps. The caller sees to it that nobody else does.</summary>
    public Task ReplaceAsync(ServerCatalog next) => StoreAsync(next with { Version = _current.Version + 1 }, [], null);

    /// <summary>Stores a catalog made elsewhere under the version it has.</summary>
    /// <param name="dropped">Fabrics whose files here are to be deleted; noted in the same commit.</param>
    public Task AdoptAsync(ServerCatalog next, IReadOnlyCollection<uint> dropped) => StoreAsync(next, dropped, null);

    /// <summary>Gives the directory to a region, with the catalog it begins with.</summary>
    public Task AssignAsync(RegionIdentity region, ServerCatalog catalog) => StoreAsync(catalog, [], region);

    /// <summary>Fabrics noted for deletion that have not been deleted yet.</summary>
    public IReadOnlyList<uint> ListPendingDrops()
    {
        using var snapshot = _engine.OpenSnapshot();
        using var cursor = snapshot.OpenCursor(ServerRecordCodec.RangeOf(ServerRecordKind.PendingDrop));
        var fabrics = new List<uint>();
        while (cursor.MoveNext())
            fabrics.Add(KeyLayout.ReadId(cursor.Key, 2));
        return fabrics;
    }

    public Task ForgetPendingDropAsync(uint fabricId) => _engine.WriteAsync(storage => storage.Delete(ServerRecordCodec.PendingDropKey(fabricId)));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task StoreAsync(ServerCatalog next, IReadOnlyCollection<uint> dropped, RegionIdentity? region)
    {
        var previous = _current;
        await _engine.WriteAsync(storage =>
        {
            WriteChanges(storage, previous, next);
            if (next.Cluster is { } cluster && !ReferenceEquals(cluster, previous.Cluster))
                Put(storage, ServerRecordCodec.ClusterKey, ClusterCodec.Write(cluster));
            foreach (var fabric in dropped)
                Put(storage, ServerRecordCodec.PendingDropKey(fabric), Value.EmptyObject);
            if (region is not null)
                Put(storage, ServerRecordCodec.RegionKey, ClusterCodec.Write(region));
            Put(storage, ServerRecordCodec.StateKey, ServerRecordCodec.WriteState(next.Version, next.LastFabricId));
        });
        _current = next;
        _region = region ?? _region;
    }

    private static void WriteChanges(IWriteTransaction storage, ServerCatalog previous, ServerCatalog next)
    {
        foreach (var (name, tenant) in next.Tenants)
            PutIfChanged(storage, previous.Tenants.GetValueOrDefault(name), tenant, ServerRecordCodec.TenantKey(name), ServerRecordCodec.Write);
        foreach (var (id, user) in next.Users)
            PutIfChanged(storage, previous.Users.GetValueOrDefault(id), user, ServerRecordCodec.UserKey(id.Tenant, id.Name), ServerRecordCodec.Write);
        foreach (var (id, fabric) in next.Fabrics)
            PutIfChanged(storage, previous.Fabrics.GetValueOrDefault(id), fabric, ServerRecordCodec.FabricKey(id), ServerRecordCodec.Write);
        foreach (var name in previous.Tenants.Keys.Where(name => !next.Tenants.ContainsKey(name)))
            storage.Delete(ServerRecordCodec.TenantKey(name));
        foreach (var id in previous.Users.Keys.Where(id => !next.Users.ContainsKey(id)))
            storage.Delete(ServerRecordCodec.UserKey(id.Tenant, id.Name));
        foreach (var id in previous.Fabrics.Keys.Where(id => !next.Fabrics.ContainsKey(id)))
            storage.Delete(ServerRecordCodec.FabricKey(id));
    }

    private static void PutIfChanged<T>(IWriteTransaction storage, T? previous, T next, byte[] key, Func<T, Value> write)
        where T : class
    {
        if (!ReferenceEquals(previous, next))
            Put(storage, key, write(next));
    }

    private static void Put(IWriteTransaction storage, byte[] key, Value record) => storage.Put(key, CatalogRecord.Write(key, record));

    private static ServerCatalog Load(IStorageReader storage)
    {
        var catalog = ServerCatalog.Empty;
        if (ReadOne(storage, ServerRecordCodec.StateKey) is { IsNull: false } state)
            catalog = catalog with { Version = state.Integer("version"u8), LastFabricId = (uint)state.Integer("lastFabricId"u8) };
        if (ReadOne(storage, ServerRecordCodec.ClusterKey) is { IsNull: false } cluster)
            catalog = catalog with { Cluster = ClusterCodec.Read(cluster) };
        foreach (var content in ReadAll(storage, ServerRecordKind.Tenant))
        {
            var tenant = ServerRecordCodec.ReadTenant(content);
            catalog = catalog with { Tenants = catalog.Tenants.SetItem(tenant.Name, tenant) };
        }
        foreach (var content in ReadAll(storage, ServerRecordKind.User))
        {
            var user = ServerRecordCodec.ReadUser(content);
            catalog = catalog with { Users = catalog.Users.SetItem((user.Tenant, user.Name), user) };
        }
        foreach (var content in ReadAll(storage, ServerRecordKind.Fabric))
        {
            var fabric = ServerRecordCodec.ReadFabric(content);
            catalog = catalog with { Fabrics = catalog.Fabrics.SetItem(fabric.Id, fabric) };
        }
        return catalog;
    }

    /// <returns>Null when there is no such record.</returns>
    private static Value ReadOne(IStorageReader storage, byte[] key) => storage.TryGet(key, out var record) ? CatalogRecord.Read(key, record) : Value.Null;

    private static IEnumerable<Value> ReadAll(IStorageReader storage, ServerRecordKind kind)
    {
        using var cursor = storage.OpenCursor(ServerRecordCodec.RangeOf(kind));
        while (cursor.MoveNext())
            yield return CatalogRecord.Read(cursor.Key, cursor.Value);
    }
}
