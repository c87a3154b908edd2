using System.Buffers.Binary;

namespace GeoFabric.Storage.Lmdb;

/// <summary>Notices keys that come in ascending order, one close behind the other, into the middle of the tree.</summary>
/// <remarks>
/// The library splits a full page in the middle unless the new entry goes to its end, which leaves everything behind a run of ascending keys half empty.
/// Generated keys ascend, but other things follow them on the same page: what comes behind the collection, or older keys, since <c>1000010</c> comes right
/// before <c>100002</c>. So it is remembered where such runs stand, how much room their pages have, and what comes behind. What is remembered may be
/// wrong: it is looked up again before anything is done. Belongs to the writer.
/// </remarks>
internal sealed class AscendingRuns
{
    /// <summary>Runs at a time; the one that has rested longest makes room.</summary>
    private const int RunsMax = 32;

    /// <summary>Entries from which on more are expected.</summary>
    private const int LengthTrusted = 8;

    /// <summary>How many entries behind it a key may pass over and still go on its run.</summary>
    private const int PassedOverMax = 1;

    private readonly Run[] _runs = new Run[RunsMax];
    private long _now;

    /// <summary>The run that a key goes on, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var head = HeadOf(key);
        for (var i = 0; i < _runs.Length; i++)
        {
            ref readonly var run = ref _runs[i];
            if (run.LastHead <= head && head <= run.BoundHead && run.IsBetween(key))
                return i;
        }
        return -1;
    }

    /// <summary>Whether the next entry of a run may find no room on the run's page.</summary>
    public bool IsShortOfRoom(int run, int entrySize) => run >= 0 && _runs[run].Length >= LengthTrusted && _runs[run].RoomBytes < entrySize;

    /// <summary>An entry has been inserted.</summary>
    /// <param name="run">Which it goes on; -1 when it may begin one.</param>
    public void Note(int run, in LmdbLeaf leaf)
    {
        var behind = leaf.Count - 1 - leaf.Place;
        if (behind == 0)
        {
            if (run >= 0)
                _runs[run].End();
            return;
        }
        if (run < 0)
            _runs[run = FindOldest()].Length = 0;
        _runs[run].GoOn(leaf.KeyAt(leaf.Place), leaf.KeyAt(leaf.Place + Math.Min(behind, 1 + PassedOverMax)), leaf.RoomBytes, ++_now);
    }

    private int FindOldest()
    {
        var oldest = 0;
        for (var i = 1; i < _runs.Length; i++)
        {
            if (_runs[i].UsedAt < _runs[oldest].UsedAt)
                oldest = i;
        }
        return oldest;
    }

    /// <summary>The first eight bytes in the order of keys; missing ones are zeros.</summary>
    private static ulong HeadOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private struct Run
    {
        private byte[] _last;
        private byte[] _bound;
        private int _lastSize;
        private int _boundSize;

        /// <summary>Of the last key; a run that has ended has none that is at or before its bound.</summary>
        public ulong LastHead { get; private set; }

        public ulong BoundHead { get; private set; }

        public int Length { get; set; }

        public int RoomBytes { get; private set; }

        public long UsedAt { get; private set; }

        public readonly bool IsBetween(ReadOnlySpan<byte> key) =>
            Length > 0 && key.SequenceCompareTo(_last.AsSpan(0, _lastSize)) > 0 && key.SequenceCompareTo(_bound.AsSpan(0, _boundSize)) < 0;

        public void GoOn(ReadOnlySpan<byte> last, ReadOnlySpan<byte> bound, int roomBytes, long now)
        {
            last.CopyTo(_last ??= new byte[StorageKey.SizeMax]);
            bound.CopyTo(_bound ??= new byte[StorageKey.SizeMax]);
            (_lastSize, _boundSize) = (last.Length, bound.Length);
            (LastHead, BoundHead) = (HeadOf(last), HeadOf(bound));
            (RoomBytes, UsedAt) = (roomBytes, now);
            Length++;
        }

        public void End()
        {
            Length = 0;
            UsedAt = 0;
        }
    }
}
