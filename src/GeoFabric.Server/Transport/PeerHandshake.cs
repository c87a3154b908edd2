using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Server.Transport;

/// <summary>
/// The headers by which a region says who it is and whom it means, on every request between regions. With TLS the certificate proves it; without, an HMAC
/// with the cluster's key does.
/// </summary>
internal sealed class PeerHandshake
{
    public const string ClusterHeader = "x-gfr-cluster";
    public const string RegionHeader = "x-gfr-region";
    public const string IncarnationHeader = "x-gfr-incarnation";
    public const string TargetHeader = "x-gfr-target";
    public const string SessionHeader = "x-gfr-session";
    /// <summary>In a refusal: the caller has been removed.</summary>
    public const string RemovedHeader = "x-gfr-removed";
    public const string ProofHeader = "x-gfr-proof";

    private const int SessionBytes = 16;

    private readonly byte[] _key;

    /// <param name="clusterKey">The secret that all regions of the cluster share.</param>
    public PeerHandshake(ReadOnlyMemory<byte> clusterKey) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, clusterKey.ToArray(), 32, info: "geofabric peers"u8.ToArray());

    /// <summary>A name nobody can guess, for one session or one request.</summary>
    public static string NewSession() => RandomNumberGenerator.GetHexString(2 * SessionBytes, lowercase: true);

    public void Sign(HttpRequestMessage request, string clusterId, ClusterRegion self, string target, string session)
    {
        request.Headers.Add(ClusterHeader, clusterId);
        request.Headers.Add(RegionHeader, self.Name.Text);
        request.Headers.Add(IncarnationHeader, self.Incarnation.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(TargetHeader, target);
        request.Headers.Add(SessionHeader, session);
        request.Headers.Add(ProofHeader, Proof("request", clusterId, self.Name.Text, target, session));
    }

    public void Sign(HttpResponse response, string clusterId, string self, string caller, string session)
    {
        response.Headers[RegionHeader] = self;
        response.Headers[ProofHeader] = Proof("response", clusterId, self, caller, session);
    }

    public bool IsRequestProven(string proof, string clusterId, string caller, string self, string session) =>
        AreEqual(proof, Proof("request", clusterId, caller, self, session));

    public bool IsResponseProven(string proof, string clusterId, string target, string self, string session) =>
        AreEqual(proof, Proof("response", clusterId, target, self, session));

    private static bool AreEqual(string left, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private string Proof(params string[] parts) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
