using System.Buffers;
using System.Runtime.InteropServices;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Gives each distinct byte string a small number, in the order they come: so a walk marks and compares vertices by number.</summary>
/// <remarks>Open addressing over pooled arrays; the bytes lie in blocks that do not move, so spans handed out live as long as the table.</remarks>
internal sealed class IdTable(MemoryShare memory) : IDisposable
{
    private const int BlockSize = 1 << 15;

    private readonly List<byte[]> _blocks = [];
    private int[] _slots = [];
    private Entry[] _entries = [];
    private int _mask = -1;
    private int _usedOfBlock = BlockSize;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int id]
    {
        get
        {
            ref readonly var entry = ref _entries[id];
            return _blocks[entry.Block].AsSpan(entry.Offset, entry.Length);
        }
    }

    /// <summary>The number of a string, a new one when it has none yet.</summary>
    public int Intern(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)XxHash64.Hash(bytes);
        if (Count > _mask >> 1)
            Grow();
        for (var slot = (int)(hash & (uint)_mask); ; slot = (slot + 1) & _mask)
        {
            var id = _slots[slot] - 1;
            if (id < 0)
            {
                _slots[slot] = Count + 1;
                Add(bytes, hash);
                return Count++;
            }
            if (_entries[id].Hash == hash && this[id].SequenceEqual(bytes))
                return id;
        }
    }

    public void Dispose()
    {
        Return(ref _slots);
        Return(ref _entries);
        _blocks.ForEach(block => ArrayPool<byte>.Shared.Return(block));
        _blocks.Clear();
        _mask = -1;
        _usedOfBlock = BlockSize;
        Count = 0;
    }

    private void Add(ReadOnlySpan<byte> bytes, uint hash)
    {
        if (_usedOfBlock + bytes.Length > BlockSize)
        {
            memory.Reserve(BlockSize);
            _blocks.Add(ArrayPool<byte>.Shared.Rent(BlockSize));
            _usedOfBlock = 0;
        }
        bytes.CopyTo(_blocks[^1].AsSpan(_usedOfBlock));
        _entries[Count] = new Entry(hash, _blocks.Count - 1, (ushort)_usedOfBlock, (ushort)bytes.Length);
        _usedOfBlock += bytes.Length;
    }

    private void Grow()
    {
        var capacity = Math.Max(64, (_mask + 1) * 2);
        memory.Reserve((capacity - (_mask + 1)) * (sizeof(int) + (Marshal.SizeOf<Entry>() / 2)));
        var entries = ArrayPool<Entry>.Shared.Rent((capacity / 2) + 1);
        _entries.AsSpan(0, Count).CopyTo(entries);
        Return(ref _entries);
        _entries = entries;
        Return(ref _slots);
        _slots = ArrayPool<int>.Shared.Rent(capacity);
        _slots.AsSpan(0, capacity).Clear();
        _mask = capacity - 1;
        for (var id = 0; id < Count; id++)
        {
            var slot = (int)(_entries[id].Hash & (uint)_mask);
            while (_slots[slot] != 0)
                slot = (slot + 1) & _mask;
            _slots[slot] = id + 1;
        }
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
        array = [];
    }

    private readonly record struct Entry(uint Hash, int Block, ushort Offset, ushort Length);
}
