using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Tests.Storage;

namespace GeoFabric.Tests.Database;

/// <summary>Several hosts that pass one catalog around.</summary>
public sealed class ClusterCatalogTests
{
    private static readonly FabricName Shop = FabricName.Parse("shop");

    [Fact]
    public async Task A_directory_belongs_to_one_region_and_refuses_another()
    {
        using var directory = new TemporaryDirectory();
        var options = Options(directory.DirectoryPath);
        await OpenAndCloseAsync(options);
        // Nobody had named it yet.
        await OpenAndCloseAsync(options with { RegionName = RegionName.Parse("us-east") });
        await OpenAndCloseAsync(options);

        await AssertRefusedAsync(options with { RegionName = RegionName.Parse("eu-west") }, "us-east");
        await AssertRefusedAsync(options with { Region = 5 }, "number");
        await using var host = await DatabaseHost.OpenAsync(options, new ManualTimeProvider());
        Assert.Equal(("us-east", 0), (host.Region.Name.Text, host.Region.Id));
    }

    [Fact]
    public async Task An_admitted_region_has_the_catalog_and_the_key_of_its_cluster_and_makes_nothing_of_its_own()
    {
        using var directory = new TemporaryDirectory();
        await using var home = await FoundAsync();
        await home.CreateUserAsync(TenantName.Root, "root", "a@b.c", "hash");
        await home.CreateFabricAsync(TenantName.Root, Shop, FabricOptions.Default);
        var admission = await AdmitAsync(home, "eu-west");

        await OpenAndCloseAsync(Options(directory.DirectoryPath) with { Admission = admission });
        await OpenAndCloseAsync(Options(directory.DirectoryPath) with { Admission = admission });
        await using var region = await DatabaseHost.OpenAsync(Options(directory.DirectoryPath), new ManualTimeProvider());

        Assert.Equal(("eu-west", 2, false), (region.Region.Name.Text, region.Region.Id, region.IsHome));
        Assert.Equal(home.TokenSigningKey.ToArray(), region.TokenSigningKey.ToArray());
        Assert.Equal(home.Catalog.Version, region.Catalog.Version);
        Assert.True(region.Catalog.TryGetUser(TenantName.Root, "root", out _));
        Assert.True(region.TryGetFabric(TenantName.Root, Shop, out var shop));
        Assert.True(home.TryGetFabric(TenantName.Root, Shop, out var original));
        Assert.Equal(original.Fabric.Id, shop.Fabric.Id);
    }

    [Fact]
    public async Task An_admission_does_not_fit_a_directory_with_other_data_or_of_an_earlier_incarnation()
    {
        using var alone = new TemporaryDirectory();
        using var admitted = new TemporaryDirectory();
        await using var home = await FoundAsync();
        var first = await AdmitAsync(home, "eu-west");
        await OpenAndCloseAsync(Options(alone.DirectoryPath));
        await OpenAndCloseAsync(Options(admitted.DirectoryPath) with { Admission = first });
        await home.ChangeClusterAsync(cluster => cluster!.Freeze("eu-west").Remove("eu-west", System.Collections.Immutable.ImmutableSortedDictionary<uint, ulong>.Empty));
        var second = await AdmitAsync(home, "eu-west");
        var other = await AdmitAsync(home, "ap-southeast");

        await AssertRefusedAsync(Options(alone.DirectoryPath) with { Admission = first }, "'local'");
        await AssertRefusedAsync(Options(admitted.DirectoryPath) with { Admission = second }, "incarnation 0");
        await AssertRefusedAsync(Options(admitted.DirectoryPath) with { Admission = other }, "ap-southeast");
    }

    [Fact]
    public async Task What_the_home_changes_is_taken_over_elsewhere_and_changed_nowhere_else()
    {
        await using var home = await FoundAsync();
        await using var region = await DatabaseHost.OpenAsync(new DatabaseOptions { Admission = await AdmitAsync(home, "eu-west") }, new ManualTimeProvider());
        var told = 0;
        region.CatalogChanged += (_, _) => told++;

        await home.CreateTenantAsync(TenantName.FromEmail("ops@acme.com"), "ops@acme.com");
        await home.CreateFabricAsync(TenantName.Root, Shop, new FabricOptions("", "us-east", TestFabric.Json("""{"a":1}""")));
        Assert.Equal(CatalogVerdict.Newer, await PassAsync(home, region));
        Assert.Equal(CatalogVerdict.Same, await PassAsync(home, region));
        await home.UpdateFabricOptionsAsync(TenantName.Root, Shop, options => options with { SpotRegion = "eu-west" });
        Assert.Equal(CatalogVerdict.Newer, await PassAsync(home, region));

        Assert.Equal(2, told);
        Assert.True(region.TryGetFabric(TenantName.FromEmail("ops@acme.com"), FabricName.System, out _));
        Assert.True(region.TryGetFabric(TenantName.Root, Shop, out var shop));
        Assert.Equal("eu-west", shop.Fabric.Options.SpotRegion);
        foreach (var change in new Func<Task>[]
        {
            () => region.CreateFabricAsync(TenantName.Root, FabricName.Parse("other"), FabricOptions.Default),
            () => region.DropFabricAsync(TenantName.Root, Shop),
            () => region.CreateUserAsync(TenantName.Root, "x", "x@y.z", "hash"),
            () => region.CreateTenantAsync(TenantName.FromEmail("other@acme.com"), "other@acme.com"),
            () => region.ChangeClusterAsync(cluster => cluster!.Fail("us-east")),
        })
        {
            Assert.Equal(ErrorCodes.NotHomeRegion, (await Assert.ThrowsAsync<GeoFabricException>(change)).Code);
        }
    }

