using Microsoft.AspNetCore.Connections;

namespace GeoFabric.Server.Metrics;

/// <summary>Counts the connections that are open. Thread-safe.</summary>
internal sealed class ConnectionCount
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Puts the count around the handling of each connection.</summary>
    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _count);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    };
}
