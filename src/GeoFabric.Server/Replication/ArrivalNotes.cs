using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;
using GeoFabric.Server.Consistency;

namespace GeoFabric.Server.Replication;

/// <summary>
/// When this region committed what it wrote lately, and when the others said to have it: both by the one monotonic clock of this process, so it does not
/// matter what the clocks of other regions show, or how this one is set meanwhile. Thread-safe, bounded.
/// </summary>
internal sealed class ArrivalNotes(OriginPosition own, TimeProvider clock)
{
    private const int NotesMax = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, Trail> _trails = new() { [own.Region] = new Trail(own) };

    /// <summary>Notes how far this region's log has got at a region; itself, when it has committed.</summary>
    public void Note(ushort region, OriginPosition position)
    {
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            // What the first word of a region covers may have been there for long.
            if (!_trails.TryGetValue(region, out var trail))
                _trails[region] = new Trail(position);
            else
                trail.Add(position, now);
        }
    }

    /// <summary>Whether a region has what was written here at a timestamp.</summary>
    public Arrival Find(ushort region, HybridTimestamp written)
    {
        lock (_gate)
        {
            if (!_trails.TryGetValue(region, out var trail) || trail.Last.Timestamp < written)
                return new Arrival(false, null);
            return new Arrival(true, trail.Find(written) is { } there && _trails[own.Region].Find(written) is { } here ? clock.GetElapsedTime(Math.Min(here, there), there) : null);
        }
    }

    /// <summary>Where one region was when.</summary>
    private sealed class Trail(OriginPosition first)
    {
        private readonly Queue<(HybridTimestamp Through, long At)> _notes = new();
        private HybridTimestamp _knownAfter = first.Timestamp;

        public OriginPosition Last { get; private set; } = first;

        public void Add(OriginPosition position, long at)
        {
            // A watermark alone brings no record: the note is of when the last one came.
            if (position.Sequence <= Last.Sequence || position.Timestamp < Last.Timestamp)
                return;
            Last = position;
            _notes.Enqueue((position.Timestamp, at));
            if (_notes.Count > NotesMax)
                _knownAfter = _notes.Dequeue().Through;
        }

        public long? Find(HybridTimestamp written)
        {
            if (written <= _knownAfter)
                return null;
            foreach (var (through, at) in _notes)
            {
                if (through >= written)
                    return at;
            }
            return null;
        }
    }
}
