namespace GeoFabric.Server.Transport;

/// <summary>One time that a link is up: two lanes, each with its stream in and its stream out. When one of the four ends, all of them do.</summary>
internal sealed class PeerSession : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(500);

    private readonly PeerLinkOptions _options;
    private readonly TimeProvider _clock;
    private readonly PeerSendQueue[] _queues;
    private readonly TaskCompletionSource[] _opened = [NewSource(), NewSource()];
    private readonly TaskCompletionSource<PeerMessageHandler[]> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _loops = [];
    private readonly List<IDisposable> _owned = [];
    private (PeerCloseReason Reason, string Detail)? _end;
    private bool _isOver;

    public PeerSession(string id, PeerLinkOptions options, TimeProvider clock)
    {
        Id = id;
        _options = options;
        _clock = clock;
        _queues = [new PeerSendQueue(options, clock), new PeerSendQueue(options, clock)];
        Ended = _ended.Token;
    }

    public string Id { get; }

    /// <summary>Cancelled when the session is over, before its loops have noticed.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Why it is over; broken, with no detail, as long as it is not.</summary>
    public (PeerCloseReason Reason, string Detail) End
    {
        get
        {
            lock (_gate)
                return _end ?? (PeerCloseReason.Broken, "");
        }
    }

    /// <summary>Bytes queued on both lanes.</summary>
    public long BytesWaiting => _queues.Sum(queue => queue.Bytes);

    public bool Send(PeerLane lane, uint fabric, ReadOnlyMemory<byte> message, TimeSpan delay)
    {
        if (Ended.IsCancellationRequested)
            return false;
        if (_queues[(int)lane].TryAdd(fabric, message, delay))
            return true;
        Close(PeerCloseReason.QueueFull, $"{_queues[(int)lane].Bytes} bytes wait on lane {lane}");
        return false;
    }

    /// <summary>Disposes something with the session.</summary>
    public void Own(IDisposable resource)
    {
        lock (_gate)
            _owned.Add(resource);
    }

    /// <summary>Ends the session at once. The first reason stands.</summary>
    public void Close(PeerCloseReason reason, string detail)
    {
        lock (_gate)
        {
            _end ??= (reason, detail);
            if (_isOver)
                return;
            _isOver = true;
        }
        _ended.Cancel();
    }

    /// <summary>Ends the session when what waits has left, or after a moment if the peer does not take it.</summary>
    public async Task CloseGentlyAsync(PeerCloseReason reason, string detail)
    {
        // The peer may end its side before this one does; the reason is this one all the same.
        lock (_gate)
            _end ??= (reason, detail);
        foreach (var queue in _queues)
            queue.Complete();
        var since = _clock.GetTimestamp();
        while (_queues.Any(queue => queue.Bytes > 0) && _clock.GetElapsedTime(since) < s_farewell && !Ended.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(5), _clock);
        Close(reason, detail);
    }

    /// <summary>Sends what is queued on a lane, until the session ends.</summary>
    public Task SendAllAsync(PeerLane lane, Stream stream) => RunAsync(async () => await _queues[(int)lane].WriteAllAsync(stream, Ended));

    /// <summary>Takes what comes on a lane, from when both lanes are open until the session ends.</summary>
    public Task ReceiveAllAsync(PeerLane lane, Stream stream) => RunAsync(async () =>
    {
        _opened[(int)lane].TrySetResult();
        var handlers = await _started.Task.WaitAsync(Ended);
        await new PeerFrameReader(stream).ReadAllAsync(handlers[(int)lane], Ended);
        Close(PeerCloseReason.EndedByPeer, "");
    });

    /// <summary>Waits for both lanes, then lets messages through to the handlers, one a lane.</summary>
    /// <exception cref="TimeoutException">A lane did not come in time.</exception>
    /// <exception cref="OperationCanceledException">The session is over.</exception>
    public async Task OpenAsync(Action opened, PeerMessageHandler[] handlers)
    {
        await Task.WhenAll(_opened.Select(lane => lane.Task)).WaitAsync(_options.ConnectTimeout, _clock, Ended);
        opened();
        _started.TrySetResult(handlers);
    }

    /// <summary>Waits until the session is over and nothing of it runs any more.</summary>
    public async Task WaitAsync()
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, Ended);
        }
        catch (OperationCanceledException)
        {
            // The one way this wait ends.
        }
        Task[] loops;
        lock (_gate)
            loops = [.. _loops];
        await Task.WhenAll(loops);
    }

    public async ValueTask DisposeAsync()
    {
        Close(PeerCloseReason.Stopped, "");
        await WaitAsync();
        foreach (var resource in _owned)
            resource.Dispose();
        _ended.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs a loop; whatever ends it ends the session.</summary>
    private Task RunAsync(Func<Task> loop)
    {
        var task = GuardAsync();
        lock (_gate)
            _loops.Add(task);
        return task;

        async Task GuardAsync()
        {
            // Callers hold locks, and a loop that ends at once must not end the session under them.
            await Task.Yield();
            try
            {
                await loop();
            }
            catch (PeerFrameException error)
            {
                Close(error.Reason, error.Message);
            }
            catch (PeerReceiverException error)
            {
                Close(PeerCloseReason.ReceiverFailed, error.Message);
            }
            catch (Exception error)
            {
                Close(PeerCloseReason.Broken, error.Message);
            }
        }
    }
}

/// <summary>The receiver of a message failed; the link is not to blame.</summary>
internal sealed class PeerReceiverException(Exception inner) : Exception(inner.Message, inner);
