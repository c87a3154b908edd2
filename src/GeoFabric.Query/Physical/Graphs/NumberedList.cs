using System.Buffers;
using System.Runtime.CompilerServices;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Something for each number an <see cref="IdTable"/> gave out; what was not set yet is the type's default.</summary>
internal sealed class NumberedList<T>(MemoryShare memory) : IDisposable
{
    private T[] _items = [];

    public ref T this[int number]
    {
        get
        {
            if (number >= _items.Length)
                Grow(number);
            return ref _items[number];
        }
    }

    /// <summary>Whether this number, or a greater one, was ever asked for; if not, its item is the default and costs no memory.</summary>
    public bool Reaches(int number) => number < _items.Length;

    public void Dispose()
    {
        if (_items.Length > 0)
            ArrayPool<T>.Shared.Return(_items, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        _items = [];
    }

    private void Grow(int number)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(64, Math.Max(number + 1, 2 * _items.Length)));
        memory.Reserve((long)(larger.Length - _items.Length) * Unsafe.SizeOf<T>());
        _items.CopyTo(larger, 0);
        larger.AsSpan(_items.Length).Clear();
        var used = _items;
        _items = larger;
        if (used.Length > 0)
            ArrayPool<T>.Shared.Return(used, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
    }
}
