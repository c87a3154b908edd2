using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Hosting;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database;

/// <summary>All tenants and fabrics of one data directory, or of memory.</summary>
/// <remarks>Thread-safe. A new directory gets the root tenant with its system fabric, and no user.</remarks>
public sealed class DatabaseHost : IAsyncDisposable
{
    private const string SystemEnvironment = "system";
    private const string SigningKeyFile = "token.key";
    private const int UserNameBytesMax = 200;

    /// <summary>How long closing waits for drops that wait for open snapshots.</summary>
    private static readonly TimeSpan DropWait = TimeSpan.FromSeconds(5);

    private readonly DatabaseOptions _options;
    private readonly TimeProvider _clock;
    private readonly IStorageLocation _location;
    private readonly ServerCatalogStore _store;
    private readonly ConcurrentDictionary<uint, FabricDatabase> _open = new();
    private readonly ConcurrentDictionary<(TenantName, FabricName), FabricDatabase> _byName = new();
    private readonly ConcurrentDictionary<uint, Task> _closing = new();

    // Changes of the server's catalog come one at a time.
    private readonly SemaphoreSlim _changes = new(1, 1);

    private DatabaseHost(DatabaseOptions options, TimeProvider clock, IStorageLocation location, ServerCatalogStore store)
    {
        _options = options;
        _clock = clock;
        _location = location;
        _store = store;
        TokenSigningKey = location.LoadSecret(SigningKeyFile);
    }

    /// <summary>Tenants, users and fabrics as of the last commit.</summary>
    public ServerCatalog Catalog => _store.Current;

    /// <summary>256 secret bits for signing session tokens; made at the first start, kept in a file only the owner may read.</summary>
    public ReadOnlyMemory<byte> TokenSigningKey { get; }

