using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Server.Cluster;

/// <summary>Why a certificate is not taken for a member's.</summary>
internal enum PeerRefusal
{
    None,

    /// <summary>None was shown.</summary>
    Missing,

    /// <summary>It was not made by this cluster's authority, or not for this use.</summary>
    Untrusted,

    /// <summary>It is not good yet, or no more.</summary>
    OutOfTime,

    /// <summary>It names no region, or one of another cluster.</summary>
    ForeignCluster,

    /// <summary>It names another region than its owner claims to be.</summary>
    OtherRegion,

    /// <summary>The region is no member of the cluster.</summary>
    NotAMember,

    /// <summary>The configuration does not name its serial number: it was replaced, or never given out.</summary>
    NotPinned,
}

/// <summary>
/// Decides whether a certificate is that of a member: made by the cluster's one authority, in its time, for the region it is claimed for, and with a serial
/// number that the configuration names. No authority of the system and no name of a host counts.
/// </summary>
internal sealed class PeerCertificatePolicy(X509Certificate2 authority, TimeProvider clock)
{
    private const string ClientAuthenticationOid = "1.3.6.1.5.5.7.3.2";

    /// <param name="claimed">Name of the region that the other side says, or is expected, to be.</param>
    public PeerRefusal Check(X509Certificate2? certificate, string claimed, ClusterConfiguration cluster)
    {
        if (certificate is null)
            return PeerRefusal.Missing;
        if (CheckChain(certificate) is not PeerRefusal.None and var refusal)
            return refusal;
        if (RegionAddress.Of(certificate) is not { } address || address.ClusterId != cluster.ClusterId)
            return PeerRefusal.ForeignCluster;
        if (address.Region.Text != claimed)
            return PeerRefusal.OtherRegion;
        if (!cluster.TryGetRegion(claimed, out var region) || !region.IsMember)
            return PeerRefusal.NotAMember;
        return region.CertificateSerials.Contains(certificate.SerialNumber) ? PeerRefusal.None : PeerRefusal.NotPinned;
    }

    private PeerRefusal CheckChain(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        // The configuration says which certificates count; there is no list of revoked ones to fetch.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthenticationOid));
        if (chain.Build(certificate) && chain.ChainElements.Count == 2)
            return PeerRefusal.None;
        return chain.ChainElements.Count == 2 && chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.NotTimeValid)
            ? PeerRefusal.OutOfTime
            : PeerRefusal.Untrusted;
    }
}
