using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace GeoFabric.Server.Sockets;

/// <summary>One connection of the web server. What it reads is handled by the thread that read it, and what it answers sent by the thread that wrote it.</summary>
internal sealed class PolledConnection : DefaultConnectionContext, IPolled, IMemoryPoolFeature
{
    /// <summary>With less room than that another block is begun.</summary>
    private const int ReceivedAtOnceMin = 2048;

    /// <summary>So much may be read ahead of the request's handler.</summary>
    private const int ReadAheadBytes = 1 << 20;

    /// <summary>So much may be written ahead of what the client takes.</summary>
    private const int WrittenAheadBytes = 64 << 10;

    /// <summary>So many pieces are sent with one call.</summary>
    private const int PiecesAtOnce = 64;

    private readonly ReadinessSignal _readable = new();
    private readonly ReadinessSignal _writable = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Socket _socket;
    private readonly SocketPoller _poller;
    private readonly Pipe _received;
    private readonly Pipe _toSend;
    private List<ArraySegment<byte>>? _pieces;
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private ulong _id;
    private volatile bool _isHungUp;
    private volatile bool _isHandling;
    private volatile Exception? _abortReason;

    /// <param name="socket">A connected one, which this disposes.</param>
    public PolledConnection(Socket socket, SocketPoller poller, MemoryPool<byte> memory)
    {
        _socket = socket;
        _poller = poller;
        MemoryPool = memory;
        socket.NoDelay = true;
        socket.Blocking = false;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
        _received = new Pipe(Options(memory, ReadAheadBytes));
        _toSend = new Pipe(Options(memory, WrittenAheadBytes));
        Transport = new Duplex(_received.Reader, _toSend.Writer);
    }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Called when the socket is closed and its descriptor free.</summary>
    public required Action Closed { get; init; }

    public void Start()
    {
        _sending = SendAsync();
        _receiving = ReceiveAsync();
        _id = _poller.Add(_socket.SafeHandle, this);
    }

    public void BecomeReady(uint events)
    {
        var isOver = (events & (EpollNative.Failed | EpollNative.HungUp | EpollNative.PeerHungUp)) != 0;
        if (isOver)
        {
            _isHungUp = true;
            Interlocked.MemoryBarrier();
            if (_isHandling)
                TellOfEnd();
        }
        if (isOver || (events & EpollNative.Writable) != 0)
            _writable.Give();
        if (isOver || (events & EpollNative.Readable) != 0)
            _readable.Give();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, abortReason, null) is not null)
            return;
        // The client is to see that something broke off, not that it ended.
        _socket.Close(timeout: 0);
        _toSend.Reader.CancelPendingRead();
        // The kernel has forgotten the socket, and who aborts is not to run what was waiting for it.
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.BecomeReady(EpollNative.HungUp), this, preferLocal: false);
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending;
        await _receiving;
        _poller.Remove(_id);
        _socket.Dispose();
        Closed();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    // Both ends go on where the other one is: no thread is woken between reading, handling and sending.
    private static PipeOptions Options(MemoryPool<byte> memory, int bytesAhead) =>
        new(memory, PipeScheduler.Inline, PipeScheduler.Inline, bytesAhead, bytesAhead / 2, useSynchronizationContext: false);

    private async Task ReceiveAsync()
    {
        Exception? failure = null;
        try
        {
            do
            {
                await _readable.WaitAsync();
            }
            while (await ReceiveAvailableAsync());
        }
        catch (SocketException error)
        {
            failure = error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown
                ? new ConnectionResetException(error.Message, error)
                : new ConnectionAbortedException(error.Message, error);
        }
        catch (ObjectDisposedException error)
        {
            failure = _abortReason ?? new ConnectionAbortedException(error.Message, error);
        }
        await _received.Writer.CompleteAsync(_abortReason ?? failure);
        await _closed.CancelAsync();
    }

    /// <returns>False at the end.</returns>
    private async ValueTask<bool> ReceiveAvailableAsync()
    {
        while (true)
        {
            var memory = _received.Writer.GetMemory(ReceivedAtOnceMin);
            var count = _socket.Receive(memory.Span, SocketFlags.None, out var status);
            if (status == SocketError.WouldBlock)
                return true;
            if (status != SocketError.Success)
                throw new SocketException((int)status);
            if (count == 0)
                return false;
            // What fills less than the room was all: more makes the kernel say so, but for an end, which it may have said already.
            var isAll = count < memory.Length && !_isHungUp;
            _received.Writer.Advance(count);
            _isHandling = true;
            Interlocked.MemoryBarrier();
            var flush = await _received.Writer.FlushAsync();
            _isHandling = false;
            if (flush.IsCompleted || flush.IsCanceled)
                return false;
            if (isAll)
                return true;
        }
    }

    /// <summary>
    /// Says that the client has gone, or that this side has given up, while the thread that would read the end is at work for it. With something left to
    /// read the client may only have said that it sends no more. An end that comes just as the work begins is missed, and found behind it.
    /// </summary>
    private void TellOfEnd()
    {
        try
        {
            Span<byte> next = stackalloc byte[1];
            if (_abortReason is null && (_socket.Receive(next, SocketFlags.Peek, out var status) > 0 || status == SocketError.WouldBlock))
                return;
            _ = _closed.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Nobody works for it any more.
        }
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var written = await _toSend.Reader.ReadAsync();
                if (written.IsCanceled)
                    break;
                var rest = written.Buffer;
                while (!rest.IsEmpty)
                {
                    var count = Send(rest, out var status);
                    if (status == SocketError.WouldBlock)
                        await _writable.WaitAsync();
                    else if (status != SocketError.Success)
                        throw new SocketException((int)status);
                    else
                        rest = rest.Slice(count);
                }
                _toSend.Reader.AdvanceTo(written.Buffer.End);
                if (written.IsCompleted)
                    break;
            }
            if (_abortReason is null)
                _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            failure = error;
        }
        // Who writes is told that nobody reads any more; why comes with the end of what is received.
        await _toSend.Reader.CompleteAsync();
        // A receiver whose bytes nobody takes any more would wait for good.
        _received.Writer.CancelPendingFlush();
        if (failure is not null)
            Abort(new ConnectionAbortedException("the client cannot be sent to", failure));
    }

    private int Send(in ReadOnlySequence<byte> bytes, out SocketError status)
    {
        if (bytes.IsSingleSegment)
            return _socket.Send(bytes.FirstSpan, SocketFlags.None, out status);
        var pieces = _pieces ??= [];
        pieces.Clear();
        foreach (var piece in bytes)
        {
            // The server's pools give memory with arrays behind it.
            if (pieces.Count == PiecesAtOnce || !MemoryMarshal.TryGetArray(piece, out var segment))
                break;
            pieces.Add(segment);
        }
        return pieces.Count == 0 ? _socket.Send(bytes.FirstSpan, SocketFlags.None, out status) : _socket.Send(pieces, SocketFlags.None, out status);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
