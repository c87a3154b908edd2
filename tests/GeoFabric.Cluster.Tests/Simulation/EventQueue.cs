namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Virtual time: what is due happens in the order of its time, and of its scheduling when times are equal.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long Ticks, long Number)> _events = new();
    private long _number;

    /// <summary>True time since the run began; regions do not know it.</summary>
    public TimeSpan Now { get; private set; }

    public long Executed { get; private set; }

    public void At(TimeSpan time, Action action) => _events.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _number++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs everything due until a time, or until there is nothing left.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var due) && due.Ticks <= end.Ticks)
        {
            var action = _events.Dequeue();
            Now = new TimeSpan(due.Ticks);
            Executed++;
            action();
        }
        Now = end;
    }
}
