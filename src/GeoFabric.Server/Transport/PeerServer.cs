using System.Security.Cryptography.X509Certificates;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Options;
using GeoFabric.Server.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace GeoFabric.Server.Transport;

/// <summary>The web server for other regions: a port of its own with routes of its own, so nothing of the public API is reachable here, and nothing of this there.</summary>
internal static class PeerServer
{
    /// <summary>More than a catalog with a great many users takes.</summary>
    private const long CatalogBytesMax = 256L << 20;

    public static WebApplication Build(PeerOptions options, PeerLinkOptions links, PeerAuthentication authentication, PeerRoutes routes, PeerCounters counters, Func<RegionCredentials>? credentials)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limit(kestrel.Limits, links);
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (credentials is not null)
                    listen.UseHttps(https => Secure(https, credentials));
            });
        });
        var application = builder.Build();
        application.Use((http, next) => RefuseAsync(http, next, counters));
        foreach (var route in routes.Table)
        {
            application.MapMethods(route.Pattern, [route.Method], (RequestDelegate)(http => routes.HandleAsync(route, http, authentication.Authenticate(http))));
        }
        return application;
    }

    private static void Limit(KestrelServerLimits limits, PeerLinkOptions links)
    {
        limits.MaxRequestBodySize = CatalogBytesMax;
        // A lane is silent for as long as nothing happens; pings find out whether the other side is there.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.KeepAlivePingDelay = links.SilenceMax / 2;
        limits.Http2.KeepAlivePingTimeout = links.SilenceMax / 2;
        // What may be on its way unread: a window has to hold what a long fast line holds.
        limits.Http2.InitialStreamWindowSize = 4 << 20;
        limits.Http2.InitialConnectionWindowSize = 8 << 20;
        limits.MaxConcurrentConnections = OpenFileLimit.CapConnections(2000);
    }

    private static void Secure(HttpsConnectionAdapterOptions https, Func<RegionCredentials> credentials)
    {
        https.SslProtocols = System.Security.Authentication.SslProtocols.Tls13;
        https.ServerCertificateSelector = (_, _) => credentials().Own;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.CheckCertificateRevocation = false;
        // Who it is is decided with the request, which says who it claims to be. Here everything leaves that was not made by the cluster's authority.
        https.ClientCertificateValidation = (certificate, _, _) => IsOfAuthority(certificate, credentials().Authority);
    }

    private static bool IsOfAuthority(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }

    private static async Task RefuseAsync(HttpContext http, RequestDelegate next, PeerCounters counters)
    {
        try
        {
            await next(http);
        }
        catch (PeerRefusedException error) when (!http.Response.HasStarted)
        {
            counters.Refuse(error.Reason);
            if (error.SaysRemoved)
                http.Response.Headers[PeerHandshake.RemovedHeader] = "1";
            await WriteAsync(http, 403, error.Message);
        }
        catch (GeoFabricException error) when (!http.Response.HasStarted)
        {
            counters.Refuse(error.ErrorNumber.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await WriteAsync(http, error.HttpStatus is 409 or 400 ? error.HttpStatus : 403, error.Message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            http.Abort();
        }
    }

    private static Task WriteAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
