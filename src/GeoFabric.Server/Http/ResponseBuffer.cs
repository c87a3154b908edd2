using System.Buffers;

namespace GeoFabric.Server.Http;

/// <summary>One buffer per thread for putting an answer together, so that its length is known before it is sent.</summary>
/// <remarks>Get, fill and send it without an await in between.</remarks>
internal static class ResponseBuffer
{
    private const int KeptBytesMax = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    public static ArrayBufferWriter<byte> Get()
    {
        var buffer = t_buffer;
        if (buffer is null || buffer.Capacity > KeptBytesMax)
            return t_buffer = new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        return buffer;
    }
}
