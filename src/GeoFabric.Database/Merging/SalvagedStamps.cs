using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>
/// What the transactions of a removed region have become here, and what was written to their documents by others, while its log is taken over. Kept in
/// memory: when it is lost the rest of the log loses against what was taken of its beginning.
/// </summary>
internal sealed class SalvagedStamps
{
    private readonly Dictionary<RevisionStamp, RevisionStamp> _taken = [];
    private readonly HashSet<RevisionStamp> _own = [];
    private readonly Dictionary<(ulong WireId, string Key), RevisionStamp> _latest = [];

    /// <summary>Notes that a transaction has been taken over as another one.</summary>
    public void Add(RevisionStamp original, RevisionStamp taken)
    {
        _taken[original] = taken;
        _own.Add(taken);
    }

    /// <summary>The stamp that a transaction has here; its own when it was not taken over.</summary>
    public RevisionStamp Translate(RevisionStamp original) => _taken.GetValueOrDefault(original, original);

    /// <summary>Whether a stamp is that of a transaction taken over.</summary>
    public bool IsOwn(RevisionStamp stamp) => _own.Contains(stamp);

    /// <summary>The last write to a document that was not taken over.</summary>
    /// <param name="now">Its revision.</param>
    public RevisionStamp LatestOf(ulong wireId, string key, RevisionStamp now)
    {
        var known = _latest.GetValueOrDefault((wireId, key));
        if (IsOwn(now) || now <= known)
            return known;
        return _latest[(wireId, key)] = now;
    }
}
