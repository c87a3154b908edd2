using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace GeoFabric.Server.Sockets;

/// <summary>Accepts connections that one poller waits for.</summary>
internal sealed class PolledListener : IConnectionListener
{
    private static readonly TimeSpan s_untilSomeAreClosed = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly MemoryPool<byte> _memory;
    private readonly long _connectionsMax;
    private long _connections;

    /// <param name="socket">One that listens, which this disposes.</param>
    /// <param name="connectionsMax">
    /// Connections open at once. What is more is closed here, before the next one is accepted: closed later, by whoever would have served it, a burst of them
    /// takes all files that the process may open.
    /// </param>
    public PolledListener(Socket socket, MemoryPool<byte> memory, long connectionsMax)
    {
        _connectionsMax = connectionsMax;
        _socket = socket;
        _memory = memory;
        EndPoint = socket.LocalEndPoint!;
        Poller = new SocketPoller($"sockets of {EndPoint}");
    }

    public EndPoint EndPoint { get; }

    public SocketPoller Poller { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                if (Interlocked.Read(ref _connections) >= _connectionsMax)
                {
                    accepted.Dispose();
                    continue;
                }
                var connection = new PolledConnection(accepted, Poller, _memory) { Closed = () => Interlocked.Decrement(ref _connections) };
                connection.Start();
                Interlocked.Increment(ref _connections);
                return connection;
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException error) when (accepted is not null || error.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Gone before it was accepted; others wait.
                accepted?.Dispose();
            }
            catch (Exception error) when (error is SocketException or IOException)
            {
                // No descriptor or no memory is left. Others will close theirs; a listener that gives up never takes anybody again.
                accepted?.Dispose();
                await Task.Delay(s_untilSomeAreClosed, TimeProvider.System, cancellationToken);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        Poller.Dispose();
        _memory.Dispose();
        return ValueTask.CompletedTask;
    }
}
