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
/// <remarks>
/// Thread-safe. A new directory gets the root tenant with its system fabric, and no user; one that is admitted to a cluster gets the cluster's. In a
/// cluster only the home region changes tenants, users and fabrics (1496 elsewhere); the others take them over by <see cref="ReplaceFromHomeAsync"/>.
/// </remarks>
public sealed class DatabaseHost : IAsyncDisposable
{
    private const string SystemEnvironment = "system";
    private const string SigningKeyFile = "token.key";
    private const int UserNameBytesMax = 200;

    /// <summary>How long closing waits for drops that wait for open snapshots.</summary>
    private static readonly TimeSpan DropWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A home that takes over may not have heard of the last fabrics its predecessor made. Their numbers are skipped: given twice, a region would take
    /// one fabric's files for another's.
    /// </summary>
    private const uint FabricIdsSkipped = 1024;

    private readonly DatabaseOptions _options;
    private readonly TimeProvider _clock;
    private readonly IStorageLocation _location;
    private readonly ServerCatalogStore _store;
    private readonly ConcurrentDictionary<uint, FabricDatabase> _open = new();
    private readonly ConcurrentDictionary<(TenantName, FabricName), FabricDatabase> _byName = new();
    private readonly ConcurrentDictionary<uint, Task> _closing = new();

    // Changes of the server's catalog come one at a time.
    private readonly SemaphoreSlim _changes = new(1, 1);

    private DatabaseHost(DatabaseOptions options, TimeProvider clock, IStorageLocation location, ServerCatalogStore store, RegionIdentity region)
    {
        _options = options with
        {
            Region = region.Id,
            Incarnation = region.Incarnation,
            NameOfRegion = id => Catalog.Cluster is { } cluster && cluster.Regions.TryGetValue(id, out var known) ? known.Name.Text : null,
        };
        _clock = clock;
        _location = location;
        _store = store;
        Region = region;
        TokenSigningKey = location.LoadSecret(SigningKeyFile);
    }

    /// <summary>Called after the catalog was replaced, on the thread that did it; must not block.</summary>
    public event EventHandler? CatalogChanged;

    /// <summary>Tenants, users, fabrics and regions as of the last commit.</summary>
    public ServerCatalog Catalog => _store.Current;

    /// <summary>The region this directory belongs to.</summary>
    public RegionIdentity Region { get; }

    /// <summary>Whether tenants, users, fabrics and regions are written here: at the home region, and at a server on its own.</summary>
    public bool IsHome => Catalog.Cluster is not { } cluster || cluster.Home == Region.Id;

    /// <summary>256 secret bits for signing session tokens, the same in all regions of a cluster; kept in a file only the owner may read.</summary>
    public ReadOnlyMemory<byte> TokenSigningKey { get; }

    /// <exception cref="GeoFabricException">1107 when the directory is in use, 1108 when it cannot be used or belongs to another region.</exception>
    public static Task<DatabaseHost> OpenAsync(DatabaseOptions options, TimeProvider clock, CancellationToken cancellationToken = default) =>
        OpenAsync(options, options.DataDirectory is { } directory ? new DirectoryLocation(directory, options) : new MemoryLocation(), clock, cancellationToken);

    internal static async Task<DatabaseHost> OpenAsync(DatabaseOptions options, IStorageLocation location, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var store = await ServerCatalogStore.OpenAsync(location.Open(SystemEnvironment));
        DatabaseHost? host = null;
        try
        {
            host = new DatabaseHost(options, clock, location, store, await IdentifyAsync(options, location, store));
            await host.RecoverAsync(cancellationToken);
            return host;
        }
        catch
        {
            await (host?.DisposeAsync() ?? store.DisposeAsync());
            throw;
        }
    }

    /// <summary>Finds an open fabric. A system fabric exists for every tenant.</summary>
    public bool TryGetFabric(TenantName tenant, FabricName fabric, [MaybeNullWhen(false)] out FabricDatabase database) =>
        _byName.TryGetValue((tenant, fabric), out database);

