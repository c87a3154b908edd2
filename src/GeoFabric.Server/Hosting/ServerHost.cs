using System.Net.Sockets;
using System.Security.Cryptography;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Endpoints.Regions;
using GeoFabric.Server.Metrics;
using GeoFabric.Server.Options;
using GeoFabric.Server.Replication;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Hosting;

/// <summary>One running server: databases, query engine and web server, put together here.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Without letters and digits that are mistaken for each other: it is read from a terminal.</summary>
    private const string PasswordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private readonly WebApplication _application;
    private readonly RegionForwarder _forwarder;
    private readonly ReplicationHost? _replication;
    private readonly ILoggerFactory _loggers;

    private ServerHost(WebApplication application, ServerServices services, RegionForwarder forwarder, ReplicationHost? replication, ILoggerFactory loggers)
    {
        _replication = replication;
        _loggers = loggers;
        _application = application;
        _forwarder = forwarder;
        Services = services;
    }

    /// <summary>Where the server listens, with the real port.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Where it listens for other regions; null for a server on its own.</summary>
    public string? PeerUrl => Services.Network?.Url;

    internal ServerServices Services { get; }

    /// <summary>Opens the data directory and starts listening.</summary>
    /// <exception cref="GeoFabricException">10 for wrong settings, 1107 or 1108 for a data directory that cannot be used.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var problems = options.Problems();
        if (problems.Count > 0)
            throw ErrorCodes.BadParameter.With(string.Join("; ", problems));
        var files = new ClusterFiles(options.DataDirectory);
        var admission = options.JoinFile is { } path ? AdmissionFile.Parse(ClusterFiles.ReadOwnerOnly(path)) : null;
        var databases = await DatabaseHost.OpenAsync(
            new DatabaseOptions
            {
                DataDirectory = options.DataDirectory,
                RegionName = options.Region is { } region ? RegionName.Parse(region) : null,
                Region = options.RegionId ?? 0,
                FirstRegion = (ushort)(options.Peers is null ? 0 : 1),
                Admission = admission?.Admission,
            },
            clock,
            cancellationToken);
        var passwords = new PasswordHasher(options.Login);
        var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        PeerNetwork? network = null;
        var forwarder = new RegionForwarder(databases, region => network?.FaultOf(region) ?? PeerLinkFault.None, clock);
        ReplicationHost? replicationHost = null;
        MetricSampler? metrics = null;
        try
        {
            admission?.SaveCredentials(files);
            var membership = new ClusterMembership(databases, files, clock);
            await FoundClusterAsync(databases, membership, options, cancellationToken);
            await CreateRootAsync(databases, passwords, options.Login, cancellationToken);
            var tokens = new SessionTokens([databases.TokenSigningKey], clock, options.Login.TokenLifetime);
            var authenticator = new Authenticator(databases, tokens, passwords, new LoginThrottle(options.Login, clock));
            var queries = CreateQueryEngine(options, databases, loggers, clock);
            IReplicationView replication = new NoReplication(databases);
            if (options.Peers is { } peers)
            {
                replication = replicationHost = new ReplicationHost(databases, peers, clock, loggers);
                network = new PeerNetwork(databases, membership, peers, new PeerLinkOptions(), replicationHost, clock, new SecureRandom());
            }
            var leadership = new SpotLeadership(replication, clock);
            var placement = CreatePlacement(databases, membership, replication, leadership, forwarder, clock);
            metrics = new MetricSampler(databases, queries, options.DataDirectory, clock);
            var timeline = network is null ? null : new RegionTimeline(databases, network, replication, clock);
            var handovers = new HandoverCodes(databases.TokenSigningKey, databases.Region.Name.Text, clock);
            var services = new ServerServices(
                options, databases, queries, authenticator, passwords, membership, network, replication, placement, leadership, handovers, metrics, timeline, clock, clock.GetUtcNow());
            var application = WebServer.Build(services);
            await ListenAsync(application, options, cancellationToken);
            metrics.Ticked = timeline is null ? null : timeline.Look;
            metrics.Start();
            // Whoever follows the samples would keep the server from stopping.
            application.Lifetime.ApplicationStopping.Register(metrics.Stop);
            if (network is not null)
            {
                network.TellStatus = withHistory => RegionStatus.TellAsync(services, withHistory);
                network.Leave = replication.LeaveAsync;
                replicationHost!.Start(network.FetchCatalog);
                await network.StartAsync(options.PublicUrl ?? application.Urls.First(), cancellationToken);
            }
            return new ServerHost(application, services, forwarder, replicationHost, loggers);
        }
        catch
        {
            forwarder.Dispose();
            if (metrics is not null)
                await metrics.DisposeAsync();
            if (network is not null)
                await network.DisposeAsync();
            if (replicationHost is not null)
                await replicationHost.DisposeAsync();
            loggers.Dispose();
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
        await Services.Metrics.DisposeAsync();
        Services.Queries.Cursors.Clear();
        if (Services.Network is not null)
            await Services.Network.DisposeAsync();
        if (_replication is not null)
            await _replication.DisposeAsync();
        _loggers.Dispose();
        await _application.DisposeAsync();
        _forwarder.Dispose();
        await Services.Databases.DisposeAsync();
        Services.Passwords.Dispose();
    }

    private static RequestPlacement CreatePlacement(
        DatabaseHost databases, ClusterMembership membership, IReplicationView replication, SpotLeadership leadership, RegionForwarder forwarder, TimeProvider clock)
    {
        var self = databases.Region.Id;
        var gate = new ConsistencyGate(
            replication, () => databases.Catalog.Cluster is { } cluster ? [.. cluster.Members.Select(member => member.Id)] : [self], membership.NameOf, self, clock);
        return new RequestPlacement(databases, replication, leadership, gate, forwarder, new SessionTokenCodec(databases.TokenSigningKey));
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

    private static QueryEngine CreateQueryEngine(ServerOptions options, DatabaseHost databases, ILoggerFactory loggers, TimeProvider clock)
    {
        var settings = new QueryEngineOptions
        {
            SpillDirectory = options.DataDirectory is { } data ? Directory.CreateDirectory(Path.Combine(data, "temporary")).FullName : null,
            ScanHelpersMax = options.ScanHelpersMax,
            IsOnlyRegion = () => databases.Catalog.Cluster is not { } cluster || !cluster.Members.Skip(1).Any(),
            SlowQueryEnded = new SlowQueryLog(loggers.CreateLogger<SlowQueryLog>()).Write,
        };
        return new QueryEngine(settings, clock, () => new SecureRandom());
    }

    private static async Task FoundClusterAsync(DatabaseHost databases, ClusterMembership membership, ServerOptions options, CancellationToken cancellationToken)
    {
        if (databases.Catalog.Cluster is not null)
        {
            if (options.Peers is null)
                throw ErrorCodes.BadParameter.With($"the data is of region '{databases.Region.Name}' of a cluster; give --peer-port, on which the other regions reach it");
            return;
        }
        if (options.Peers is null)
            return;
        if (!databases.Region.IsNamed)
            throw ErrorCodes.BadParameter.With("the first region of a cluster needs a name; give --region");
        await membership.FoundAsync(cancellationToken);
    }

    private static async Task CreateRootAsync(DatabaseHost databases, PasswordHasher passwords, LoginOptions options, CancellationToken cancellationToken)
    {
        if (!databases.IsHome || databases.Catalog.TryGetUser(TenantName.Root, "root", out _))
            return;
        var password = options.RootPassword ?? RandomNumberGenerator.GetString(PasswordAlphabet, 20);
        var hash = await passwords.HashAsync(password, cancellationToken);
        await databases.CreateUserAsync(TenantName.Root, "root", "root@localhost", hash, cancellationToken: cancellationToken);
        if (options.RootPassword is null)
            options.RootPasswordMade?.Invoke(password);
    }
}
