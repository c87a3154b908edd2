using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Storage;

/// <summary>Keys to look up together, packed into one buffer, and the values found, as windows onto the reader's memory.</summary>
/// <remarks>Reuse it after <see cref="Clear"/>. Values live as long as the reader that filled them in.</remarks>
public sealed unsafe class KeyBatch
{
    private byte[] _keys = new byte[1024];
    private readonly List<(int Offset, int Length)> _windows = [];
    private readonly List<(nint Address, int Length)> _values = [];

    public int Count => _windows.Count;

    public void Clear()
    {
        _windows.Clear();
        _values.Clear();
    }

    public void Add(ReadOnlySpan<byte> key)
    {
        var offset = _windows.Count == 0 ? 0 : _windows[^1].Offset + _windows[^1].Length;
        if (offset + key.Length > _keys.Length)
            Array.Resize(ref _keys, Math.Max(offset + key.Length, 2 * _keys.Length));
        key.CopyTo(_keys.AsSpan(offset));
        _windows.Add((offset, key.Length));
        _values.Add((0, -1));
    }

    public ReadOnlySpan<byte> KeyAt(int index) => _keys.AsSpan(_windows[index].Offset, _windows[index].Length);

    public bool TryGetValue(int index, out ReadOnlySpan<byte> value)
    {
        var (address, length) = _values[index];
        value = length < 0 ? default : new ReadOnlySpan<byte>((void*)address, length);
        return length >= 0;
    }

    /// <summary>Called by the reader: files a value found for the key at <paramref name="index"/>. The memory must not move.</summary>
    public void SetValue(int index, ReadOnlySpan<byte> pinned) =>
        _values[index] = ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned)), pinned.Length);
}
