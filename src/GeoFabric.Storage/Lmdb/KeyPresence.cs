using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Storage.Lmdb;

/// <summary>
/// Remembers keys that snapshots have found, so that asking for them again costs a line of memory or two instead of a way through the tree: a walk over
/// edges asks of every vertex whether it is there.
/// </summary>
/// <remarks>
/// One bucket for each value of some bits of the hash; it holds the keys that came last, as many as fit. A bucket says that its keys were there at one
/// commit; it holds for that commit and later ones until the writer deletes a key. The writer notes deletions before they are committed, in the bucket of
/// the deleted key whoever is in it: a snapshot older than the deletion, which still finds the key, must not bring it back. Thread-safe: buckets are read
/// without a lock and read again when they were written meanwhile.
/// </remarks>
internal sealed class KeyPresence
{
    /// <summary>Of 128 bytes each: 16 MB of addresses, of which pages take memory that a key falls into. Room for the vertices of a graph of half a million.</summary>
    private const int BucketCount = 1 << 17;

    private const int KeyLengthMax = 40;

    /// <summary>More are on their way at once than a processor keeps track of.</summary>
    private const int SentForAtOnce = 64;

    private readonly Lock _opening = new();
    private Bucket[]? _buckets;

    /// <summary>The commit of the last deletion that there was no table to note it in; what older ones show may be gone since.</summary>
    private long _missed;

    private long _since = long.MaxValue;

    private long _remembered;
    private long _sought;

    /// <summary>Keys that snapshots asked for and that were known to be there.</summary>
    public long Remembered => Interlocked.Read(ref _remembered);

    /// <summary>Keys that they had to look for.</summary>
    public long Sought => Interlocked.Read(ref _sought);

    /// <summary>Adds what a snapshot has counted: it does so when it closes, since this line of memory would go from one processor to the other at every key.</summary>
    public void Count(long remembered, long sought)
    {
        Interlocked.Add(ref _remembered, remembered);
        Interlocked.Add(ref _sought, sought);
    }

