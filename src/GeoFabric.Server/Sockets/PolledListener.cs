using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace GeoFabric.Server.Sockets;

/// <summary>Accepts connections that one poller waits for.</summary>
internal sealed class PolledListener : IConnectionListener
{
    private readonly Socket _socket;
    private readonly MemoryPool<byte> _memory;

    /// <param name="socket">One that listens, which this disposes.</param>
    public PolledListener(Socket socket, MemoryPool<byte> memory)
    {
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
                var connection = new PolledConnection(accepted, Poller, _memory);
                connection.Start();
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
