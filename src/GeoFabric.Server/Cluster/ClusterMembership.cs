using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Cluster;

/// <summary>This region's place in its cluster, and the changes of the cluster that are made here. All but taking over need the home region (1496).</summary>
internal sealed class ClusterMembership(DatabaseHost databases, ClusterFiles files, TimeProvider clock)
{
    private volatile RegionCredentials? _credentials;

    /// <exception cref="GeoFabricException">1108 when the region has no certificate.</exception>
    public RegionCredentials Credentials => _credentials ??= RegionCredentials.Load(files)
        ?? throw ErrorCodes.DataDirectoryUnusable.With("the region's certificate is missing; restore 'cluster' in the data directory, or let the home region issue another one");

    /// <exception cref="GeoFabricException">1454 for a server on its own.</exception>
    public ClusterConfiguration Cluster => databases.Catalog.Cluster
        ?? throw ErrorCodes.RegionStateConflict.With("this server is in no cluster; start it with --region and --peer-port");

    public ClusterRegion Self => Cluster.Regions[databases.Region.Id];

    /// <summary>What people call a region; its number when it is not known here.</summary>
    public string NameOf(ushort region) => databases.Catalog.Cluster is { } cluster && cluster.Regions.TryGetValue(region, out var known) ? known.Name.Text : $"region {region}";

    /// <summary>Makes a server that is in no cluster the first region, and the home, of a new one.</summary>
    public async Task FoundAsync(CancellationToken cancellationToken = default)
    {
        var region = databases.Region;
        if (region.Id == 0)
        {
            throw ErrorCodes.DataDirectoryUnusable.With(
                "it was begun by a server without regions; begin a new one with --region and --peer-port, and take the data over by export and import");
        }
        var clusterId = RandomNumberGenerator.GetHexString(16, lowercase: true);
        using var authority = CertificateAuthority.Create(clusterId, clock);
        var (certificate, key) = authority.Issue(new RegionAddress(clusterId, region.Name));
        // Files first: without a cluster in the catalog the next start makes them anew.
        files.Write(ClusterFiles.AuthorityKey, authority.ExportKeyPem());
        RegionCredentials.Save(files, certificate, key, authority.CertificatePem);
        _credentials = null;
        var home = ClusterRegion.Of(region.Id, region.Name, region.Incarnation) with { CertificateSerials = [SerialOf(certificate)] };
        await databases.ChangeClusterAsync(_ => ClusterConfiguration.Found(clusterId, home), cancellationToken);
    }

    /// <summary>Admits a region.</summary>
    /// <returns>What its server starts with.</returns>
    /// <exception cref="GeoFabricException">1207 when a member has the name.</exception>
    public async Task<AdmissionFile> AdmitAsync(RegionName name, Func<ClusterRegion, ClusterRegion> describe, CancellationToken cancellationToken = default)
    {
        using var authority = LoadAuthority();
        var (certificate, key) = authority.Issue(new RegionAddress(Cluster.ClusterId, name));
        var catalog = await databases.ChangeClusterAsync(
            cluster => cluster!.Admit(name, region => describe(region) with { CertificateSerials = [SerialOf(certificate)] }), cancellationToken);
        return Describe(catalog, name.Text, certificate, key, authority);
    }

    /// <summary>Gives a member another certificate, for one that lost its own or let it run out. The old one counts no more.</summary>
    public async Task<AdmissionFile> ReissueAsync(string name, CancellationToken cancellationToken = default)
    {
        using var authority = LoadAuthority();
        var (certificate, key) = authority.Issue(new RegionAddress(Cluster.ClusterId, Cluster.GetRegion(name).Name));
        var catalog = await databases.ChangeClusterAsync(
            cluster => cluster!.Describe(name, region => region with { CertificateSerials = [SerialOf(certificate)] }), cancellationToken);
        return Describe(catalog, name, certificate, key, authority);
    }

