using System.Threading.Tasks.Sources;

namespace GeoFabric.Server.Sockets;

/// <summary>
/// Lets one waiter sleep until a socket is ready. A signal that nobody waits for is kept, and several count as one: who has waited tries again, so a signal
/// too many does no harm. Who gives the signal runs what was waiting.
/// </summary>
internal sealed class ReadinessSignal : IValueTaskSource
{
    private const int Quiet = 0;
    private const int Given = 1;
    private const int Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <summary>Waits for a signal given since the last wait. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Quiet) == Quiet)
            return new ValueTask(this, _source.Version);
        Volatile.Write(ref _state, Quiet);
        return ValueTask.CompletedTask;
    }

    /// <summary>Thread-safe.</summary>
    public void Give()
    {
        // What the second exchange misses has been woken by somebody else meanwhile, after whatever this signal is about.
        if (Interlocked.CompareExchange(ref _state, Given, Quiet) == Awaited && Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited)
            _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
