using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace GeoFabric.Server.Sockets;

/// <summary>Gives the web server connections whose requests run on the threads that wait for them (docs/adr/0023).</summary>
internal sealed class PolledTransport(IMemoryPoolFactory<byte> memory, IOptions<KestrelServerOptions> kestrel) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int ConnectionsToAcceptMax = 512;

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.Listen(ConnectionsToAcceptMax);
        return ValueTask.FromResult<IConnectionListener>(new PolledListener(socket, memory.Create(), kestrel.Value.Limits.MaxConcurrentConnections ?? long.MaxValue));
    }
}
