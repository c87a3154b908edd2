namespace GeoFabric.Server.Transport;

/// <summary>What a link has done since the server started.</summary>
/// <param name="LastEnd">Why it last went down or did not come up; empty when it never did.</param>
internal sealed record PeerLinkStatus(
    bool IsConnected, DateTimeOffset? ConnectedSince, long Connections, long MessagesSent, long BytesSent, long MessagesReceived, long BytesReceived,
    long BytesWaiting, string LastEnd, PeerLinkFault Fault);

/// <summary>The link to one other region: keeps one session at a time and passes on what it brings.</summary>
internal sealed class PeerLink(ushort region, string name, PeerLinkFault fault, IPeerLinkReceiver receiver, TimeProvider clock) : IPeerLink
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile PeerSession? _session;
    private volatile PeerLinkFault _fault = fault;
    private volatile string _lastEnd = "";
    private long _connectedSince;
    private long _connections;
    private long _messagesSent;
    private long _bytesSent;
    private long _messagesReceived;
    private long _bytesReceived;

    public ushort Region => region;

    public string Name => name;

    public bool IsConnected => _session is { Ended.IsCancellationRequested: false };

    /// <summary>What a demonstration does to it. Cutting takes it down at once.</summary>
    public PeerLinkFault Fault
    {
        get => _fault;
        set
        {
            _fault = value;
            // A session that comes up meanwhile is seen here, or sees the fault.
            Interlocked.MemoryBarrier();
            if (!value.AllowsLink)
                End(PeerCloseReason.Cut, "cut by a demonstration");
        }
    }

    public PeerLinkStatus Status => new(
        IsConnected,
        IsConnected ? new DateTimeOffset(Interlocked.Read(ref _connectedSince), TimeSpan.Zero) : null,
        Interlocked.Read(ref _connections),
        Interlocked.Read(ref _messagesSent),
        Interlocked.Read(ref _bytesSent),
        Interlocked.Read(ref _messagesReceived),
        Interlocked.Read(ref _bytesReceived),
        _session?.BytesWaiting ?? 0,
        _lastEnd,
        _fault);

    public bool Send(PeerLane lane, uint fabric, ReadOnlyMemory<byte> message)
    {
        if (_session is not { } session || !session.Send(lane, fabric, message, _fault.OneWayDelay))
            return false;
        Interlocked.Increment(ref _messagesSent);
        Interlocked.Add(ref _bytesSent, message.Length);
        return true;
    }

    public void Close(string why)
    {
        if (_session is { } session)
            _ = session.CloseGentlyAsync(PeerCloseReason.Requested, why);
    }

    /// <summary>Takes the link down at once.</summary>
    public void End(PeerCloseReason reason, string detail) => _session?.Close(reason, detail);

    /// <summary>Notes why an attempt failed.</summary>
    public void NoteFailure(string why) => _lastEnd = why;

    /// <summary>Makes a session the link's own, ends the one before it, and passes on what it brings until it is over.</summary>
    /// <returns>Whether it ever was up.</returns>
    public async Task<bool> RunAsync(PeerSession session)
    {
        End(PeerCloseReason.Replaced, "the peer connected anew");
        var wasUp = false;
        await _turn.WaitAsync();
        try
        {
            await session.OpenAsync(
                () =>
                {
                    _session = session;
                    Interlocked.MemoryBarrier();
                    if (!_fault.AllowsLink)
                    {
                        session.Close(PeerCloseReason.Cut, "cut by a demonstration while it came up");
                        return;
                    }
                    wasUp = true;
                    Interlocked.Exchange(ref _connectedSince, clock.GetUtcNow().UtcTicks);
                    Interlocked.Increment(ref _connections);
                    receiver.OnConnected(this);
                },
                [HandlerOf(PeerLane.Control, session), HandlerOf(PeerLane.Bulk, session)]);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            session.Close(PeerCloseReason.Broken, "the other lane did not come");
        }
        catch (Exception error)
        {
            session.Close(PeerCloseReason.ReceiverFailed, error.Message);
        }
        try
        {
            await FinishAsync(session, wasUp);
        }
        finally
        {
            _turn.Release();
        }
        return wasUp;
    }

    private async Task FinishAsync(PeerSession session, bool wasUp)
    {
        await session.WaitAsync();
        _session = null;
        var (reason, detail) = session.End;
        _lastEnd = detail.Length == 0 ? reason.ToString() : $"{reason}: {detail}";
        if (wasUp)
            receiver.OnClosed(this, reason, detail);
    }

    private PeerMessageHandler HandlerOf(PeerLane lane, PeerSession session) => async (fabric, message) =>
    {
        Interlocked.Increment(ref _messagesReceived);
        Interlocked.Add(ref _bytesReceived, message.Length);
        try
        {
            await receiver.OnMessageAsync(this, lane, fabric, message, session.Ended);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new PeerReceiverException(error);
        }
    };
}
