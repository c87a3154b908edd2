using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Database.Jobs;

/// <summary>Some work under way in a fabric: what it is, how far it is, and how to stop it. Disposing it says that it has ended. Thread-safe.</summary>
public sealed class FabricJob : IDisposable
{
    private readonly Action<FabricJob> _ended;
    private readonly Func<AccessScope, Task>? _cancel;
    private long _done;
    private double? _share;

    internal FabricJob(long id, JobKind kind, CollectionDefinition? collection, string? subject, long? total, Func<AccessScope, Task>? cancel, DateTimeOffset started, Action<FabricJob> ended)
    {
        Id = id;
        Kind = kind;
        Collection = collection;
        Subject = subject;
        Total = total;
        Started = started;
        _cancel = cancel;
        _ended = ended;
    }

    /// <summary>Unique within the fabric while it is open.</summary>
    public long Id { get; }

    public JobKind Kind { get; }

    /// <summary>What it works on; null when that is gone, or is all of the fabric.</summary>
    public CollectionDefinition? Collection { get; }

    /// <summary>What of it, such as the name of an index.</summary>
    public string? Subject { get; }

    public DateTimeOffset Started { get; }

    /// <summary>Documents, entries, records or bytes done, as the kind counts.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>How many there were at the beginning; null when nobody knows. There may be more or fewer by now.</summary>
    public long? Total { get; }

    /// <summary>How much of it is done, from 0 to 1; null when nobody knows.</summary>
    public double? Share => _share ?? (Total is > 0 and var total ? Math.Min(1, (double)Done / total) : null);

    public bool CanCancel => _cancel is not null;

    public void Advance(long by) => Interlocked.Add(ref _done, by);

    public void Dispose() => _ended(this);

    /// <summary>Takes over what whoever works on it says about its share.</summary>
    internal void ReportShare(double share) => _share = Math.Clamp(share, 0, 1);

    internal Task CancelAsync(AccessScope scope) => _cancel!(scope);
}
