using System.Collections.Concurrent;
using System.Globalization;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Jobs;

/// <summary>The jobs under way in one fabric, in this region. In memory only: each is begun anew by whoever goes on with its work after a restart. Thread-safe.</summary>
public sealed class FabricJobs(TimeProvider clock)
{
    /// <summary>Clients choose the names of series, so their number has an end. Those beyond it go on, but nobody sees them.</summary>
    private const int SeriesMax = 1000;

    /// <summary>A series may wait so long for its next part.</summary>
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(5);

    /// <summary>A client may be that late with a part of what was cancelled.</summary>
    private static readonly TimeSpan s_refusedFor = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock;
    private readonly ConcurrentDictionary<long, FabricJob> _running = new();

    // Guarded by itself.
    private readonly Dictionary<(string Owner, string Name), JobSeries> _series = [];
    private long _lastId;

    /// <param name="total">How much there is to do, if that is known.</param>
    /// <param name="cancel">Stops it for a caller whose rights it looks at; null when it cannot be stopped.</param>
    public FabricJob Begin(JobKind kind, CollectionDefinition? collection = null, string? subject = null, long? total = null, Func<AccessScope, Task>? cancel = null)
    {
        var job = new FabricJob(
            Interlocked.Increment(ref _lastId), kind, collection, subject, total, cancel, _clock.GetUtcNow(), ended => _running.TryRemove(ended.Id, out _));
        _running[job.Id] = job;
        return job;
    }

    /// <summary>Begins a part of an import that comes in several requests.</summary>
    /// <param name="name">What the client calls the import; requests of the same user by the same name belong together.</param>
    /// <param name="share">How much of the whole the client has sent with this part, from 0 to 1, if it knows.</param>
    /// <returns>Ends the part.</returns>
    /// <exception cref="GeoFabricException">21 when somebody has cancelled the import.</exception>
    public IDisposable BeginImportPart(AccessScope scope, string name, CollectionDefinition collection, double? share, out FabricJob job)
    {
        lock (_series)
        {
            EndThosePaused();
            if (!_series.TryGetValue((scope.UserName, name), out var series))
            {
                series = new JobSeries(Begin(JobKind.Import, collection, cancel: by => CancelImportAsync(by, name, scope.UserName, collection)));
                if (_series.Count < SeriesMax)
                    _series.Add((scope.UserName, name), series);
                else
                    series.Job.Dispose();
            }
            if (series.CancelledBy is { } user)
                throw ErrorCodes.Cancelled.With($"user '{user}' has cancelled this import into '{collection.Name}'; what was stored before stays. Begin another one, under another name, to go on");
            series.Parts++;
            if (share is { } known)
                series.Job.ReportShare(known);
            job = series.Job;
            return new PartEnd(this, series);
        }
    }

    /// <summary>The jobs that a scope may know of, the oldest first.</summary>
    public IReadOnlyList<FabricJob> List(AccessScope scope)
    {
        lock (_series)
            EndThosePaused();
        return [.. _running.Values.Where(job => IsVisible(job, scope)).OrderBy(job => job.Id)];
    }

    /// <summary>Asks a job to stop; what it has done stays, unless its kind undoes it.</summary>
    /// <exception cref="GeoFabricException">404 unknown or over, 400 when it cannot be stopped, 11 without the right.</exception>
    public Task CancelAsync(AccessScope scope, string id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !_running.TryGetValue(number, out var job) || !IsVisible(job, scope))
            throw ErrorCodes.NotFound.With($"job '{(id.Length > 20 ? id[..20] : id)}'; it may have ended");
        return job.CanCancel ? job.CancelAsync(scope) : throw ErrorCodes.BadRequest.With($"job {id} cannot be cancelled: the server has to end what it does");
    }

    private static bool IsVisible(FabricJob job, AccessScope scope) => job.Collection is null || scope.LevelOf(job.Collection) >= AccessLevel.Read;

    private Task CancelImportAsync(AccessScope scope, string name, string owner, CollectionDefinition collection)
    {
        scope.DemandWrite(collection);
        lock (_series)
        {
            if (_series.TryGetValue((owner, name), out var series))
            {
                series.CancelledBy = scope.UserName;
                series.Job.Dispose();
            }
        }
        return Task.CompletedTask;
    }

    private void EndThosePaused()
    {
        var now = _clock.GetUtcNow();
        foreach (var (key, series) in _series)
        {
            if (series.Parts > 0 || now - series.LastPart < (series.CancelledBy is null ? s_pauseMax : s_refusedFor))
                continue;
            series.Job.Dispose();
            _series.Remove(key);
        }
    }

    private sealed class PartEnd(FabricJobs jobs, JobSeries series) : IDisposable
    {
        public void Dispose()
        {
            lock (jobs._series)
            {
                series.Parts--;
                series.LastPart = jobs._clock.GetUtcNow();
            }
        }
    }
}