    /// <exception cref="GeoFabricException">1107 when the directory is in use, 1108 when it cannot be used.</exception>
    public static async Task<DatabaseHost> OpenAsync(DatabaseOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        IStorageLocation location = options.DataDirectory is { } directory ? new DirectoryLocation(directory, options) : new MemoryLocation();
        var store = await ServerCatalogStore.OpenAsync(location.Open(SystemEnvironment));
        var host = new DatabaseHost(options, clock, location, store);
        try
        {
            await host.RecoverAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
        return host;
    }

    /// <summary>Finds an open fabric. A system fabric exists for every tenant.</summary>
    public bool TryGetFabric(TenantName tenant, FabricName fabric, [MaybeNullWhen(false)] out FabricDatabase database) =>
        _byName.TryGetValue((tenant, fabric), out database);

    /// <summary>Creates a tenant with its system fabric.</summary>
    /// <exception cref="GeoFabricException">1207 taken.</exception>
    public Task<TenantRecord> CreateTenantAsync(TenantName name, string email, Value metadata = default, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            if (Catalog.Tenants.ContainsKey(name))
                throw ErrorCodes.DuplicateName.With($"tenant '{name}' exists");
            var tenant = new TenantRecord(name, email, IsActive: true, metadata.Detach());
            await _store.ReplaceAsync(Catalog with { Tenants = Catalog.Tenants.Add(name, tenant) });
            await CreateFabricLockedAsync(name, FabricName.System, FabricOptions.Default);
            return tenant;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">404 unknown tenant.</exception>
    public Task<TenantRecord> UpdateTenantAsync(TenantName name, Func<TenantRecord, TenantRecord> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            var tenant = change(GetTenant(name)) with { Name = name };
            await _store.ReplaceAsync(Catalog with { Tenants = Catalog.Tenants.SetItem(name, tenant) });
            return tenant;
        }, cancellationToken);

    /// <summary>Drops a tenant with its users and fabrics. The root tenant stays (11).</summary>
    /// <exception cref="GeoFabricException">404 unknown tenant.</exception>
    public Task DropTenantAsync(TenantName name, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            GetTenant(name);
            if (name == TenantName.Root)
                throw ErrorCodes.AccessDenied.With("the root tenant cannot be dropped");
            var fabrics = Catalog.Fabrics.Values.Where(fabric => fabric.Tenant == name).ToList();
            await _store.ReplaceAsync(Catalog with
            {
                Tenants = Catalog.Tenants.Remove(name),
                Users = Catalog.Users.RemoveRange(Catalog.Users.Keys.Where(id => id.Tenant == name)),
                Fabrics = Catalog.Fabrics.SetItems(fabrics.Select(fabric => KeyValuePair.Create(fabric.Id, fabric with { State = FabricState.Dropping }))),
            });
            foreach (var fabric in fabrics)
                BeginClose(fabric);
            return true;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">1207 taken, 100012 when another user has the e-mail address, 404 unknown tenant, 1208 bad name.</exception>
    public Task<UserRecord> CreateUserAsync(
        TenantName tenant, string name, string email, string passwordHash, Value metadata = default, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            GetTenant(tenant);
            if (name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > UserNameBytesMax || name.Any(char.IsControl))
                throw ErrorCodes.IllegalName.With($"user name '{name}': 1 to {UserNameBytesMax} bytes without control characters");
            if (Catalog.TryGetUser(tenant, name, out _))
                throw ErrorCodes.DuplicateName.With($"user '{name}' of tenant '{tenant}' exists");
            DemandFreeEmail(email, null);
            var user = new UserRecord(tenant, name, email, passwordHash, Version: 1, IsActive: true, metadata.Detach());
            await _store.ReplaceAsync(Catalog with { Users = Catalog.Users.Add((tenant, name), user) });
            return user;
        }, cancellationToken);

    /// <summary>Changes a user; the version grows, which ends the user's sessions, when password or state differ afterwards.</summary>
    /// <exception cref="GeoFabricException">1703 unknown user, 100012 when another user has the e-mail address.</exception>
    public Task<UserRecord> UpdateUserAsync(TenantName tenant, string name, Func<UserRecord, UserRecord> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            var user = GetUser(tenant, name);
            var changed = change(user) with { Tenant = tenant, Name = name };
            DemandFreeEmail(changed.Email, user);
            var endsSessions = changed.PasswordHash != user.PasswordHash || changed.IsActive != user.IsActive;
            changed = changed with { Version = endsSessions ? Math.Max(changed.Version, user.Version + 1) : changed.Version, Metadata = changed.Metadata.Detach() };
            await _store.ReplaceAsync(Catalog with { Users = Catalog.Users.SetItem((tenant, name), changed) });
            return changed;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">1703 unknown user.</exception>
    public Task DeleteUserAsync(TenantName tenant, string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            GetUser(tenant, name);
            await _store.ReplaceAsync(Catalog with { Users = Catalog.Users.Remove((tenant, name)) });
            return true;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">1207 taken, 404 unknown tenant.</exception>
    public Task<FabricDatabase> CreateFabricAsync(
        TenantName tenant, FabricName name, FabricOptions options, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => CreateFabricLockedAsync(tenant, name, options), cancellationToken);

    /// <exception cref="GeoFabricException">1228 unknown fabric.</exception>
    public Task<FabricRecord> UpdateFabricOptionsAsync(
        TenantName tenant, FabricName name, Func<FabricOptions, FabricOptions> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            var fabric = GetFabric(tenant, name);
            var options = change(fabric.Options);
            fabric = fabric with { Options = options with { Metadata = options.Metadata.Detach() } };
            await _store.ReplaceAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(fabric.Id, fabric) });
            if (_open.TryGetValue(fabric.Id, out var database))
                database.Fabric = fabric;
            return fabric;
        }, cancellationToken);

