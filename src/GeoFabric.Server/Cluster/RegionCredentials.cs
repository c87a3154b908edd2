using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Cluster;

/// <summary>What a region shows to others and what it checks theirs against.</summary>
/// <param name="Own">The region's certificate with its key.</param>
/// <param name="Authority">The certificate of the cluster's authority, the only one trusted.</param>
internal sealed record RegionCredentials(X509Certificate2 Own, X509Certificate2 Authority) : IDisposable
{
    /// <returns>Null when the region has none yet.</returns>
    /// <exception cref="GeoFabricException">1108 when they are damaged or others may read the key.</exception>
    public static RegionCredentials? Load(ClusterFiles files)
    {
        if (files.Read(ClusterFiles.Region) is not { } own || files.Read(ClusterFiles.AuthorityCertificate) is not { } authority)
            return null;
        try
        {
            return new RegionCredentials(X509Certificate2.CreateFromPem(own, own), X509Certificate2.CreateFromPem(authority));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"the region's certificate cannot be loaded: {error.Message}", error);
        }
    }

    public static void Save(ClusterFiles files, string certificatePem, string keyPem, string authorityPem)
    {
        files.Write(ClusterFiles.AuthorityCertificate, authorityPem);
        files.Write(ClusterFiles.Region, $"{certificatePem}\n{keyPem}\n");
    }

    public void Dispose()
    {
        Own.Dispose();
        Authority.Dispose();
    }
}
