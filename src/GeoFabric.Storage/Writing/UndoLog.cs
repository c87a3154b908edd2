using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Storage.Writing;

/// <summary>What an engine does to take a write back. Neither call may record itself in the log again.</summary>
internal interface IUndoTarget
{
    void PutBack(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    void Remove(ReadOnlySpan<byte> key);
}

/// <summary>The writes of one work with what they replaced; replayed backward it returns to any earlier state of the work.</summary>
/// <remarks>For engines without cheap nested transactions. Keys are copied; previous values must not move until the work ends.</remarks>
internal sealed unsafe class UndoLog(WorkArena arena)
{
    private const int Absent = -1;

    private readonly record struct Write(nint Key, int KeyLength, nint Previous, int PreviousLength);

    private readonly List<Write> _writes = [];

    /// <summary>The present state, as the number of writes that led to it.</summary>
    public int Position => _writes.Count;

    public void RecordInsert(ReadOnlySpan<byte> key) => _writes.Add(new Write(AddressOf(arena.Keep(key)), key.Length, 0, Absent));

    /// <param name="unmovingPrevious">The replaced or deleted value, in memory that stays as it is until the work ends.</param>
    public void RecordReplacement(ReadOnlySpan<byte> key, ReadOnlySpan<byte> unmovingPrevious) =>
        _writes.Add(new Write(AddressOf(arena.Keep(key)), key.Length, AddressOf(unmovingPrevious), unmovingPrevious.Length));

    /// <summary>Takes back every write after <paramref name="position"/>, the latest first.</summary>
    public void Return(int position, IUndoTarget target)
    {
        for (var index = _writes.Count - 1; index >= position; index--)
        {
            var write = _writes[index];
            var key = new ReadOnlySpan<byte>((void*)write.Key, write.KeyLength);
            if (write.PreviousLength == Absent)
                target.Remove(key);
            else
                target.PutBack(key, new ReadOnlySpan<byte>((void*)write.Previous, write.PreviousLength));
            _writes.RemoveAt(index);
        }
    }

    public void Clear() => _writes.Clear();

    private static nint AddressOf(ReadOnlySpan<byte> unmoving) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(unmoving));
}
