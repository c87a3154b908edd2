using System.Runtime.InteropServices;

namespace GeoFabric.Storage.Writing;

/// <summary>Unmoving memory that lives as long as one work: copies of what the engine's own pages cannot keep still.</summary>
internal sealed unsafe class WorkArena : IDisposable
{
    private const int ChunkSizeBytes = 64 * 1024;

    private readonly byte* _firstChunk = (byte*)NativeMemory.Alloc(ChunkSizeBytes);
    private readonly List<nint> _moreChunks = [];
    private byte* _next;
    private byte* _end;
    private bool _isDisposed;

    public WorkArena() => Clear();

    public ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _end - _next)
            return KeepInNewChunk(bytes);
        var kept = new Span<byte>(_next, bytes.Length);
        bytes.CopyTo(kept);
        _next += bytes.Length;
        return kept;
    }

    /// <summary>Forgets everything; the first chunk stays for the next work.</summary>
    public void Clear()
    {
        foreach (var chunk in _moreChunks)
            NativeMemory.Free((void*)chunk);
        _moreChunks.Clear();
        _next = _firstChunk;
        _end = _firstChunk + ChunkSizeBytes;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Clear();
        NativeMemory.Free(_firstChunk);
    }

    private Span<byte> KeepInNewChunk(ReadOnlySpan<byte> bytes)
    {
        // A large value gets a chunk of its own, so that the space left in the present one is not given up for it.
        var isLarge = bytes.Length > ChunkSizeBytes / 4;
        var sizeBytes = isLarge ? bytes.Length : ChunkSizeBytes;
        var chunk = (byte*)NativeMemory.Alloc((nuint)sizeBytes);
        _moreChunks.Add((nint)chunk);
        if (!isLarge)
        {
            _next = chunk + bytes.Length;
            _end = chunk + sizeBytes;
        }
        var kept = new Span<byte>(chunk, bytes.Length);
        bytes.CopyTo(kept);
        return kept;
    }
}
