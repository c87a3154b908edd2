using System.Buffers;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Values;

/// <summary>A buffer whose array comes from the pool and goes back there; without <see cref="Dispose"/> it is left to the collector.</summary>
public sealed class PooledBuffer : ByteBuffer, IDisposable
{
    public PooledBuffer(int capacity = 1024) => GetSpan(capacity);

    /// <summary>Gives the array back. The buffer is empty then and may be used again.</summary>
    public void Dispose() => ReleaseAll();

    protected override byte[] Allocate(long least, long twice) => least <= Array.MaxLength
        ? ArrayPool<byte>.Shared.Rent((int)Math.Clamp(twice, least, Array.MaxLength))
        : throw ErrorCodes.ResourceLimit.With($"{least} bytes in one piece; {Array.MaxLength} are possible");

    protected override void Release(byte[] bytes) => ArrayPool<byte>.Shared.Return(bytes);
}
