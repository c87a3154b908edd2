using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Authentication;

/// <summary>Refuses logins of a name or from an address that failed too often of late. Thread-safe.</summary>
/// <remarks>An attempt counts as failed from its start, so a burst of parallel ones is bounded as well; success takes it back.</remarks>
internal sealed class LoginThrottle(LoginOptions options, TimeProvider clock)
{
    private const int EntriesMax = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _failures = new(StringComparer.Ordinal);

    /// <exception cref="GeoFabricException">429.</exception>
    public void Begin(string name, string address)
    {
        lock (_gate)
        {
            if (Count("n:" + name) >= options.FailuresPerName || Count("a:" + address) >= options.FailuresPerAddress)
                throw ErrorCodes.TooManyRequests.With($"too many failed logins; try again in {options.FailureWindow.TotalMinutes:0.#} minutes");
            if (_failures.Count > EntriesMax)
                DropOld();
            Add("n:" + name);
            Add("a:" + address);
        }
    }

    /// <summary>Takes an attempt back that turned out to be right.</summary>
    public void Succeed(string name, string address)
    {
        lock (_gate)
        {
            TakeBack("n:" + name);
            TakeBack("a:" + address);
        }
    }

    private int Count(string key)
    {
        if (!_failures.TryGetValue(key, out var times))
            return 0;
        var oldest = clock.GetUtcNow() - options.FailureWindow;
        while (times.Count > 0 && times.Peek() < oldest)
            times.Dequeue();
        if (times.Count == 0)
            _failures.Remove(key);
        return times.Count;
    }

    private void Add(string key)
    {
        if (!_failures.TryGetValue(key, out var times))
            _failures[key] = times = new Queue<DateTimeOffset>();
        times.Enqueue(clock.GetUtcNow());
    }

    private void TakeBack(string key)
    {
        if (_failures.TryGetValue(key, out var times) && times.TryDequeue(out _) && times.Count == 0)
            _failures.Remove(key);
    }

    private void DropOld()
    {
        foreach (var key in _failures.Keys.ToList())
            Count(key);
        // Still too many: someone makes up names from many addresses. Memory stays bounded; the addresses start anew.
        if (_failures.Count > EntriesMax)
            _failures.Clear();
    }
}
