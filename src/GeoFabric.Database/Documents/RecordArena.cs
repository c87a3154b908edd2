namespace GeoFabric.Database.Documents;

/// <summary>Unmoving memory for the records one transaction builds; values point into it until the transaction ends. Reused by the writer.</summary>
internal sealed class RecordArena
{
    private const int ChunkSize = 256 << 10;

    private readonly byte[] _first = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
    private readonly List<byte[]> _more = [];
    private byte[] _chunk;
    private int _used;

    public RecordArena() => _chunk = _first;

    public Span<byte> Allocate(int size)
    {
        if (size > _chunk.Length - _used)
        {
            // A record larger than a chunk gets one of its own, and the rest of the present one stays in use.
            if (size > ChunkSize)
            {
                var own = GC.AllocateUninitializedArray<byte>(size, pinned: true);
                _more.Add(own);
                return own;
            }
            _chunk = GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
            _more.Add(_chunk);
            _used = 0;
        }
        var memory = _chunk.AsSpan(_used, size);
        _used += size;
        return memory;
    }

    public void Reset()
    {
        _more.Clear();
        _chunk = _first;
        _used = 0;
    }
}
