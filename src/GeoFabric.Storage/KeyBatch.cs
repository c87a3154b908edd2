using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Storage;

/// <summary>Keys to look up together, packed into one buffer, and the values found, as windows onto the reader's memory.</summary>
/// <remarks>Reuse it after <see cref="Clear"/>. Values live as long as the reader that filled them in.</remarks>
public sealed unsafe class KeyBatch
{
    private byte[] _keys = new byte[1024];

    /// <summary>Where each key ends; it begins where the one before ends.</summary>
    private int[] _ends = new int[32];

    /// <summary>Sizes are one greater than they are: what nothing was filed for has none.</summary>
    private (nint Address, int Size)[] _values = [];

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        if (_values.Length > 0)
            Array.Clear(_values);
    }

    public void Add(ReadOnlySpan<byte> key)
    {
        var start = StartOf(Count);
        if (start + key.Length > _keys.Length)
            Array.Resize(ref _keys, Math.Max(start + key.Length, 2 * _keys.Length));
        if (Count == _ends.Length)
            Array.Resize(ref _ends, 2 * _ends.Length);
        key.CopyTo(_keys.AsSpan(start));
        _ends[Count++] = start + key.Length;
    }

    public ReadOnlySpan<byte> KeyAt(int index)
    {
        var start = StartOf(index);
        return _keys.AsSpan(start, _ends[index] - start);
    }

    public bool TryGetValue(int index, out ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var (address, size) = index < _values.Length ? _values[index] : default;
        value = size == 0 ? default : new ReadOnlySpan<byte>((void*)address, size - 1);
        return size != 0;
    }

    /// <summary>Called by the reader: files a value found for the key at <paramref name="index"/>. The memory must not move.</summary>
    public void SetValue(int index, ReadOnlySpan<byte> pinned)
    {
        if (_values.Length < Count)
            Array.Resize(ref _values, _ends.Length);
        _values[index] = ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned)), pinned.Length + 1);
    }

    private int StartOf(int index) => index == 0 ? 0 : _ends[index - 1];
}
