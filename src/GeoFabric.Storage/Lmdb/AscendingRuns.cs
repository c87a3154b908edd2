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
        var head = StorageKey.HeadOf(key);
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

    /// <summary>
    /// How many of the entries behind a run belong on its page when all others leave it: as many as it will have passed over when the page is full. Where it
    /// has passed over nothing that is none.
    /// </summary>
    /// <param name="entrySize">Of the run's next entry, which stands for all of them.</param>
    /// <param name="leaf">The page; its place is that of the first entry behind the run.</param>
    public int CountStaying(int run, int entrySize, in LmdbLeaf leaf)
    {
        var steps = _runs[run];
        if (steps.PerPassed == 0)
            return 0;
        // With this one it may have passed over one already.
        var since = steps.HasPassed(leaf.KeyAt(leaf.Place - 1)) ? 0 : steps.SincePassed;
        var coming = Math.Max(1, steps.PerPassed - since) * entrySize;
        var staying = 0;
        for (var room = leaf.RoomBytes + leaf.SizeFrom(leaf.Place) - coming; leaf.Place + staying < leaf.Count - 1; staying++)
        {
            room -= leaf.EntrySizeAt(leaf.Place + staying) + (steps.PerPassed * entrySize);
            if (room < 0)
                break;
        }
        return staying;
    }

    /// <summary>An entry has been inserted.</summary>
    /// <param name="run">Which it goes on; -1 when it may begin one.</param>
    /// <returns>Whether the run has gone on to another page by passing over its first entry, and has left one behind that is nearly empty.</returns>
    public bool Note(int run, in LmdbLeaf leaf)
    {
        var behind = leaf.Count - 1 - leaf.Place;
        if (run < 0)
        {
            if (behind == 0)
                return false;
            _runs[run = FindOldest()].Begin();
        }
        var hasPassed = leaf.Place > 0 && _runs[run].HasPassed(leaf.KeyAt(leaf.Place - 1));
        // At the end of its page a run needs nothing, and what it meets behind it is not known.
        var hasLeft = _runs[run].IsOnSmallPage && hasPassed && leaf.Place == 1;
        var bound = behind > PassedOverMax ? leaf.KeyAt(leaf.Place + 1 + PassedOverMax) : default;
        _runs[run].GoOn(leaf.KeyAt(leaf.Place), bound, behind == 0 ? int.MaxValue : leaf.RoomBytes, hasPassed, ++_now);
        _runs[run].IsOnSmallPage = behind == 0 && leaf.IsSmall;
        return hasLeft;
    }

    /// <summary>The page of a run's last entry has been changed.</summary>
    public void SetRoom(int run, in LmdbLeaf leaf)
    {
        if (run >= 0)
            _runs[run].RoomBytes = leaf.RoomBytes;
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

    private struct Run
    {
        private byte[] _last;
        private byte[] _bound;
        private int _lastSize;
        private int _boundSize;

        /// <summary>Of the last key; a run that has ended has none that is at or before its bound.</summary>
        public ulong LastHead { get; private set; }

        public ulong BoundHead { get; private set; }

        public int Length { get; private set; }

        /// <summary>How many of its entries came since it last passed over another one.</summary>
        public int SincePassed { get; private set; }

        /// <summary>How many came before it did so: 10 where keys are numbers. 0 when it has not yet.</summary>
        public int PerPassed { get; private set; }

        public int RoomBytes { get; set; }

        /// <summary>Whether its last entry lies at the end of a page that is nearly empty.</summary>
        public bool IsOnSmallPage { get; set; }

        public long UsedAt { get; private set; }

        public readonly bool IsBetween(ReadOnlySpan<byte> key) =>
            Length > 0
            && key.SequenceCompareTo(_last.AsSpan(0, _lastSize)) > 0
            && (_boundSize == 0 ? StorageKey.HeadOf(key) == LastHead : key.SequenceCompareTo(_bound.AsSpan(0, _boundSize)) < 0);

        /// <summary>Whether something lies between the last key and the next one.</summary>
        /// <param name="before">What lies right before the next one.</param>
        public readonly bool HasPassed(ReadOnlySpan<byte> before) => Length > 0 && !before.SequenceEqual(_last.AsSpan(0, _lastSize));

        public void Begin() => (Length, SincePassed, PerPassed, IsOnSmallPage) = (0, 0, 0, false);

        /// <param name="bound">Where keys no longer belong to the run; empty for where their first bytes change.</param>
        public void GoOn(ReadOnlySpan<byte> last, ReadOnlySpan<byte> bound, int roomBytes, bool hasPassed, long now)
        {
            last.CopyTo(_last ??= new byte[StorageKey.SizeMax]);
            (_lastSize, LastHead) = (last.Length, StorageKey.HeadOf(last));
            bound.CopyTo(_bound ??= new byte[StorageKey.SizeMax]);
            (_boundSize, BoundHead) = (bound.Length, bound.IsEmpty ? LastHead : StorageKey.HeadOf(bound));
            (RoomBytes, UsedAt) = (roomBytes, now);
            Length++;
            if (hasPassed)
                (PerPassed, SincePassed) = (SincePassed, 0);
            SincePassed++;
        }
    }
}
