using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Those who are no peers, or send what no peer sends.</summary>
public sealed class PeerIntrusionTests
{
    [Fact]
    public async Task Without_a_certificate_of_the_cluster_nobody_gets_past_the_handshake()
    {
        await using var regions = await TestRegions.StartAsync(1);
        using var forger = CertificateAuthority.Create(regions[0].Membership.Cluster.ClusterId, TimeProvider.System);
        var (certificate, key) = forger.Issue(new RegionAddress(regions[0].Membership.Cluster.ClusterId, RegionName.Parse("region1")));
        using var forged = X509Certificate2.CreateFromPem(certificate, key);

        foreach (var shown in new[] { null, forged })
        {
            using var client = Client(shown);
            await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(client, regions[0], "region1", "region1", HttpMethod.Get, PeerRoutes.CatalogPath));
        }
    }

    [Fact]
    public async Task A_member_may_speak_only_for_itself_to_the_region_it_means_in_its_own_incarnation()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        using var client = Client(regions[1].Membership.Credentials.Own);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, regions[0], "region2", "region1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region1", "region1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region2"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region1", incarnation: "1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region1", cluster: "other"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "", "region1"));
        await regions[0].Membership.ReissueAsync("region2");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region1"));
        Assert.Contains("certificate: OtherRegion", regions[0].Network.Counters.Refusals.Keys);
        Assert.Contains("certificate: NotPinned", regions[0].Network.Counters.Refusals.Keys);
    }

    [Fact]
    public async Task Without_TLS_a_caller_has_to_know_the_key_of_the_cluster()
    {
        await using var regions = await TestRegions.StartAsync(2, isPlain: true);
        await regions.ConnectedAsync();
        using var client = Client(null);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[0], "region2", "region1", proof: new string('0', 64)));
        Assert.True(regions[0].Network.Counters.Refusals["proof"] >= 2);
    }

    [Fact]
    public async Task The_port_for_regions_serves_nothing_else()
    {
        await using var regions = await TestRegions.StartAsync(2, isPlain: true);
        using var client = Client(null);

        foreach (var path in new[] { "/", "/health", "/_open/auth", "/openapi/v1.json", "/_fabric/_system/_api/collection", "/datacenter/all" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, regions[0], "region2", "region1", path: path));
        using var oldHttp = new HttpClient();
        Assert.Equal(HttpStatusCode.BadRequest, (await oldHttp.GetAsync(new Uri(regions[0].Network.Url + "/gfr/1/catalog"))).StatusCode);
    }

    [Theory]
    [InlineData("oversize", "OversizeFrame")]
    [InlineData("garbage", "OversizeFrame")]
    [InlineData("damaged", "DamagedFrame")]
    [InlineData("interrupted", "DamagedFrame")]
    [InlineData("cut short", "Broken")]
    public async Task What_is_no_message_ends_the_session_and_is_never_passed_on(string kind, string reason)
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        var good = Frames(5, new byte[100]);
        var bad = kind switch
        {
            "oversize" => Announcing(PeerFrame.PayloadSizeMax + 1),
            "garbage" => "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
            "damaged" => Flip(Frames(6, new byte[100]), 50),
            "interrupted" => [.. Frames(6, new byte[PeerFrame.PayloadSizeMax + 1])[..(PeerFrame.HeaderSize + PeerFrame.PayloadSizeMax)], .. Frames(7, [1])],
            _ => Frames(6, new byte[100])[..50],
        };
        // Region 1 dials region 2, so whoever has its certificate can open a session in its place.
        regions[0].LinkTo(regions[1]).Fault = new PeerLinkFault(TimeSpan.Zero, IsCut: true);
        await TestRegions.EventuallyAsync(() => !regions[1].LinkTo(regions[0]).IsConnected && regions[1].Events.Count >= 2);
        using var client = Client(regions[0].Membership.Credentials.Own);

        var session = PeerHandshake.NewSession();
        await Task.WhenAll(
            OpenLaneAsync(client, regions, session, PeerLane.Control, good, staysOpen: true),
            OpenLaneAsync(client, regions, session, PeerLane.Bulk, [.. good, .. bad]));

        await TestRegions.EventuallyAsync(() => regions[1].Events.Contains($"closed 1 {reason}"), kind);
        Assert.All(regions[1].Received, message => Assert.Equal(5u, message.Fabric));
        regions[0].LinkTo(regions[1]).Fault = PeerLinkFault.None;
        await regions.ConnectedAsync();
    }

    [Fact]
    public async Task A_damaged_catalog_or_one_of_another_cluster_is_refused_and_changes_nothing()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await using var strangers = await TestRegions.StartAsync(1);
        await regions.ConnectedAsync();
        var version = regions[1].Databases.Catalog.Version;
        using var client = Client(regions[0].Membership.Credentials.Own);
        var damaged = CatalogTransfer.Write(regions[0].Databases.Catalog);
        damaged[^1] ^= 1;

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[1], "region1", "region2", HttpMethod.Put, body: damaged));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, regions[1], "region1", "region2", HttpMethod.Put, body: CatalogTransfer.Write(strangers[0].Databases.Catalog)));

        Assert.Equal(version, regions[1].Databases.Catalog.Version);
        Assert.Contains("catalog: ForeignCluster", regions[1].Network.Counters.Refusals.Keys);
    }

    private static HttpClient Client(X509Certificate2? certificate) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            // An intruder does not mind whom it talks to.