    /// <summary>Whether the key is known to be there at a commit; false says nothing.</summary>
    public bool Knows(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax || Volatile.Read(ref _buckets) is not { } buckets)
            return false;
        return Knows(ref buckets[IndexOf(key)], key, commit);
    }

    /// <summary>The same for many keys. Their buckets are sent for first: several are under way at the same time, where one takes 0.1 µs.</summary>
    public unsafe void Knows(KeyBatch keys, long commit, Span<bool> areKnown)
    {
        areKnown[..keys.Count].Clear();
        if (Volatile.Read(ref _buckets) is not { } buckets)
            return;
        Span<int> places = stackalloc int[SentForAtOnce];
        for (var first = 0; first < keys.Count; first += SentForAtOnce)
        {
            var count = Math.Min(SentForAtOnce, keys.Count - first);
            for (var i = 0; i < count; i++)
            {
                places[i] = IndexOf(keys.KeyAt(first + i));
                if (Sse.IsSupported)
                    Sse.Prefetch0(Unsafe.AsPointer(ref buckets[places[i]]));
            }
            for (var i = 0; i < count; i++)
            {
                var key = keys.KeyAt(first + i);
                areKnown[first + i] = key.Length <= KeyLengthMax && Knows(ref buckets[places[i]], key, commit);
            }
        }
    }

    /// <summary>A snapshot of a commit has found the key.</summary>
    public void Remember(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax)
            return;
        var buckets = Volatile.Read(ref _buckets) ?? Open();
        if (commit < Volatile.Read(ref _since))
            return;
        ref var bucket = ref buckets[IndexOf(key)];
        // Whoever cannot have the bucket at once goes without: the next one who asks remembers.
        if (!bucket.TryTake(out var version))
            return;
        if (commit >= bucket.DeletedAt)
        {
            // Keys found earlier are there at this commit too; snapshots between the two find them in the tree.
            bucket.FoundAt = Math.Max(bucket.FoundAt, commit);
            if (bucket.Find(key) < 0)
                bucket.PutFirst(key);
        }
        bucket.Leave(version);
    }

    /// <summary>The writer has deleted the key; the coming commit, of this number, may show it.</summary>
    public void Forget(ReadOnlySpan<byte> key, long commit)
    {
        if (key.Length > KeyLengthMax)
            return;
        if (Volatile.Read(ref _buckets) is not { } buckets)
        {
            Volatile.Write(ref _missed, commit);
            Interlocked.MemoryBarrier();
            // Whoever makes the table now sees that a deletion was missed, or is seen here.
            if (Volatile.Read(ref _buckets) is not { } made)
                return;
            buckets = made;
        }
        ref var bucket = ref buckets[IndexOf(key)];
        var spin = default(SpinWait);
        int version;
        while (!bucket.TryTake(out version))
            spin.SpinOnce();
        bucket.DeletedAt = commit;
        if (bucket.Find(key) is >= 0 and var at)
            bucket.RemoveAt(at);
        bucket.Leave(version);
    }

    private static bool Knows(ref Bucket bucket, ReadOnlySpan<byte> key, long commit)
    {
        var version = Volatile.Read(ref bucket.Version);
        var isKnown = (version & 1) == 0 && bucket.FoundAt <= commit && bucket.Find(key) >= 0;
        Volatile.ReadBarrier();
        return isKnown && bucket.Version == version;
    }

    private static int IndexOf(ReadOnlySpan<byte> key) => (int)(XxHash64.Hash(key) % BucketCount);

    /// <summary>Makes the table at the first use.</summary>
    private Bucket[] Open()
    {
        lock (_opening)
        {
            if (_buckets is { } buckets)
                return buckets;
            buckets = new Bucket[BucketCount];
            Volatile.Write(ref _buckets, buckets);
            Interlocked.MemoryBarrier();
            Volatile.Write(ref _since, Volatile.Read(ref _missed));
            return buckets;
        }
    }

    /// <summary>Keys one behind the other, the last one to come first, each behind its length; a length of 0 ends them.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Bucket
    {
        /// <summary>Odd while somebody writes.</summary>
        public int Version;
        public long FoundAt;
        public long DeletedAt;
        private KeyBytes _keys;

        [UnscopedRef]
        private Span<byte> Keys => _keys;

        /// <summary>Where the key lies; -1 when it is not here. Safe, though without meaning, while somebody writes.</summary>
        public int Find(ReadOnlySpan<byte> key)
        {
            Span<byte> keys = Keys;
            for (var at = 0; at < keys.Length && keys[at] is > 0 and var length && length < keys.Length - at; at += 1 + length)
            {
                if (length == key.Length && keys.Slice(at + 1, length).SequenceEqual(key))
                    return at;
            }
            return -1;
        }

        public void PutFirst(ReadOnlySpan<byte> key)
        {
            Span<byte> keys = Keys;
            var size = 1 + key.Length;
            // Those at the end that no longer fit go.
            var kept = 0;
            while (kept < keys.Length && keys[kept] > 0 && kept + 1 + keys[kept] + size <= keys.Length)
                kept += 1 + keys[kept];
            keys[..kept].CopyTo(keys[size..]);
            keys[0] = (byte)key.Length;
            key.CopyTo(keys[1..]);
            keys[(kept + size)..].Clear();
        }

        public void RemoveAt(int at)
        {
            Span<byte> keys = Keys;
            var size = 1 + keys[at];
            keys[(at + size)..].CopyTo(keys[at..]);
            keys[^size..].Clear();
        }

        public bool TryTake(out int version)
        {
            version = Volatile.Read(ref Version);
            return (version & 1) == 0 && Interlocked.CompareExchange(ref Version, version + 1, version) == version;
        }

        public void Leave(int version) => Volatile.Write(ref Version, version + 2);
    }

    [InlineArray(128 - (3 * sizeof(long)))]
    private struct KeyBytes
    {
        private byte _first;
    }
}
