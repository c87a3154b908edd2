using System.Collections.Concurrent;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Endpoints.Restql;

/// <summary>How a saved query has fared.</summary>
/// <param name="TimeOfGood">All runs that did not fail took together.</param>
internal sealed record SavedQueryRun(long Calls, long Errors, TimeSpan TimeOfGood, DateTimeOffset? LastRun, DateTimeOffset? LastErrorAt, GeoFabricException? LastError)
{
    public static SavedQueryRun None { get; } = new(0, 0, TimeSpan.Zero, null, null, null);
}

/// <summary>How the saved queries have fared in this region since it started. Thread-safe; bounded, and emptied when there are too many.</summary>
internal sealed class SavedQueryRuns
{
    private const int QueriesMax = 10_000;

    private readonly ConcurrentDictionary<(uint Fabric, string Name), SavedQueryRun> _runs = new();

    public SavedQueryRun Read(uint fabric, string name) => _runs.GetValueOrDefault((fabric, name), SavedQueryRun.None);

    /// <summary>A query of that name has just been made; what another one did is not its doing.</summary>
    public void Forget(uint fabric, string name) => _runs.TryRemove((fabric, name), out _);

    /// <summary>Runs a query and counts it.</summary>
    public async Task<T> RunAsync<T>(uint fabric, string name, TimeProvider clock, Func<Task<T>> run)
    {
        var started = clock.GetTimestamp();
        try
        {
            var result = await run();
            Count(fabric, name, known => known with { Calls = known.Calls + 1, TimeOfGood = known.TimeOfGood + clock.GetElapsedTime(started), LastRun = clock.GetUtcNow() });
            return result;
        }
        catch (GeoFabricException error)
        {
            Count(fabric, name, known => known with { Calls = known.Calls + 1, Errors = known.Errors + 1, LastRun = clock.GetUtcNow(), LastErrorAt = clock.GetUtcNow(), LastError = error });
            throw;
        }
    }

    private void Count(uint fabric, string name, Func<SavedQueryRun, SavedQueryRun> count)
    {
        if (_runs.Count >= QueriesMax)
            _runs.Clear();
        _runs.AddOrUpdate((fabric, name), _ => count(SavedQueryRun.None), (_, known) => count(known));
    }
}
