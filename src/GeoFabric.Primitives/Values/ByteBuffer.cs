using System.Buffers;
using System.Runtime.CompilerServices;

namespace GeoFabric.Primitives.Values;

/// <summary>Bytes written one after another into an array that grows; where the array comes from is its heirs' to say.</summary>
/// <remarks>Not thread-safe. Room is asked for without a virtual call, which would cost more than writing a small value.</remarks>
public abstract class ByteBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = [];

    public int WrittenCount { get; private set; }

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, WrittenCount);

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, WrittenCount);

    public int Capacity => _bytes.Length;

    /// <summary>The array itself, written from its start.</summary>
    protected byte[] WrittenArray => _bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length - WrittenCount < Math.Max(sizeHint, 1))
            Enlarge(sizeHint);
        return _bytes.AsSpan(WrittenCount);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(WrittenCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => WrittenCount += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        WrittenCount += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        WrittenCount++;
    }

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => WrittenCount = 0;

    /// <summary>An array of at least <paramref name="least"/> bytes, to which what was written is copied; better one of twice the present size.</summary>
    protected abstract byte[] Allocate(long least, long twice);

    /// <summary>Takes back an array that is no longer used.</summary>
    protected abstract void Release(byte[] bytes);

    /// <summary>Leaves the buffer empty and without an array.</summary>
    protected void ReleaseAll()
    {
        var bytes = _bytes;
        _bytes = [];
        WrittenCount = 0;
        if (bytes.Length > 0)
            Release(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Enlarge(int room)
    {
        WatchedWork.DemandMemory((long)WrittenCount + room);
        var larger = Allocate((long)WrittenCount + Math.Max(room, 16), 2L * _bytes.Length);
        WrittenSpan.CopyTo(larger);
        var used = _bytes;
        _bytes = larger;
        if (used.Length > 0)
            Release(used);
    }
}
