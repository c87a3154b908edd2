using System.Security.Cryptography;
using GeoFabric.Database;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Http;
using GeoFabric.Server.OpenApi;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>One running server: databases, query engine and web server, put together here.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly DatabaseHost _databases;

    private ServerHost(WebApplication application, DatabaseHost databases, ServerServices services, string? generatedPassword)
    {
        _application = application;
        _databases = databases;
        Services = services;
        GeneratedPassword = generatedPassword;
    }

    public ServerServices Services { get; }

    /// <summary>The made-up password of root; only at a first start without a given one.</summary>
    public string? GeneratedPassword { get; }

    /// <summary>Where the server listens, with the real port.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Opens the data directory and starts listening.</summary>
    public static async Task<ServerHost> StartAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var databases = await DatabaseHost.OpenAsync(
            new DatabaseOptions { DataDirectory = options.DataDirectory }, clock, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), cancellationToken);
        try
        {
            var passwords = new PasswordHasher();
            var generated = await CreateRootAsync(databases, passwords, options, cancellationToken);
            var tokens = new SessionTokens(databases.TokenSigningKey, clock, options.TokenLifetime);
            var authenticator = new Authenticator(databases, tokens, passwords, new LoginThrottle(clock));
            var queries = new QueryEngine(new QueryEngineOptions(), clock, () => new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
            var services = new ServerServices(options, databases, queries, authenticator, passwords, clock, clock.GetUtcNow());
            var application = Build(options, services);
            await application.StartAsync(cancellationToken);
            return new ServerHost(application, databases, services, generated);
        }
        catch
        {
            await databases.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until the process is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _application.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _databases.DisposeAsync();
    }

    private static async Task<string?> CreateRootAsync(DatabaseHost databases, PasswordHasher passwords, ServerOptions options, CancellationToken cancellationToken)
    {
        if (databases.Catalog.TryGetUser(TenantName.Root, "root", out _))
            return null;
        var password = options.RootPassword ?? RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);
        await databases.CreateUserAsync(TenantName.Root, "root", "root@localhost", await passwords.HashAsync(password, cancellationToken), cancellationToken: cancellationToken);
        return options.RootPassword is null ? password : null;
    }

    private static WebApplication Build(ServerOptions options, ServerServices services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.RequestBodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Listen(options.Host == "localhost" ? System.Net.IPAddress.Loopback : System.Net.IPAddress.Parse(options.Host), options.Port);
        });
        var application = builder.Build();
        application.Use((http, next) => RequestPipeline.AddHeadersAsync(http, services, next));
        application.UseMiddleware<ExceptionMapping>();
        application.Use((http, next) => RequestPipeline.NormalisePathAsync(http, next));
        ApiExplorer.Use(application);
        application.UseRouting();
        foreach (var route in RouteTables.All)
            application.MapMethods(route.FullPattern, [route.Method], RequestPipeline.ToDelegate(route, services));
        ApiExplorer.Map(application);
        return application;
    }
}
