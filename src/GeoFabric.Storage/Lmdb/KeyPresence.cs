using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Storage.Lmdb;

/// <summary>
/// Remembers keys that snapshots have found, so that asking for them again costs one line of memory instead of a way through the tree: a walk over
/// edges asks of every vertex whether it is there.
/// </summary>
/// <remarks>
/// One slot for each value of some bits of the hash; whoever comes last has it. A slot says that its key was there at one commit; it holds for that
/// commit and later ones until the writer deletes the key. The writer notes deletions before they are committed, in the slot of the deleted key
/// whoever has it: a snapshot older than the deletion, which still finds the key, must not bring it back. Thread-safe: slots are read without a lock
/// and read again when they were written meanwhile.
/// </remarks>
internal sealed class KeyPresence
{
    /// <summary>Of 64 bytes each: 16 MB of addresses, of which pages take memory that a key falls into. Room for the vertices of a graph of 100,000.</summary>
    private const int SlotCount = 1 << 18;

    private const int KeyLengthMax = 40;

    private readonly Lock _opening = new();
    private Slot[]? _slots;

    /// <summary>The commit of the last deletion that there was no table to note it in; what older ones show may be gone since.</summary>
    private long _missed;

    private long _since = long.MaxValue;

    /// <summary>Whether the key is known to be there at a commit; false says nothing.</summary>
    public bool Knows(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax || Volatile.Read(ref _slots) is not { } slots)
            return false;
        ref var slot = ref slots[IndexOf(key)];
        var version = Volatile.Read(ref slot.Version);
        var isKnown = (version & 1) == 0 && slot.FoundAt <= commit && slot.KeyLength == key.Length && slot.KeyStart(key.Length).SequenceEqual(key);
        Volatile.ReadBarrier();
        return isKnown && slot.Version == version;
    }

    /// <summary>A snapshot of a commit has found the key.</summary>
    public void Remember(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax)
            return;
        var slots = Volatile.Read(ref _slots) ?? Open();
        if (commit < Volatile.Read(ref _since))
            return;
        ref var slot = ref slots[IndexOf(key)];
        // Whoever cannot have the slot at once goes without: the next one who asks remembers.
        if (!slot.TryTake(out var version))
            return;
        if (commit >= slot.DeletedAt)
        {
            slot.FoundAt = commit;
            slot.KeyLength = (byte)key.Length;
            key.CopyTo(slot.KeyStart(key.Length));
        }
        slot.Leave(version);
    }

    /// <summary>The writer has deleted the key; the coming commit, of this number, may show it.</summary>
    public void Forget(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax)
            return;
        if (Volatile.Read(ref _slots) is not { } slots)
        {
            Volatile.Write(ref _missed, commit);
            Interlocked.MemoryBarrier();
            // Whoever makes the table now sees that a deletion was missed, or is seen here.
            if (Volatile.Read(ref _slots) is not { } made)
                return;
            slots = made;
        }
        ref var slot = ref slots[IndexOf(key)];
        var spin = default(SpinWait);
        int version;
        while (!slot.TryTake(out version))
            spin.SpinOnce();
        slot.DeletedAt = commit;
        if (slot.KeyLength == key.Length && slot.KeyStart(key.Length).SequenceEqual(key))
            slot.KeyLength = 0;
        slot.Leave(version);
    }

    private static int IndexOf(ReadOnlySpan<byte> key) => (int)(XxHash64.Hash(key) % SlotCount);

    /// <summary>Makes the table at the first use.</summary>
    private Slot[] Open()
    {
        lock (_opening)
        {
            if (_slots is { } slots)
                return slots;
            slots = new Slot[SlotCount];
            Volatile.Write(ref _slots, slots);
            Interlocked.MemoryBarrier();
            Volatile.Write(ref _since, Volatile.Read(ref _missed));
            return slots;
        }
    }

    /// <summary>An array's first slot lies 16 bytes behind the beginning of a line of memory: one line holds all that is read of keys up to 24 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Slot
    {
        /// <summary>Odd while somebody writes.</summary>
        public int Version;
        public byte KeyLength;
        public long FoundAt;
        public long DeletedAt;
        private KeyBytes _key;

        [UnscopedRef]
        public Span<byte> KeyStart(int length) => ((Span<byte>)_key)[..length];

        public bool TryTake(out int version)
        {
            version = Volatile.Read(ref Version);
            return (version & 1) == 0 && Interlocked.CompareExchange(ref Version, version + 1, version) == version;
        }

        public void Leave(int version) => Volatile.Write(ref Version, version + 2);
    }

    [InlineArray(KeyLengthMax)]
    private struct KeyBytes
    {
        private byte _first;
    }
}