    /// <summary>Drops a fabric: gone for new requests at once, its files when its last snapshot is closed. The system fabric stays (11).</summary>
    /// <exception cref="GeoFabricException">1228 unknown fabric.</exception>
    public Task DropFabricAsync(TenantName tenant, FabricName name, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            var fabric = GetFabric(tenant, name);
            if (name.IsSystem)
                throw ErrorCodes.AccessDenied.With("the system fabric cannot be dropped");
            await _store.ReplaceAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(fabric.Id, fabric with { State = FabricState.Dropping }) });
            BeginClose(fabric);
            return true;
        }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _changes.WaitAsync();
        _changes.Release();
        try
        {
            await Task.WhenAll(_closing.Values).WaitAsync(DropWait, _clock);
        }
        catch (TimeoutException)
        {
            // A snapshot of a dropped fabric is still open; the next start finishes the drop.
        }
        foreach (var database in _open.Values)
            await database.CloseAsync(waitsForSnapshots: false);
        _open.Clear();
        _byName.Clear();
        await _store.DisposeAsync();
    }

    private static string EnvironmentOf(uint fabricId) => $"fabrics/{fabricId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Finishes what a stopped process had begun, then opens every fabric.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var fabric in Catalog.Fabrics.Values.Where(fabric => fabric.State != FabricState.Available).ToList())
        {
            _location.Delete(EnvironmentOf(fabric.Id));
            await _store.ReplaceAsync(Catalog with { Fabrics = Catalog.Fabrics.Remove(fabric.Id) });
        }
        if (!Catalog.Tenants.ContainsKey(TenantName.Root))
        {
            var root = new TenantRecord(TenantName.Root, "", IsActive: true, Value.Null);
            await _store.ReplaceAsync(Catalog with { Tenants = Catalog.Tenants.Add(TenantName.Root, root) });
        }
        foreach (var fabric in Catalog.Fabrics.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await OpenFabricAsync(fabric);
        }
        foreach (var tenant in Catalog.Tenants.Keys)
        {
            if (!Catalog.TryGetFabric(tenant, FabricName.System, out _))
                await CreateFabricLockedAsync(tenant, FabricName.System, FabricOptions.Default);
        }
    }

    private async Task<FabricDatabase> CreateFabricLockedAsync(TenantName tenant, FabricName name, FabricOptions options)
    {
        GetTenant(tenant);
        if (Catalog.TryGetFabric(tenant, name, out _))
            throw ErrorCodes.DuplicateName.With($"fabric '{tenant}.{name}' exists");
        var id = Catalog.LastFabricId + 1;
        var fabric = new FabricRecord(id, tenant, name, options with { Metadata = options.Metadata.Detach() }, FabricState.Creating);
        await _store.ReplaceAsync(Catalog with { LastFabricId = id, Fabrics = Catalog.Fabrics.Add(id, fabric) });
        fabric = fabric with { State = FabricState.Available };
        var database = await OpenFabricAsync(fabric);
        await _store.ReplaceAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(id, fabric) });
        return database;
    }

    private async Task<FabricDatabase> OpenFabricAsync(FabricRecord fabric)
    {
        var engine = _location.Open(EnvironmentOf(fabric.Id));
        try
        {
            var database = await FabricDatabase.OpenAsync(engine, fabric, _options, _clock);
            _open[fabric.Id] = database;
            _byName[(fabric.Tenant, fabric.Name)] = database;
            return database;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a dropped fabric out of sight; its files go when it is idle. A restart before that finishes the job.</summary>
    private void BeginClose(FabricRecord fabric)
    {
        _byName.TryRemove((fabric.Tenant, fabric.Name), out _);
        if (_open.TryRemove(fabric.Id, out var database))
            _closing[fabric.Id] = Task.Run(() => FinishDropAsync(fabric.Id, database));
    }

    private async Task FinishDropAsync(uint fabricId, FabricDatabase database)
    {
        await database.CloseAsync(waitsForSnapshots: true);
        _location.Delete(EnvironmentOf(fabricId));
        await ChangeAsync(async () =>
        {
            await _store.ReplaceAsync(Catalog with { Fabrics = Catalog.Fabrics.Remove(fabricId) });
            return true;
        }, CancellationToken.None);
    }

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private TenantRecord GetTenant(TenantName name) => Catalog.TryGetTenant(name, out var tenant)
        ? tenant
        : throw ErrorCodes.NotFound.With($"tenant '{name}'");

    private UserRecord GetUser(TenantName tenant, string name) => Catalog.TryGetUser(tenant, name, out var user)
        ? user
        : throw ErrorCodes.UserNotFound.With($"'{name}' of tenant '{tenant}'");

    private FabricRecord GetFabric(TenantName tenant, FabricName name) => Catalog.TryGetFabric(tenant, name, out var fabric)
        ? fabric
        : throw ErrorCodes.FabricNotFound.With($"'{tenant}.{name}'");

    private void DemandFreeEmail(string email, UserRecord? owner)
    {
        if (email.Length > 0 && Catalog.FindUserByEmail(email) is { } other && (owner is null || other.Tenant != owner.Tenant || other.Name != owner.Name))
            throw ErrorCodes.DuplicateEmail.With($"'{email}' belongs to another user");
    }
}
