using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Catalog;

/// <summary>Keeps the server's catalog in an environment of its own. Changes come one at a time; each is stored before it is seen.</summary>
internal sealed class ServerCatalogStore : IAsyncDisposable
{
    private readonly IStorageEngine _engine;
    private volatile ServerCatalog _current;

    private ServerCatalogStore(IStorageEngine engine, ServerCatalog current)
    {
        _engine = engine;
        _current = current;
    }

    public ServerCatalog Current => _current;

    public static async Task<ServerCatalogStore> OpenAsync(IStorageEngine engine)
    {
        bool isNew;
        ServerCatalog catalog;
        using (var snapshot = engine.OpenSnapshot())
        {
            isNew = EnvironmentRecord.Read(snapshot, expectedFabricId: 0) is null;
            catalog = Load(snapshot);
        }
        if (isNew)
            await engine.WriteAsync(storage => EnvironmentRecord.Write(storage, new EnvironmentRecord(0, "")));
        return new ServerCatalogStore(engine, catalog);
    }

    /// <summary>Stores the difference between the present catalog and <paramref name="next"/>, then swaps. The caller sees to it that nobody else does.</summary>
    public async Task ReplaceAsync(ServerCatalog next)
    {
        var previous = _current;
        next = next with { Version = previous.Version + 1 };
        await _engine.WriteAsync(storage =>
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
            storage.Put(
                ServerRecordCodec.StateKey,
                CatalogRecord.Write(ServerRecordCodec.StateKey, ServerRecordCodec.WriteState(next.Version, next.LastFabricId)));
        });
        _current = next;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static void PutIfChanged<T>(IWriteTransaction storage, T? previous, T next, byte[] key, Func<T, Primitives.Values.Value> write)
        where T : class
    {
        if (!ReferenceEquals(previous, next))
            storage.Put(key, CatalogRecord.Write(key, write(next)));
    }

    private static ServerCatalog Load(IStorageReader storage)
    {
        var catalog = ServerCatalog.Empty;
        if (storage.TryGet(ServerRecordCodec.StateKey, out var state))
        {
            var content = CatalogRecord.Read(ServerRecordCodec.StateKey, state);
            catalog = catalog with { Version = content.Integer("version"u8), LastFabricId = (uint)content.Integer("lastFabricId"u8) };
        }
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

    private static IEnumerable<Primitives.Values.Value> ReadAll(IStorageReader storage, ServerRecordKind kind)
    {
        using var cursor = storage.OpenCursor(ServerRecordCodec.RangeOf(kind));
        while (cursor.MoveNext())
            yield return CatalogRecord.Read(cursor.Key, cursor.Value);
    }
}
