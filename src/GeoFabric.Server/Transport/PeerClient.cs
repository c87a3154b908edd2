using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Database;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Server.Transport;

/// <summary>Requests to one other region, over connections that only it can be the other end of.</summary>
internal sealed class PeerClient : IDisposable
{
    private readonly string _target;
    private readonly DatabaseHost _databases;
    private readonly PeerHandshake _handshake;
    private readonly PeerLinkOptions _options;
    private readonly Action<string> _removed;
    private readonly bool _isPlain;
    private readonly Func<PeerLinkFault> _fault;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker[] _lanes;

    /// <param name="target">Name of the other region.</param>
    /// <param name="credentials">The certificates as of now; null without TLS.</param>
    /// <param name="fault">What a demonstration does to the way there, as of now.</param>
    /// <param name="removed">Called with the target when it says that this region has been removed.</param>
    public PeerClient(
        string target, DatabaseHost databases, PeerHandshake handshake, PeerLinkOptions options, Func<RegionCredentials>? credentials, Func<PeerLinkFault> fault, Action<string> removed, TimeProvider clock)
    {
        _fault = fault;
        _removed = removed;
        _clock = clock;
        _target = target;
        _databases = databases;
        _handshake = handshake;
        _options = options;
        _isPlain = credentials is null;
        _lanes = [new HttpMessageInvoker(CreateHandler(credentials, clock)), new HttpMessageInvoker(CreateHandler(credentials, clock))];
    }

    /// <summary>Sends a request and returns when its headers have come back; the body may still be under way in both directions.</summary>
    /// <param name="lane">Each lane has a connection of its own.</param>
    /// <param name="session">Several requests may belong to one session; null makes one up.</param>
    /// <exception cref="PeerRefusedException">The other side refuses, or is not the region it should be.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, PeerLane lane = PeerLane.Control, HttpContent? content = null, string? session = null,
        IReadOnlyList<(string Name, string Value)>? headers = null, CancellationToken cancellationToken = default)
    {
        session ??= PeerHandshake.NewSession();
        if (_fault() is var fault && fault.IsCut)
            throw new PeerRefusedException("cut", "the link is cut by a demonstration");
        // There and back; the lanes of a link delay what they carry themselves.
        if (fault.OneWayDelay > TimeSpan.Zero)
            await Task.Delay(2 * fault.OneWayDelay, _clock, cancellationToken);
        var cluster = _databases.Catalog.Cluster ?? throw new PeerRefusedException("alone", "this server is in no cluster");
        var target = cluster.GetRegion(_target);
        if (target.PeerUrl.Length == 0)
            throw new PeerRefusedException("address", $"region '{_target}' has not said yet where it can be reached");
        using var request = new HttpRequestMessage(method, new Uri(new Uri(target.PeerUrl), path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        foreach (var (name, value) in headers ?? [])
            request.Headers.Add(name, value);
        _handshake.Sign(request, cluster.ClusterId, cluster.Regions[_databases.Region.Id], _target, session);
        var response = await _lanes[(int)lane].SendAsync(request, cancellationToken);
        try
        {
            if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
            {
                var saysRemoved = response.Headers.Contains(PeerHandshake.RemovedHeader);
                if (saysRemoved)
                    _removed(_target);
                throw new PeerRefusedException("refused", await response.Content.ReadAsStringAsync(cancellationToken)) { SaysRemoved = saysRemoved };
            }
            response.EnsureSuccessStatusCode();
            if (_isPlain && !_handshake.IsResponseProven(ProofOf(response), cluster.ClusterId, _target, _databases.Region.Name.Text, session))
                throw new PeerRefusedException("proof", $"what answers at {target.PeerUrl} is not region '{_target}' of this cluster");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
    }

    private static string ProofOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(PeerHandshake.ProofHeader, out var values) ? values.First() : "";

    private SocketsHttpHandler CreateHandler(Func<RegionCredentials>? credentials, TimeProvider clock)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = _options.ConnectTimeout,
            KeepAlivePingDelay = TimeSpan.FromSeconds(Math.Max(1, _options.SilenceMax.TotalSeconds / 2)),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(Math.Max(1, _options.SilenceMax.TotalSeconds / 2)),
            InitialHttp2StreamWindowSize = 4 << 20,
        };
        if (credentials is null)
            return handler;
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials().Own,
            // Names of hosts and authorities of the system do not count: only a certificate of this cluster, for the region that is meant.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTarget(certificate, credentials(), clock),
        };
        return handler;
    }

    private bool IsTarget(X509Certificate? certificate, RegionCredentials credentials, TimeProvider clock)
    {
        if (_databases.Catalog.Cluster is not { } cluster)
            return false;
        return new PeerCertificatePolicy(credentials.Authority, clock).Check(certificate as X509Certificate2, _target, cluster) == PeerRefusal.None;
    }
}
