using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>One buffer per thread for putting an answer together, so that its length is known before it is sent.</summary>
/// <remarks>Get, fill and send it without an await in between.</remarks>
internal static class ResponseBuffer
{
    private const int KeptBytesMax = 1 << 20;

    [ThreadStatic]
    private static PooledBuffer? t_buffer;

    public static PooledBuffer Get()
    {
        var buffer = t_buffer ??= new PooledBuffer(4096);
        if (buffer.Capacity > KeptBytesMax)
            buffer.Dispose();
        buffer.Clear();
        return buffer;
    }
}