    /// <summary>Makes a certificate for a member that keeps its key to itself. The old one counts until the next renewal.</summary>
    /// <returns>The certificate as PEM.</returns>
    public async Task<string> RenewCertificateAsync(string name, string signingRequestPem, CancellationToken cancellationToken = default)
    {
        using var authority = LoadAuthority();
        var certificate = authority.Renew(new RegionAddress(Cluster.ClusterId, Cluster.GetRegion(name).Name), signingRequestPem);
        await DescribeAsync(name, region => region with { CertificateSerials = [.. region.CertificateSerials.TakeLast(1), SerialOf(certificate)] }, cancellationToken);
        return certificate;
    }

    /// <summary>Whether this region's certificate has so little time left that it should get another one.</summary>
    public bool NeedsRenewal => clock.GetUtcNow() > new DateTimeOffset(Credentials.Own.NotAfter.ToUniversalTime()) - (CertificateAuthority.RegionCertificateLifetime / 3);

    /// <summary>Renews this region's certificate.</summary>
    /// <param name="sign">From a signing request to a certificate, both as PEM.</param>
    public async Task RenewOwnAsync(Func<string, Task<string>> sign)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={databases.Region.Name}", key, HashAlgorithmName.SHA256);
        var certificate = await sign(request.CreateSigningRequestPem());
        RegionCredentials.Save(files, certificate, key.ExportPkcs8PrivateKeyPem(), Credentials.Authority.ExportCertificatePem());
        _credentials = null;
    }

    /// <summary>Changes what is said about a member.</summary>
    public Task DescribeAsync(string name, Func<ClusterRegion, ClusterRegion> change, CancellationToken cancellationToken = default) =>
        ChangeAsync(cluster => cluster.Describe(name, change), cancellationToken);

    public Task FailAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync(cluster => cluster.Fail(name), cancellationToken);

    public Task HealAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync(cluster => cluster.Heal(name), cancellationToken);

    public Task FreezeAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync(cluster => cluster.Freeze(name), cancellationToken);

    public Task RemoveAsync(string name, LogEnds ends, CancellationToken cancellationToken = default) =>
        ChangeAsync(cluster => cluster.Remove(name, ends.Own, ends.Earlier), cancellationToken);

    /// <summary>Names a set of regions that collections can be kept in.</summary>
    public Task AddGroupAsync(string name, IReadOnlyCollection<string> regions, CancellationToken cancellationToken = default) =>
        ChangeAsync(cluster => cluster.AddGroup(name, regions), cancellationToken);

    /// <summary>Makes a region the home; at the home, or, taking over, at that region itself.</summary>
    public Task PromoteAsync(string name, CancellationToken cancellationToken = default) => ChangeAsync(cluster => cluster.Promote(name), cancellationToken);

    private static string SerialOf(string certificatePem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        return certificate.SerialNumber;
    }

    private AdmissionFile Describe(ServerCatalog catalog, string name, string certificate, string key, CertificateAuthority authority)
    {
        var region = catalog.Cluster!.GetRegion(name);
        var identity = new RegionIdentity(region.Id, region.Name, region.Incarnation, IsNamed: true);
        return new AdmissionFile(new RegionAdmission(identity, databases.TokenSigningKey, catalog), certificate, key, authority.CertificatePem);
    }

    private CertificateAuthority LoadAuthority()
    {
        if (!databases.IsHome)
            throw ErrorCodes.NotHomeRegion.With($"regions are admitted at '{Cluster.HomeRegion.Name}', this is '{databases.Region.Name}'");
        return files.Read(ClusterFiles.AuthorityKey) is { } key && files.Read(ClusterFiles.AuthorityCertificate) is { } certificate
            ? CertificateAuthority.Load(certificate, key, clock)
            : throw ErrorCodes.RegionStateConflict.With(
                $"the key of the cluster's authority is not here; copy 'cluster/{ClusterFiles.AuthorityKey}' from the data directory of the region that was home before, or from its backup");
    }

    private async Task ChangeAsync(Func<ClusterConfiguration, ClusterConfiguration> change, CancellationToken cancellationToken) =>
        await databases.ChangeClusterAsync(cluster => change(cluster ?? Cluster), cancellationToken);
}
