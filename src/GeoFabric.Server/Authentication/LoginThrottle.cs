using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Authentication;

/// <summary>Counts failed logins: after 10 for one name or 100 from one address within five minutes further ones answer 429.</summary>
public sealed class LoginThrottle(TimeProvider clock)
{
    private const int PerName = 10;
    private const int PerAddress = 100;
    private const int EntriesMax = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _failures = new(StringComparer.Ordinal);

    /// <exception cref="GeoFabricException">429.</exception>
    public void Check(string name, string address)
    {
        lock (_gate)
        {
            if (Count("n:" + name) >= PerName || Count("a:" + address) >= PerAddress)
                throw ErrorCodes.TooManyRequests.With($"too many failed logins; try again in {Window.TotalMinutes} minutes");
        }
    }

    public void RecordFailure(string name, string address)
    {
        lock (_gate)
        {
            if (_failures.Count > EntriesMax)
                _failures.Clear();
            Add("n:" + name);
            Add("a:" + address);
        }
    }

    private int Count(string key)
    {
        if (!_failures.TryGetValue(key, out var times))
            return 0;
        var oldest = clock.GetUtcNow() - Window;
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
}
