using System.Diagnostics;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>Counts open snapshots, bounds them, and holds new ones back for the moment in which the map is replaced.</summary>
internal sealed class ReaderGate(int snapshotsMax, TimeSpan wait)
{
    private const int Paused = int.MinValue;
    private const int CountMask = int.MaxValue;

    private readonly object _monitor = new();

    /// <summary>The number of open snapshots, with the sign bit set while the gate is paused.</summary>
    private int _state;
    private int _waiting;

    public int Count => Volatile.Read(ref _state) & CountMask;

    /// <exception cref="GeoFabricException">1303 when no slot became free in time.</exception>
    public void Enter()
    {
        if (!TryEnter())
            EnterSlowly();
    }

    public void Exit()
    {
        Interlocked.Decrement(ref _state);
        if (Volatile.Read(ref _waiting) != 0)
            WakeAll();
    }

    /// <summary>Holds new snapshots back and waits for the open ones to end.</summary>
    /// <returns>False when some are still open at the end of <paramref name="patience"/>; the gate is open again then.</returns>
    public bool TryPause(TimeSpan patience)
    {
        Interlocked.Or(ref _state, Paused);
        if (Count == 0 || WaitForNone(patience))
            return true;
        Resume();
        return false;
    }

    public void Resume()
    {
        Interlocked.And(ref _state, CountMask);
        WakeAll();
    }

    /// <summary>Waits until no snapshot is open, without holding new ones back.</summary>
    public bool WaitForNone(TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        lock (_monitor)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                while (Count != 0)
                {
                    var left = patience - Stopwatch.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero || !Monitor.Wait(_monitor, left))
                        return Count == 0;
                }
                return true;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if ((uint)state >= (uint)snapshotsMax)
                return false;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
                return true;
        }
    }

    private void EnterSlowly()
    {
        var start = Stopwatch.GetTimestamp();
        lock (_monitor)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                while (!TryEnter())
                {
                    var left = wait - Stopwatch.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero || !Monitor.Wait(_monitor, left))
                        throw ErrorCodes.ReadersExhausted.With($"{Count} of {snapshotsMax} snapshots are open and none ended within {wait.TotalSeconds:0.###} s");
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private void WakeAll()
    {
        lock (_monitor)
            Monitor.PulseAll(_monitor);
    }
}