    /// <summary>The fabrics that are open now, by number.</summary>
    public IReadOnlyList<FabricDatabase> OpenFabrics => [.. _open.Values.OrderBy(fabric => fabric.Fabric.Id)];

    /// <summary>Why some store takes no writes until a restart, after a failed sync; null while all of them do.</summary>
    public string? StorageFault => _open.Values.Select(fabric => fabric.Status.Fault).Append(_store.Status.Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>The open fabric of that number; null when there is none here.</summary>
    public FabricDatabase? FindFabric(uint id) => _open.GetValueOrDefault(id);

    /// <summary>Creates a tenant with its system fabric.</summary>
    /// <exception cref="GeoFabricException">1207 taken.</exception>
    public Task<TenantRecord> CreateTenantAsync(TenantName name, string email, Value metadata = default, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            if (Catalog.Tenants.ContainsKey(name))
                throw ErrorCodes.DuplicateName.With($"tenant '{name}' exists");
            var tenant = new TenantRecord(name, email, IsActive: true, metadata.Detach());
            await StoreAsync(Catalog with { Tenants = Catalog.Tenants.Add(name, tenant) });
            await CreateFabricLockedAsync(name, FabricName.System, FabricOptions.Default);
            return tenant;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">404 unknown tenant.</exception>
    public Task<TenantRecord> UpdateTenantAsync(TenantName name, Func<TenantRecord, TenantRecord> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            var tenant = change(GetTenant(name)) with { Name = name };
            await StoreAsync(Catalog with { Tenants = Catalog.Tenants.SetItem(name, tenant) });
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
            await StoreAsync(Catalog with
            {
                Tenants = Catalog.Tenants.Remove(name),
                Users = Catalog.Users.RemoveRange(Catalog.Users.Keys.Where(id => id.Tenant == name)),
                Fabrics = Catalog.Fabrics.SetItems(fabrics.Select(fabric => KeyValuePair.Create(fabric.Id, fabric with { State = FabricState.Dropping }))),
            });
            foreach (var fabric in fabrics)
                BeginClose(fabric, ForgetFabricAsync);
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
            await StoreAsync(Catalog with { Users = Catalog.Users.Add((tenant, name), user) });
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
            changed = changed with
            {
                Version = endsSessions ? Math.Max(changed.Version, user.Version + 1) : changed.Version,
                Metadata = changed.Metadata.Detach(),
                Attributes = changed.Attributes.Detach(),
            };
            await StoreAsync(Catalog with { Users = Catalog.Users.SetItem((tenant, name), changed) });
            return changed;
        }, cancellationToken);

    /// <exception cref="GeoFabricException">1703 unknown user.</exception>
    public Task DeleteUserAsync(TenantName tenant, string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(async () =>
        {
            GetUser(tenant, name);
            await StoreAsync(Catalog with { Users = Catalog.Users.Remove((tenant, name)) });
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
            await StoreAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(fabric.Id, fabric) });
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
            await StoreAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(fabric.Id, fabric with { State = FabricState.Dropping }) });
            BeginClose(fabric, ForgetFabricAsync);
            return true;
        }, cancellationToken);

    /// <summary>Changes the regions of the cluster, or founds one.</summary>
    /// <param name="change">From the present configuration, null before there is one, to the next.</param>
    /// <exception cref="GeoFabricException">1496 unless this is the home region or takes over from it.</exception>
    public async Task<ServerCatalog> ChangeClusterAsync(Func<ClusterConfiguration?, ClusterConfiguration> change, CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var present = Catalog.Cluster;
            var next = change(present);
            if (ReferenceEquals(next, present))
                return Catalog;
            if (!CatalogSuccession.MayWrite(Region.Id, present, next))
                throw NotHome();
            var isNewTerm = present is not null && next.Epoch.Term != present.Epoch.Term;
            await StoreAsync(Catalog with { Cluster = next, LastFabricId = Catalog.LastFabricId + (isNewTerm ? FabricIdsSkipped : 0) });
            return Catalog;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Takes over a catalog that the home region wrote, if it comes after this one; opens and closes fabrics accordingly.</summary>
    /// <returns>What was thought of it; only a newer one changes anything.</returns>
    public async Task<CatalogVerdict> ReplaceFromHomeAsync(ServerCatalog offered, CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var previous = Catalog;
            var verdict = CatalogSuccession.Judge(previous, offered);
            if (verdict != CatalogVerdict.Newer)
                return verdict;
            var lost = _open.Values.Select(database => database.Fabric)
                .Where(fabric => !offered.Fabrics.TryGetValue(fabric.Id, out var next) || next.State == FabricState.Dropping).ToList();
            // Within a term a fabric can only be missing because it was dropped. The first catalog of another term may have been written by a home
            // that never heard of it: its files stay.
            var dropped = offered.Cluster!.Epoch.Term == previous.Cluster!.Epoch.Term
                ? lost
                : lost.Where(fabric => offered.Fabrics.ContainsKey(fabric.Id)).ToList();
            await _store.AdoptAsync(offered, [.. dropped.Select(fabric => fabric.Id)]);
            foreach (var fabric in lost)
                BeginClose(fabric, dropped.Contains(fabric) ? ForgetDropAsync : null);
            foreach (var fabric in offered.Fabrics.Values.Where(fabric => fabric.State == FabricState.Available))
            {
                if (_open.TryGetValue(fabric.Id, out var database))
                    database.Fabric = fabric;
                else
                    await OpenFabricAsync(fabric);
            }
            CatalogChanged?.Invoke(this, EventArgs.Empty);
            return verdict;
        }
        finally
        {
            _changes.Release();
        }
    }

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

    /// <summary>Whose directory it is: what it says itself, or, when it is new, what the options say.</summary>
    private static async Task<RegionIdentity> IdentifyAsync(DatabaseOptions options, IStorageLocation location, ServerCatalogStore store)
    {
        if (store.Region is not { } region)
        {
            var isNew = store.Current.Tenants.IsEmpty;
            if (options.Admission is { } admission)
                return isNew ? await AdmitAsync(admission, location, store) : throw Belongs($"a server of its own, not to region '{admission.Region.Name}'");
            // A directory from before regions has region 0 in its stamps.
            var first = options.Region != 0 ? options.Region : options.FirstRegion;
            region = new RegionIdentity(isNew ? first : (ushort)0, RegionName.Local, options.Incarnation, IsNamed: false);
            await store.AssignAsync(region, store.Current);
        }
        if (options.Admission is { } later && (later.Region.Id != region.Id || later.Catalog.Cluster?.ClusterId != store.Current.Cluster?.ClusterId))
            throw Belongs($"region '{region.Name}' (number {region.Id}), not to the '{later.Region.Name}' that was admitted");
        if (options.Admission is { } again && again.Region.Incarnation != region.Incarnation)
            throw Belongs($"incarnation {region.Incarnation} of region '{region.Name}', which came back as incarnation {again.Region.Incarnation}; give an empty directory");
        if (options.Region != 0 && options.Region != region.Id)
            throw Belongs($"region number {region.Id}, not {options.Region}");
        if (options.RegionName is not { } name || (region.IsNamed && name == region.Name))
            return region;
        if (region.IsNamed)
            throw Belongs($"region '{region.Name}', not '{name}'");
        region = region with { Name = name, IsNamed = true };
        await store.AssignAsync(region, store.Current);
        return region;

        static GeoFabricException Belongs(string text) => ErrorCodes.DataDirectoryUnusable.With($"it belongs to {text}");
    }

    private static async Task<RegionIdentity> AdmitAsync(RegionAdmission admission, IStorageLocation location, ServerCatalogStore store)
    {
        // The key first: a start that is cut short after it finds the directory still new and does all of it again.
        location.SaveSecret(SigningKeyFile, admission.TokenKey.Span);
        await store.AssignAsync(admission.Region, admission.Catalog);
        return admission.Region;
    }

    /// <summary>Finishes what a stopped process had begun, then opens every fabric.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var fabricId in _store.ListPendingDrops())
        {
            _location.Delete(EnvironmentOf(fabricId));
            await _store.ForgetPendingDropAsync(fabricId);
        }
        foreach (var fabric in Catalog.Fabrics.Values.Where(fabric => fabric.State == FabricState.Dropping))
            _location.Delete(EnvironmentOf(fabric.Id));
        if (IsHome)
            await RecoverCatalogAsync();
        foreach (var fabric in Catalog.Fabrics.Values.Where(fabric => fabric.State == FabricState.Available))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await OpenFabricAsync(fabric);
        }
        if (!IsHome)
            return;
        foreach (var tenant in Catalog.Tenants.Keys)
        {
            if (!Catalog.TryGetFabric(tenant, FabricName.System, out _))
                await CreateFabricLockedAsync(tenant, FabricName.System, FabricOptions.Default);
        }
    }

    private async Task RecoverCatalogAsync()
    {
        foreach (var fabric in Catalog.Fabrics.Values.Where(fabric => fabric.State != FabricState.Available).ToList())
        {
            _location.Delete(EnvironmentOf(fabric.Id));
            await StoreAsync(Catalog with { Fabrics = Catalog.Fabrics.Remove(fabric.Id) });
        }
        if (!Catalog.Tenants.ContainsKey(TenantName.Root))
        {
            var root = new TenantRecord(TenantName.Root, "", IsActive: true, Value.Null);
            await StoreAsync(Catalog with { Tenants = Catalog.Tenants.Add(TenantName.Root, root) });
        }
    }

    private async Task<FabricDatabase> CreateFabricLockedAsync(TenantName tenant, FabricName name, FabricOptions options)
    {
        GetTenant(tenant);
        if (Catalog.TryGetFabric(tenant, name, out _))
            throw ErrorCodes.DuplicateName.With($"fabric '{tenant}.{name}' exists");
        var id = Catalog.LastFabricId + 1;
        var fabric = new FabricRecord(id, tenant, name, options with { Metadata = options.Metadata.Detach() }, FabricState.Creating, Catalog.Cluster?.Epoch ?? default);
        await StoreAsync(Catalog with { LastFabricId = id, Fabrics = Catalog.Fabrics.Add(id, fabric) });
        fabric = fabric with { State = FabricState.Available };
        var database = await OpenFabricAsync(fabric);
        await StoreAsync(Catalog with { Fabrics = Catalog.Fabrics.SetItem(id, fabric) });
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
    /// <param name="forget">Forgets the fabric once its files are deleted; null keeps the files.</param>
    private void BeginClose(FabricRecord fabric, Func<uint, Task>? forget)
    {
        _byName.TryRemove((fabric.Tenant, fabric.Name), out _);
        if (_open.TryRemove(fabric.Id, out var database))
            _closing[fabric.Id] = Task.Run(() => FinishCloseAsync(fabric.Id, database, forget));
    }

    private async Task FinishCloseAsync(uint fabricId, FabricDatabase database, Func<uint, Task>? forget)
    {
        await database.CloseAsync(waitsForSnapshots: true);
        if (forget is null)
            return;
        _location.Delete(EnvironmentOf(fabricId));
        await forget(fabricId);
    }

    private async Task ForgetFabricAsync(uint fabricId)
    {
        await _changes.WaitAsync();
        try
        {
            // Another region may have become home in the meantime; then it is for that one to forget it.
            if (IsHome)
                await StoreAsync(Catalog with { Fabrics = Catalog.Fabrics.Remove(fabricId) });
        }
        finally
        {
            _changes.Release();
        }
    }

    private Task ForgetDropAsync(uint fabricId) => _store.ForgetPendingDropAsync(fabricId);

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            return IsHome ? await change() : throw NotHome();
        }
        finally
        {
            _changes.Release();
        }
    }

    private async Task StoreAsync(ServerCatalog next)
    {
        await _store.ReplaceAsync(next);
        CatalogChanged?.Invoke(this, EventArgs.Empty);
    }

    private GeoFabricException NotHome() =>
        ErrorCodes.NotHomeRegion.With($"tenants, users, fabrics and regions are changed at '{Catalog.Cluster?.HomeRegion.Name}', this is '{Region.Name}'");

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
