using System.Net.Sockets;
using System.Security.Cryptography;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>One running server: databases, query engine and web server, put together here.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Without letters and digits that are mistaken for each other: it is read from a terminal.</summary>
    private const string PasswordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private readonly WebApplication _application;
    private readonly DatabaseHost _databases;
    private readonly PasswordHasher _passwords;

    private ServerHost(WebApplication application, DatabaseHost databases, PasswordHasher passwords)
    {
        _application = application;
        _databases = databases;
        _passwords = passwords;
    }

    /// <summary>Where the server listens, with the real port.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Opens the data directory and starts listening.</summary>
    /// <exception cref="GeoFabricException">10 for wrong settings, 1107 or 1108 for a data directory that cannot be used.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var problems = options.Problems();
        if (problems.Count > 0)
            throw ErrorCodes.BadParameter.With(string.Join("; ", problems));
        var databases = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = options.DataDirectory }, clock, cancellationToken);
        var passwords = new PasswordHasher(options.Login);
        try
        {
            await CreateRootAsync(databases, passwords, options.Login, cancellationToken);
            var tokens = new SessionTokens([databases.TokenSigningKey], clock, options.Login.TokenLifetime);
            var authenticator = new Authenticator(databases, tokens, passwords, new LoginThrottle(options.Login, clock));
            var queries = new QueryEngine(new QueryEngineOptions(), clock, () => new SecureRandom());
            var services = new ServerServices(options, databases, queries, authenticator, passwords, clock, clock.GetUtcNow());
            var application = WebServer.Build(services);
            await ListenAsync(application, options, cancellationToken);
            return new ServerHost(application, databases, passwords);
        }
        catch
        {
            passwords.Dispose();
            await databases.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until the process is asked to stop, by SIGTERM, Ctrl+C or the token.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _application.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _databases.DisposeAsync();
        _passwords.Dispose();
    }

    private static async Task ListenAsync(WebApplication application, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (SocketException error)
        {
            throw new IOException($"cannot listen on {options.Host}, port {options.Port}: {error.Message}", error);
        }
    }

    private static async Task CreateRootAsync(DatabaseHost databases, PasswordHasher passwords, LoginOptions options, CancellationToken cancellationToken)
    {
        if (databases.Catalog.TryGetUser(TenantName.Root, "root", out _))
            return;
        var password = options.RootPassword ?? RandomNumberGenerator.GetString(PasswordAlphabet, 20);
        var hash = await passwords.HashAsync(password, cancellationToken);
        await databases.CreateUserAsync(TenantName.Root, "root", "root@localhost", hash, cancellationToken: cancellationToken);
        if (options.RootPassword is null)
            options.RootPasswordMade?.Invoke(password);
    }
}