#pragma warning disable CA5359
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            ClientCertificates = certificate is null ? null : [certificate],
        },
    });

    private static async Task<HttpStatusCode> StatusAsync(
        HttpClient client, TestRegion region, string from, string to, HttpMethod? method = null, string path = PeerRoutes.CatalogPath,
        string? cluster = null, string incarnation = "0", string proof = "", byte[]? body = null)
    {
        using var response = await SendAsync(client, region, from, to, method ?? HttpMethod.Get, path, cluster, incarnation, proof, body is null ? null : new ByteArrayContent(body));
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, TestRegion region, string from, string to, HttpMethod method, string path,
        string? cluster = null, string incarnation = "0", string proof = "", HttpContent? content = null, string? session = null)
    {
        var request = new HttpRequestMessage(method, new Uri(region.Network.Url + path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add(PeerHandshake.ClusterHeader, cluster ?? region.Membership.Cluster.ClusterId);
        request.Headers.Add(PeerHandshake.RegionHeader, from);
        request.Headers.Add(PeerHandshake.IncarnationHeader, incarnation);
        request.Headers.Add(PeerHandshake.TargetHeader, to);
        request.Headers.Add(PeerHandshake.SessionHeader, session ?? "s");
        request.Headers.TryAddWithoutValidation(PeerHandshake.ProofHeader, proof);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task OpenLaneAsync(HttpClient client, TestRegions regions, string session, PeerLane lane, byte[] bytes, bool staysOpen = false)
    {
        using HttpContent content = staysOpen ? new StreamContent(new EndlessStream(bytes)) : new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        try
        {
            using var response = await SendAsync(client, regions[1], "region1", "region2", HttpMethod.Post, $"/gfr/1/link/{(int)lane}", content: content, session: session);
            await response.Content.ReadAsByteArrayAsync();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // Reset by the region, which is right.
        }
    }

    private static byte[] Frames(uint fabric, byte[] message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ReadOnlyMemory<byte> rest = message;
        do
            rest = PeerFrame.WriteNext(buffer, fabric, rest);
        while (!rest.IsEmpty);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Announcing(int length)
    {
        var bytes = new byte[PeerFrame.HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>Gives its bytes, then nothing until it is given up.</summary>
    private sealed class EndlessStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is var count and > 0)
                return count;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }
}
