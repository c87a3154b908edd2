using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Query.Execution;

namespace GeoFabric.Server.Metrics;

/// <summary>Takes a sample of the server each second and hands it to whoever waits for it.</summary>
/// <param name="dataDirectory">Null when all is in memory.</param>
internal sealed class MetricSampler(DatabaseHost databases, QueryEngine queries, string? dataDirectory, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    /// <summary>Sizes change slowly, and reading them costs something for each collection.</summary>
    private const int SecondsBetweenSizes = 10;

    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource<MetricSample> _next = NewSource();
    private Task _loop = Task.CompletedTask;
    private (long StorageBytes, long Documents) _sizes;
    private DiskSpace? _disk;
    private int _seconds;
    private CacheCounts[] _caches = new CacheCounts[ServerCaches.Names.Length];

    public TrafficCounts.Meter Traffic { get; } = new();

    public MetricHistory History { get; } = new();

    public ServerCaches Caches { get; } = new(databases, queries);

    /// <summary>Connections of clients that are open.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <summary>Called each second, by who has something to watch; must not throw.</summary>
    public Action? Ticked { get; set; }

    public MetricSample? Last { get; private set; }

    public void Start() => _loop = RunAsync();

    /// <summary>Ends when no more samples come.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>The sample after the one that is there now.</summary>
    public Task<MetricSample> WaitForNextAsync(CancellationToken cancellationToken) => _next.Task.WaitAsync(cancellationToken);

    /// <summary>Takes no more samples; who waits for one is told by <see cref="Stopping"/>.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    /// <summary>Takes one sample.</summary>
    internal void Sample()
    {
        if (_seconds++ % SecondsBetweenSizes == 0)
        {
            _sizes = ReadSizes();
            _disk = DiskSpace.Read(dataDirectory);
        }
        var gauges = new Gauges(_sizes.StorageBytes, _sizes.Documents, Environment.WorkingSet, Connections.Count, queries.Running.Count) { Disk = _disk };
        Last = History.Add(clock.GetUtcNow(), Traffic.Drain(ReadCaches()), gauges);
        var told = _next;
        _next = NewSource();
        told.TrySetResult(Last);
        Ticked?.Invoke();
    }

    private CacheCounts[] ReadCaches()
    {
        var (before, now) = (_caches, Caches.Read());
        _caches = now;
        return [.. now.Zip(before, (counts, last) => counts.Since(last))];
    }

    private static TaskCompletionSource<MetricSample> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_step, clock);
        try
        {
            do
                Sample();
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private (long StorageBytes, long Documents) ReadSizes()
    {
        var (bytes, documents) = (0L, 0L);
        foreach (var fabric in databases.OpenFabrics)
        {
            try
            {
                bytes += fabric.Status.SizeBytes;
                using var snapshot = fabric.OpenSnapshot(new AccessScope(fabric.Fabric.Tenant, fabric.Fabric.Id, "", AccessLevel.Read));
                documents += snapshot.Catalog.Collections.Values.Where(collection => !collection.IsSystem).Sum(snapshot.EstimateDocuments);
            }
            catch (Exception error) when (error is Primitives.Errors.GeoFabricException or ObjectDisposedException)
            {
                // It is being dropped; its size is nobody's any more.
            }
        }
        return (bytes, documents);
    }
}
