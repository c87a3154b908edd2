using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Cluster;

/// <summary>
/// Makes the certificates by which regions know each other. Its key lies at the home region only: whoever has it can pass for any region, but only with
/// a certificate whose serial number the configuration names.
/// </summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>Regions renew theirs when a third of it is left.</summary>
    public static readonly TimeSpan RegionCertificateLifetime = TimeSpan.FromDays(365);

    private const int SerialBytes = 16;
    private const string ServerAuthenticationOid = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthenticationOid = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(20 * 365);

    /// <summary>Clocks of regions differ; a certificate must not be refused for having been made a moment ago.</summary>
    private static readonly TimeSpan s_backdated = TimeSpan.FromMinutes(10);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _clock;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider clock)
    {
        _certificate = certificate;
        _clock = clock;
    }

    /// <summary>The authority's own certificate, without its key.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    public string ExportKeyPem()
    {
        using var key = _certificate.GetECDsaPrivateKey()!; // Every authority is made or loaded with its key.
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static CertificateAuthority Create(string clusterId, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=GeoFabric cluster {clusterId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - s_backdated, now + s_lifetime), clock);
    }

    /// <exception cref="GeoFabricException">1108 when the two do not belong together or are damaged.</exception>
    public static CertificateAuthority Load(string certificatePem, string keyPem, TimeProvider clock)
    {
        try
        {
            return new CertificateAuthority(X509Certificate2.CreateFromPem(certificatePem, keyPem), clock);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"the cluster's authority cannot be loaded: {error.Message}", error);
        }
    }

    /// <summary>Makes a key pair and a certificate for it.</summary>
    /// <returns>Both as PEM.</returns>
    public (string Certificate, string Key) Issue(RegionAddress region, TimeSpan? lifetime = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (Issue(region, new PublicKey(key), lifetime ?? RegionCertificateLifetime), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Makes a certificate for a region that keeps its key to itself. Only the key is taken from the request: what it asks to be called is not.</summary>
    /// <exception cref="GeoFabricException">10 when the request is damaged or not signed with its own key.</exception>
    public string Renew(RegionAddress region, string signingRequestPem)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequestPem(signingRequestPem, HashAlgorithmName.SHA256);
            return Issue(region, request.PublicKey, RegionCertificateLifetime);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw ErrorCodes.BadParameter.With($"the signing request cannot be used: {error.Message}", error);
        }
    }

    public void Dispose() => _certificate.Dispose();

    private string Issue(RegionAddress region, PublicKey key, TimeSpan lifetime)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={region.Region}"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(region.ToString()));
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthenticationOid), new Oid(ClientAuthenticationOid)], critical: true));
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // Positive, and of full length in every notation.
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var now = _clock.GetUtcNow();
        using var certificate = request.Create(_certificate, now - s_backdated, now + lifetime, serial);
        return certificate.ExportCertificatePem();
    }
}
