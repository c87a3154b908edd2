using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Hosting;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

public sealed class DatabaseHostTests
{
    private static readonly TenantName Acme = TenantName.FromEmail("ops@acme.com");

    [Fact]
    public async Task A_new_directory_has_the_root_tenant_with_its_system_fabric_and_no_user()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);

        Assert.Equal(["_mm"], test.Host.Catalog.Tenants.Keys.Select(tenant => tenant.Text));
        Assert.Equal(["_system"], test.Host.Catalog.ListFabrics(TenantName.Root).Select(fabric => fabric.Name.Text));
        Assert.Empty(test.Host.Catalog.ListUsers(TenantName.Root));
    }

    [Fact]
    public async Task Tenants_users_and_fabrics_survive_a_restart()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await test.Host.CreateTenantAsync(Acme, "ops@acme.com", TestFabric.Json("""{"plan":"free"}"""));
        await test.Host.CreateUserAsync(Acme, "root", "ops@acme.com", "hash");
        await test.Host.CreateFabricAsync(Acme, FabricName.Parse("shop"), new FabricOptions("eu,us", "eu", TestFabric.Json("""{"foo":"bar"}"""))
        {
            Consistency = new ConsistencyLevel(ConsistencyKind.Bounded, TimeSpan.FromMilliseconds(500)),
        });
        var key = test.Host.TokenSigningKey.ToArray();

        await test.ReopenAsync();

        Assert.Equal(key, test.Host.TokenSigningKey.ToArray());
        Assert.True(test.Host.Catalog.TryGetUser(Acme, "root", out var user));
        Assert.Equal(("ops@acme.com", "hash", 1L, true), (user.Email, user.PasswordHash, user.Version, user.IsActive));
        Assert.Equal(["_system", "shop"], test.Host.Catalog.ListFabrics(Acme).Select(fabric => fabric.Name.Text));
        Assert.True(test.Host.TryGetFabric(Acme, FabricName.Parse("shop"), out var shop));
        Assert.Equal("bounded(500)", shop.Fabric.Options.Consistency.ToString());
        Assert.Equal(("eu,us", "eu", """{"foo":"bar"}"""), (shop.Fabric.Options.DataCenters, shop.Fabric.Options.SpotRegion, shop.Fabric.Options.Metadata.ToString()));
    }

    [Fact]
    public async Task Changing_a_password_or_state_ends_sessions_and_other_changes_do_not()
    {
        await using var test = await TestFabric.OpenAsync();
        await test.Host.CreateUserAsync(TenantName.Root, "root", "a@b.c", "hash");

        var same = await test.Host.UpdateUserAsync(TenantName.Root, "root", user => user with { Metadata = Value.FromInteger(1) });
        var changed = await test.Host.UpdateUserAsync(TenantName.Root, "root", user => user with { PasswordHash = "other" });
        var disabled = await test.Host.UpdateUserAsync(TenantName.Root, "root", user => user with { IsActive = false });

        Assert.Equal([1L, 2L, 3L], [same.Version, changed.Version, disabled.Version]);
        Assert.Equal(100012, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.CreateUserAsync(TenantName.Root, "x", "A@b.c", "h"))).ErrorNumber);
        Assert.Equal(1207, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.CreateUserAsync(TenantName.Root, "root", "d@e.f", "h"))).ErrorNumber);
        await test.Host.DeleteUserAsync(TenantName.Root, "root");
        Assert.Equal(1703, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.DeleteUserAsync(TenantName.Root, "root"))).ErrorNumber);
    }

    [Fact]
    public async Task A_dropped_fabric_is_gone_at_once_and_its_directory_when_its_last_snapshot_is()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var shop = await test.Host.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default);
        var directory = Path.Combine(test.Options.DataDirectory!, "fabrics", shop.Fabric.Id.ToString());
        var scope = new AccessScope(TenantName.Root, shop.Fabric.Id, "root", AccessLevel.Administrate);
        var c = await shop.CreateCollectionAsync(scope, new CollectionSettings("c"));
        var snapshot = shop.OpenSnapshot(scope);

        await test.Host.DropFabricAsync(TenantName.Root, FabricName.Parse("shop"));

        Assert.False(test.Host.TryGetFabric(TenantName.Root, FabricName.Parse("shop"), out _));
        Assert.Equal(1228, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.DropFabricAsync(TenantName.Root, FabricName.Parse("shop")))).ErrorNumber);
        Assert.Equal(0, snapshot.CountDocuments(c));
        Assert.True(Directory.Exists(directory));
        snapshot.Dispose();
        while (Directory.Exists(directory))
            await Task.Delay(5);
        var again = await test.Host.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default);
        Assert.True(again.Fabric.Id > shop.Fabric.Id);
        Assert.Empty(again.Catalog.Collections);
    }

    [Fact]
    public async Task The_system_fabric_and_the_root_tenant_stay()
    {
        await using var test = await TestFabric.OpenAsync();

        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.DropFabricAsync(TenantName.Root, FabricName.System))).HttpStatus);
        Assert.Equal(403, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.DropTenantAsync(TenantName.Root))).HttpStatus);
        Assert.Equal(404, (await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.DropTenantAsync(Acme))).HttpStatus);
    }

    [Fact]
    public async Task Dropping_a_tenant_takes_users_and_fabrics_along()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        await test.Host.CreateTenantAsync(Acme, "ops@acme.com");
        await test.Host.CreateUserAsync(Acme, "root", "ops@acme.com", "hash");

        await test.Host.DropTenantAsync(Acme);
        await test.ReopenAsync();

        Assert.False(test.Host.Catalog.TryGetTenant(Acme, out _));
        Assert.Null(test.Host.Catalog.FindUserByEmail("ops@acme.com"));
        Assert.Single(Directory.GetDirectories(Path.Combine(test.Options.DataDirectory!, "fabrics")));
    }

    [Fact]
    public async Task Creating_a_fabric_twice_reports_1207_and_names_both_parts()
    {
        await using var test = await TestFabric.OpenAsync();
        await test.Host.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default);

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.Host.CreateFabricAsync(TenantName.Root, FabricName.Parse("shop"), FabricOptions.Default));

        Assert.Equal(1207, error.ErrorNumber);
        Assert.Contains("_mm.shop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_signing_key_file_is_for_the_owner_only()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        Assert.Equal(32, test.Host.TokenSigningKey.Length);

        if (OperatingSystem.IsWindows())
            Assert.Skip("Only Unix has file modes to look at.");
        else
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(test.Options.DataDirectory!, "token.key")));
    }

    [Fact]
    public async Task A_second_host_on_the_same_directory_is_refused()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => DatabaseHost.OpenAsync(test.Options, test.Clock));

        Assert.Equal(1107, error.ErrorNumber);
    }

    [Fact]
    public async Task A_store_that_takes_no_writes_any_more_is_named_with_its_reason()
    {
        var location = new FaultyLocation();
        await using var host = await DatabaseHost.OpenAsync(new DatabaseOptions(), location, TimeProvider.System);
        Assert.Null(host.StorageFault);

        location.Fault = "a sync failed";

        Assert.Equal("a sync failed", host.StorageFault);
    }

    /// <summary>Stores in memory that say a fault of themselves when told to.</summary>
    private sealed class FaultyLocation : IStorageLocation
    {
        private readonly MemoryLocation _memory = new();

        public string? Fault { get; set; }

        public IStorageEngine Open(string name) => new FaultyEngine(_memory.Open(name), this);

        public void Delete(string name) => _memory.Delete(name);

        public byte[] LoadSecret(string name) => _memory.LoadSecret(name);

        public void SaveSecret(string name, ReadOnlySpan<byte> secret) => _memory.SaveSecret(name, secret);
    }

    private sealed class FaultyEngine(IStorageEngine engine, FaultyLocation location) : IStorageEngine
    {
        public ISnapshot OpenSnapshot() => engine.OpenSnapshot();

        public Task<CommitReceipt> WriteAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken = default) => engine.WriteAsync(work, cancellationToken);

        public StorageStatus GetStatus() => engine.GetStatus() with { Fault = location.Fault };

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }
}
