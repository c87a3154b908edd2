using System.Net;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Http;
using GeoFabric.Server.Metrics;
using GeoFabric.Server.OpenApi;
using GeoFabric.Server.Sockets;
using GeoFabric.Server.WebConsole;
using Microsoft.AspNetCore.Connections;

namespace GeoFabric.Server.Hosting;

/// <summary>Puts the web server together: its limits, what every request passes through, and the routes.</summary>
internal static class WebServer
{
    public static WebApplication Build(ServerServices services)
    {
        // Nothing is read from files or variables behind the back of the options, and a request never sees a developer's error page.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // A failed start is the command's to report, in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            // A line for each connection too many would fill the log as fast as a client can connect; the dashboard counts connections.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error)
            // It says when requests begin and end, which is measured here otherwise; listening to it costs an activity a request, 2 % of a point read.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        // A request runs on the thread that waited for it: handing it to another one woke that one for every request, a quarter of a small query.
        if (OperatingSystem.IsLinux())
            builder.Services.AddSingleton<IConnectionListenerFactory, PolledTransport>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var limits = services.Options.Limits;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.RequestBodyBytesMax;
            kestrel.Limits.MaxRequestLineSize = limits.RequestLineBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytesMax;
            kestrel.Limits.MaxConcurrentConnections = OpenFileLimit.CapConnections(limits.ConnectionsMax);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Listen(services.Options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(services.Options.Host), services.Options.Port, listen => listen.Use(services.Metrics.Connections.Around));
        });
        var application = builder.Build();
        application.UseMiddleware<ResponseHeaders>(services.Region, services.Clock);
        application.UseMiddleware<RequestMeter>(services.Metrics.Traffic, services.Clock);
        application.UseMiddleware<ExceptionMapping>();
        application.UseMiddleware<RequestGuard>();
        ApiExplorer.Use(application);
        application.UseMiddleware<ConsoleSite>(ConsoleFiles.Embedded);
        application.UseMiddleware<FabricResolver>(services);
        application.UseRouting();
        application.MapRoutes(services);
        ApiExplorer.Map(application);
        application.MapGet("/", (RequestDelegate)ConsoleSite.RedirectFromRootAsync);
        return application;
    }
}