    [Fact]
    public async Task A_fabric_dropped_at_home_is_gone_elsewhere_with_its_files_also_after_a_stop_in_between()
    {
        using var directory = new TemporaryDirectory();
        await using var home = await FoundAsync();
        var created = await home.CreateFabricAsync(TenantName.Root, Shop, FabricOptions.Default);
        var files = Path.Combine(directory.DirectoryPath, "fabrics", created.Fabric.Id.ToString());
        var options = Options(directory.DirectoryPath) with { Admission = await AdmitAsync(home, "eu-west") };
        await using (var region = await DatabaseHost.OpenAsync(options, new ManualTimeProvider()))
        {
            Assert.True(region.TryGetFabric(TenantName.Root, Shop, out var shop));
            // Open while the host closes: the files cannot go before the next start.
            var snapshot = shop.OpenSnapshot(new AccessScope(TenantName.Root, shop.Fabric.Id, "root", AccessLevel.Administrate));
            await home.DropFabricAsync(TenantName.Root, Shop);
            await home.CreateFabricAsync(TenantName.Root, Shop, FabricOptions.Default);
            await PassAsync(home, region);

            Assert.True(region.TryGetFabric(TenantName.Root, Shop, out var again));
            Assert.NotEqual(created.Fabric.Id, again.Fabric.Id);
            Assert.True(Directory.Exists(files));
            snapshot.Dispose();
        }
        await OpenAndCloseAsync(options);

        Assert.False(Directory.Exists(files));
    }

    [Fact]
    public async Task A_region_that_takes_over_is_home_and_the_old_home_gives_way_when_it_hears_of_it()
    {
        using var directory = new TemporaryDirectory();
        await using var home = await FoundAsync();
        await using var second = await DatabaseHost.OpenAsync(new DatabaseOptions { Admission = await AdmitAsync(home, "eu-west") }, new ManualTimeProvider());
        var thirdAdmission = await AdmitAsync(home, "ap-southeast");
        await using var third = await DatabaseHost.OpenAsync(Options(directory.DirectoryPath) with { Admission = thirdAdmission }, new ManualTimeProvider());
        await PassAsync(home, second);
        // The second region never hears of this one.
        var unheard = await home.CreateFabricAsync(TenantName.Root, Shop, FabricOptions.Default);
        await PassAsync(home, third);

        await second.ChangeClusterAsync(cluster => cluster!.Promote("eu-west"));
        var other = await second.CreateFabricAsync(TenantName.Root, FabricName.Parse("other"), FabricOptions.Default);

        Assert.True(second.IsHome && home.IsHome);
        Assert.Equal(CatalogVerdict.Older, await PassAsync(home, second));
        Assert.Equal(CatalogVerdict.Newer, await PassAsync(second, home));
        Assert.Equal(CatalogVerdict.Newer, await PassAsync(second, third));
        Assert.True(second.IsHome && !home.IsHome);
        Assert.True(other.Fabric.Id > unheard.Fabric.Id);
        Assert.False(third.TryGetFabric(TenantName.Root, Shop, out _));
        Assert.True(third.TryGetFabric(TenantName.Root, FabricName.Parse("other"), out _));
        Assert.True(Directory.Exists(Path.Combine(directory.DirectoryPath, "fabrics", unheard.Fabric.Id.ToString())), "what was acknowledged there stays on disk");
        Assert.Equal(ErrorCodes.NotHomeRegion, (await Assert.ThrowsAsync<GeoFabricException>(() => home.CreateUserAsync(TenantName.Root, "x", "x@y.z", "h"))).Code);
    }

    private static DatabaseOptions Options(string directory) => new() { DataDirectory = directory, MapSizeBytes = 64 << 20, ExpirySweepInterval = TimeSpan.Zero };

    private static async Task<DatabaseHost> FoundAsync()
    {
        var home = await DatabaseHost.OpenAsync(new DatabaseOptions { Region = 1, RegionName = RegionName.Parse("us-east") }, new ManualTimeProvider());
        await home.ChangeClusterAsync(_ => ClusterConfiguration.Found("c1", ClusterRegion.Of(home.Region.Id, home.Region.Name)));
        return home;
    }

    private static async Task<RegionAdmission> AdmitAsync(DatabaseHost home, string name)
    {
        var catalog = await home.ChangeClusterAsync(cluster => cluster!.Admit(RegionName.Parse(name), region => region));
        var region = catalog.Cluster!.GetRegion(name);
        return new RegionAdmission(new RegionIdentity(region.Id, region.Name, region.Incarnation, IsNamed: true), home.TokenSigningKey, catalog);
    }

    private static Task<CatalogVerdict> PassAsync(DatabaseHost from, DatabaseHost to) => to.ReplaceFromHomeAsync(CatalogTransfer.Read(CatalogTransfer.Write(from.Catalog)));

    private static async Task OpenAndCloseAsync(DatabaseOptions options) => await (await DatabaseHost.OpenAsync(options, new ManualTimeProvider())).DisposeAsync();

    private static async Task AssertRefusedAsync(DatabaseOptions options, string because)
    {
        var error = await Assert.ThrowsAsync<GeoFabricException>(() => DatabaseHost.OpenAsync(options, new ManualTimeProvider()));
        Assert.Equal(1108, error.ErrorNumber);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
