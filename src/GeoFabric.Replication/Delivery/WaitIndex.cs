using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Replication.Delivery;

/// <summary>Which regions' streams wait for which timestamp of which other region, so that only those are looked at again.</summary>
internal sealed class WaitIndex
{
    private readonly Dictionary<ushort, PriorityQueue<ushort, ulong>> _waiting = [];

    public void Add(ushort waiter, ChangeDependency missing)
    {
        if (!_waiting.TryGetValue(missing.Region, out var waiters))
            _waiting.Add(missing.Region, waiters = new PriorityQueue<ushort, ulong>());
        waiters.Enqueue(waiter, missing.Timestamp.Bits);
    }

    /// <summary>Moves those that waited for nothing later than this into <paramref name="woken"/>.</summary>
    public void Wake(ushort region, HybridTimestamp reached, ISet<ushort> woken)
    {
        if (!_waiting.TryGetValue(region, out var waiters))
            return;
        while (waiters.TryPeek(out var waiter, out var timestamp) && timestamp <= reached.Bits)
        {
            waiters.Dequeue();
            woken.Add(waiter);
        }
    }

    public void Clear() => _waiting.Clear();
}
