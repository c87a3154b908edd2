using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Server.Transport;

/// <summary>Finds out which region sends a request: the one place where trust in peers begins.</summary>
/// <param name="credentials">The certificates as of now; null without TLS.</param>
internal sealed class PeerAuthentication(DatabaseHost databases, PeerHandshake handshake, Func<RegionCredentials>? credentials, TimeProvider clock)
{
    /// <returns>The member that calls.</returns>
    /// <exception cref="PeerRefusedException">It is none, or means another region.</exception>
    public ClusterRegion Authenticate(HttpContext http)
    {
        var cluster = databases.Catalog.Cluster ?? throw new PeerRefusedException("alone", "this server is in no cluster");
        var self = databases.Region.Name.Text;
        if (Header(http, PeerHandshake.ClusterHeader) != cluster.ClusterId)
            throw new PeerRefusedException("cluster", "this is another cluster");
        if (Header(http, PeerHandshake.TargetHeader) != self)
            throw new PeerRefusedException("target", $"this is region '{self}'");
        var claimed = Header(http, PeerHandshake.RegionHeader);
        var session = Header(http, PeerHandshake.SessionHeader);
        Prove(http, cluster, claimed, self, session);
        var region = cluster.GetRegion(claimed);
        if (Header(http, PeerHandshake.IncarnationHeader) != region.Incarnation.ToString(CultureInfo.InvariantCulture))
        {
            throw new PeerRefusedException("incarnation", $"region '{claimed}' is known here in its incarnation {region.Incarnation}")
            {
                SaysRemoved = byte.TryParse(Header(http, PeerHandshake.IncarnationHeader), CultureInfo.InvariantCulture, out var incarnation) && incarnation < region.Incarnation,
            };
        }
        handshake.Sign(http.Response, cluster.ClusterId, self, claimed, session);
        return region;
    }

    public static string Header(HttpContext http, string name) => http.Request.Headers[name].ToString();

    private void Prove(HttpContext http, ClusterConfiguration cluster, string claimed, string self, string session)
    {
        if (credentials is not null)
        {
            var refusal = new PeerCertificatePolicy(credentials().Authority, clock).Check(http.Connection.ClientCertificate, claimed, cluster);
            if (refusal != PeerRefusal.None)
            {
                throw new PeerRefusedException($"certificate: {refusal}", $"the certificate of region '{claimed}' is not accepted: {refusal}")
                {
                    SaysRemoved = refusal == PeerRefusal.NotAMember && cluster.TryGetRegion(claimed, out _),
                };
            }
            return;
        }
        if (!handshake.IsRequestProven(Header(http, PeerHandshake.ProofHeader), cluster.ClusterId, claimed, self, session))
            throw new PeerRefusedException("proof", $"region '{claimed}' does not know the cluster's key");
        if (!cluster.TryGetRegion(claimed, out var region) || !region.IsMember)
            throw new PeerRefusedException("member", $"region '{claimed}' is no member") { SaysRemoved = region is not null };
    }
}
