using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Physical;

/// <summary>Entries of vector indexes that come out nearest first, as far as these tell without their documents.</summary>
internal sealed class NearestEntries(EvaluationContext context)
{
    /// <summary>What an entry costs beside its key, at most twice while the room grows.</summary>
    private const int BytesPerEntry = 2 * (sizeof(double) + (3 * sizeof(int)));

    private readonly List<(Entry Entry, double Order)> _entries = [];
    private PriorityQueue<Entry, double>? _queue;
    private byte[] _keys = [];
    private int _used;

    public long ReservedBytes { get; private set; }

    /// <summary>Source and key of the document of the present entry.</summary>
    public int Source { get; private set; }

    public ReadOnlySpan<byte> Key => _keys.AsSpan(_present.Offset, _present.Length);

    /// <summary>What orders the present entry.</summary>
    public double Order { get; private set; }

    private Entry _present;

    /// <param name="order">Smaller comes first.</param>
    public void Add(int source, ReadOnlySpan<byte> key, double order)
    {
        var bytes = BytesPerEntry + (2 * key.Length);
        context.ReserveMemory(bytes);
        ReservedBytes += bytes;
        if (_used + key.Length > _keys.Length)
            Array.Resize(ref _keys, Math.Max(_used + key.Length, 2 * _keys.Length));
        key.CopyTo(_keys.AsSpan(_used));
        _entries.Add((new Entry(source, _used, key.Length), order));
        _used += key.Length;
    }

    /// <summary>Moves to the next entry; no more may be added from then on.</summary>
    public bool MoveNext()
    {
        if (_queue is null)
        {
            _queue = new PriorityQueue<Entry, double>(_entries);
            _entries.Clear();
            _entries.Capacity = 0;
        }
        if (!_queue.TryDequeue(out _present, out var order))
            return false;
        Source = _present.Source;
        Order = order;
        return true;
    }

    private readonly record struct Entry(int Source, int Offset, int Length);
}
