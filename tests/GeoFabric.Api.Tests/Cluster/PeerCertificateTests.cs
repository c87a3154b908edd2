using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class PeerCertificateTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly CertificateAuthority _authority;
    private readonly PeerCertificatePolicy _policy;
    private ClusterConfiguration _cluster;

    public PeerCertificateTests()
    {
        _authority = CertificateAuthority.Create("c1", _clock);
        _policy = new PeerCertificatePolicy(X509Certificate2.CreateFromPem(_authority.CertificatePem), _clock);
        _cluster = ClusterConfiguration.Found("c1", ClusterRegion.Of(1, RegionName.Parse("us-east"))).Admit(RegionName.Parse("eu-west"), region => region);
    }

    [Fact]
    public void The_certificate_of_a_member_is_good_for_its_region_alone()
    {
        using var certificate = IssuePinned("eu-west");

        Assert.Equal(PeerRefusal.None, _policy.Check(certificate, "eu-west", _cluster));
        Assert.Equal(PeerRefusal.OtherRegion, _policy.Check(certificate, "us-east", _cluster));
        Assert.Equal(PeerRefusal.Missing, _policy.Check(null, "eu-west", _cluster));
        Assert.Equal("gfr://c1/eu-west", RegionAddress.Of(certificate)!.ToString());
    }

    [Fact]
    public void It_counts_from_its_making_to_its_end()
    {
        using var certificate = IssuePinned("eu-west");

        _clock.Advance(CertificateAuthority.RegionCertificateLifetime - TimeSpan.FromMinutes(1));
        Assert.Equal(PeerRefusal.None, _policy.Check(certificate, "eu-west", _cluster));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(PeerRefusal.OutOfTime, _policy.Check(certificate, "eu-west", _cluster));
        _clock.Advance(-2 * CertificateAuthority.RegionCertificateLifetime);
        Assert.NotEqual(PeerRefusal.None, _policy.Check(certificate, "eu-west", _cluster));
    }

    [Fact]
    public void It_counts_no_more_when_the_region_is_removed_or_it_was_replaced()
    {
        using var old = IssuePinned("eu-west");
        using var next = IssuePinned("eu-west");

        Assert.Equal(PeerRefusal.NotPinned, _policy.Check(old, "eu-west", _cluster));
        Assert.Equal(PeerRefusal.None, _policy.Check(next, "eu-west", _cluster));
        var removed = _cluster.Freeze("eu-west").Remove("eu-west", System.Collections.Immutable.ImmutableSortedDictionary<uint, ulong>.Empty);
        Assert.Equal(PeerRefusal.NotAMember, _policy.Check(next, "eu-west", removed));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused_whatever_it_says()
    {
        using var forger = CertificateAuthority.Create("c1", _clock);
        using var forged = X509Certificate2.CreateFromPem(forger.Issue(Address("eu-west")).Certificate);
        Pin("eu-west", forged);

        Assert.Equal(PeerRefusal.Untrusted, _policy.Check(forged, "eu-west", _cluster));
    }

    [Fact]
    public void A_certificate_that_a_member_signed_itself_is_refused()
    {
        var (pem, key) = _authority.Issue(Address("us-east"));
        using var member = X509Certificate2.CreateFromPem(pem, key);
        using var keyPair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("gfr://c1/eu-west"));
        var request = new CertificateRequest("CN=eu-west", keyPair, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using var selfSigned = request.CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromDays(1));
        // The class refuses an issuer that is no authority, so the member signs by hand.
        using var signer = member.GetECDsaPrivateKey()!;
        using var signed = request.Create(
            member.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromDays(1), [0x40, 1, 2, 3]);
        Pin("eu-west", selfSigned);
        Assert.Equal(PeerRefusal.Untrusted, _policy.Check(selfSigned, "eu-west", _cluster));
        Pin("eu-west", signed);
        Assert.Equal(PeerRefusal.Untrusted, _policy.Check(signed, "eu-west", _cluster));
    }

    [Fact]
    public void The_authority_itself_and_other_clusters_are_no_members()
    {
        using var itself = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        Pin("eu-west", itself);
        Assert.NotEqual(PeerRefusal.None, _policy.Check(itself, "eu-west", _cluster));

        using var foreign = X509Certificate2.CreateFromPem(_authority.Issue(new RegionAddress("c2", RegionName.Parse("eu-west"))).Certificate);
        Pin("eu-west", foreign);
        Assert.Equal(PeerRefusal.ForeignCluster, _policy.Check(foreign, "eu-west", _cluster));

        using var unknown = X509Certificate2.CreateFromPem(_authority.Issue(Address("nowhere")).Certificate);
        Assert.Equal(PeerRefusal.NotAMember, _policy.Check(unknown, "nowhere", _cluster));
    }

    [Fact]
    public void A_renewed_certificate_says_what_the_authority_says_and_not_what_was_asked_for()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("gfr://c1/us-east"));
        var request = new CertificateRequest("CN=us-east", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };

        using var renewed = X509Certificate2.CreateFromPem(_authority.Renew(Address("eu-west"), request.CreateSigningRequestPem()));

        Assert.Equal(Address("eu-west"), RegionAddress.Of(renewed));
        Pin("eu-west", renewed);
        Assert.Equal(PeerRefusal.None, _policy.Check(renewed, "eu-west", _cluster));
        Assert.Equal(10, Assert.Throws<GeoFabricException>(() => _authority.Renew(Address("eu-west"), "nonsense")).ErrorNumber);
    }

    [Fact]
    public void Files_are_for_the_owner_only_and_refused_when_others_may_read_them()
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            var files = new ClusterFiles(directory.FullName);
            Assert.Null(RegionCredentials.Load(files));
            var (certificate, key) = _authority.Issue(Address("eu-west"));
            RegionCredentials.Save(files, certificate, key, _authority.CertificatePem);

            using (var loaded = RegionCredentials.Load(files))
                Assert.True(loaded!.Own.HasPrivateKey);

            var path = Path.Combine(directory.FullName, "cluster", ClusterFiles.Region);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", Assert.Throws<GeoFabricException>(() => RegionCredentials.Load(files)).Message, StringComparison.Ordinal);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            files.Write(ClusterFiles.Region, certificate + "\n" + _authority.ExportKeyPem());
            Assert.Equal(1108, Assert.Throws<GeoFabricException>(() => RegionCredentials.Load(files)).ErrorNumber);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_join_file_comes_back_as_it_was_written_and_damage_is_told()
    {
        var (certificate, key) = _authority.Issue(Address("eu-west"));
        var text = new AdmissionFile(
            new RegionAdmission(new RegionIdentity(2, RegionName.Parse("eu-west"), 3, IsNamed: true), new byte[] { 1, 2, 3 }, await TestCatalog.OfAsync(_cluster)),
            certificate,
            key,
            _authority.CertificatePem).Write();

        var read = AdmissionFile.Parse(text);

        Assert.Equal((2, "eu-west", 3), (read.Region.Id, read.Region.Name.Text, read.Region.Incarnation));
        Assert.Equal([1, 2, 3], read.Admission.TokenKey.ToArray());
        Assert.Equal((certificate, key, _authority.CertificatePem), (read.CertificatePem, read.KeyPem, read.AuthorityPem));
        Assert.Equal("c1", read.Admission.Catalog.Cluster!.ClusterId);
        foreach (var damaged in new[] { "", "null", "{}", "[]", text[..^20], text.Replace("\"key\"", "\"keys\"", StringComparison.Ordinal), text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal) })
            Assert.Equal(1108, Assert.Throws<GeoFabricException>(() => AdmissionFile.Parse(damaged)).ErrorNumber);
    }

    public void Dispose() => _authority.Dispose();

    private static RegionAddress Address(string region) => new("c1", RegionName.Parse(region));

    private X509Certificate2 IssuePinned(string region)
    {
        var certificate = X509Certificate2.CreateFromPem(_authority.Issue(Address(region)).Certificate);
        Pin(region, certificate);
        return certificate;
    }

    private void Pin(string region, X509Certificate2 certificate) =>
        _cluster = _cluster.Describe(region, member => member with { CertificateSerials = [certificate.SerialNumber] });
}
