using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace GeoFabric.Server.Sockets;

/// <summary>
/// Waits for sockets, on as many threads as there are processors, each of which goes on with what it waited for: the kernel wakes one of them for an event,
/// and no thread hands it to another.
/// </summary>
/// <remarks>
/// What runs on these threads may take long. When none of them has come back to wait for the length of a tick, the watchman sends for a spare thread, which
/// leaves when it is not needed any more. So no work holds up others for longer than two ticks, and bursts of short work wake no more threads than can run.
/// </remarks>
internal sealed class SocketPoller : IDisposable
{
    /// <summary>Shorter ones cost processor time under load, longer ones are felt by requests that come while all threads are at long work.</summary>
    private const int TickMilliseconds = 2;

    /// <summary>The watchman lies down after that many ticks in which threads were to spare.</summary>
    private const int QuietTicks = 50;

    /// <summary>A spare thread that nobody has used for so long leaves.</summary>
    private const int SpareMilliseconds = 5_000;

    /// <summary>With so many at work there is no processor for another one; what comes waits for one of them.</summary>
    private const int ThreadsMax = 1_000;

    private const ulong StopId = 0;

    private static readonly int s_lasting = Environment.ProcessorCount;

    private readonly ConcurrentDictionary<ulong, IPolled> _polled = new();
    private readonly AutoResetEvent _called = new(initialState: false);
    private readonly Lock _changing = new();
    private readonly HashSet<Thread> _threads = [];
    private readonly string _name;
    private readonly int _epoll = EpollNative.Create();
    private ulong _lastId = StopId;
    private int _waiting;
    private int _taken;
    private bool _isWatched;
    private bool _isStopping;

    /// <param name="name">What its threads are called.</param>
    public SocketPoller(string name)
    {
        _name = name;
        Start(Watch);
        for (var thread = 0; thread < s_lasting; thread++)
            Start(() => Poll(isSpare: false));
    }

    /// <summary>How many threads wait or work, without the watchman.</summary>
    public int Threads
    {
        get
        {
            lock (_changing)
                return _threads.Count - 1;
        }
    }

    /// <summary>Calls it whenever the socket has become readable or writable, on any thread and on several at once, until the socket is closed.</summary>
    /// <returns>What <see cref="Remove"/> takes.</returns>
    public ulong Add(SafeHandle socket, IPolled polled)
    {
        var id = Interlocked.Increment(ref _lastId);
        _polled[id] = polled;
        EpollNative.Watch(_epoll, socket, EpollNative.Readable | EpollNative.Writable | EpollNative.PeerHungUp | EpollNative.Edges, id);
        return id;
    }

    /// <summary>The kernel forgets a socket by itself when it is closed.</summary>
    public void Remove(ulong id) => _polled.TryRemove(id, out _);

    public void Dispose()
    {
        lock (_changing)
            _isStopping = true;
        // Without edges: each thread finds it, and leaves it for the next.
        var stop = EpollNative.CreateReadable();
        EpollNative.Watch(_epoll, stop, EpollNative.Readable, StopId);
        _called.Set();
        while (TryFindOther() is { } thread)
            thread.Join();
        EpollNative.Close(stop);
        EpollNative.Close(_epoll);
        _called.Dispose();
    }

    /// <summary>One that still runs; not the caller's own, which may be one of them.</summary>
    private Thread? TryFindOther()
    {
        lock (_changing)
            return _threads.FirstOrDefault(thread => thread != Thread.CurrentThread);
    }

    private void Start(Action work)
    {
        lock (_changing)
        {
            if (_isStopping || _threads.Count > ThreadsMax)
                return;
            var thread = new Thread(() => RunAndLeave(work)) { IsBackground = true, Name = _name };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void RunAndLeave(Action work)
    {
        work();
        lock (_changing)
            _threads.Remove(Thread.CurrentThread);
    }

    private void Poll(bool isSpare)
    {
        // One at a time: others that are ready are for threads that have nothing to do.
        Span<byte> events = stackalloc byte[EpollNative.EventSize];
        // The thread that disposed comes back to find everything closed.
        while (!Volatile.Read(ref _isStopping))
        {
            if (Interlocked.Increment(ref _waiting) > s_lasting && isSpare)
            {
                Interlocked.Decrement(ref _waiting);
                return;
            }
            var count = EpollNative.Wait(_epoll, events, isSpare ? SpareMilliseconds : -1);
            var left = Interlocked.Decrement(ref _waiting);
            if (count == 0)
            {
                if (isSpare)
                    return;
                continue;
            }
            // Increments may be lost: what counts is that it changes.
            _taken++;
            if (left == 0 && !Volatile.Read(ref _isWatched))
                _called.Set();
            var (what, id) = EpollNative.Read(events, 0);
            if (id == StopId)
                return;
            if (_polled.TryGetValue(id, out var polled))
                polled.BecomeReady(what);
        }
    }

    private void Watch()
    {
        while (!Volatile.Read(ref _isStopping))
        {
            _called.WaitOne();
            Volatile.Write(ref _isWatched, true);
            var taken = _taken;
            for (var quiet = 0; quiet < QuietTicks && !Volatile.Read(ref _isStopping); quiet++)
            {
                Thread.Sleep(TickMilliseconds);
                if (Volatile.Read(ref _waiting) == 0)
                {
                    quiet = -1;
                    if (taken == _taken)
                        Start(() => Poll(isSpare: true));
                }
                taken = _taken;
            }
            Volatile.Write(ref _isWatched, false);
            Interlocked.MemoryBarrier();
            // The last thread may have gone to work just before, and have seen that somebody watches.
            if (Volatile.Read(ref _waiting) == 0)
                _called.Set();
        }
    }
}
