namespace GeoFabric.Storage.Lmdb;

/// <summary>
/// Looks many keys up at the same time, going through the tree by itself. One after the other, as the library does it, searches wait for memory at each page
/// and at half of the entries they compare; here they take turns, and each asks the processor for what it comes to next.
/// </summary>
/// <remarks>The idea of searches that take turns is Chen and others', "Improving hash join performance through prefetching" (ICDE 2004).</remarks>
internal readonly unsafe struct LmdbLookup
{
    /// <summary>Searches under way at once: a processor keeps track of some two dozen lines that are on their way.</summary>
    private const int Lanes = 16;

    /// <summary>Lines in which pages say where their first entries are: some fifty, and some hundred.</summary>
    private const int LeafHeadLines = 2;
    private const int BranchHeadLines = 4;

    private readonly LmdbPage _root;
    private readonly int _pageSizeBytes;
    private readonly long _pages;
    private readonly int _leafLevel;

    private LmdbLookup(LmdbCursorState cursor, LmdbMap map)
    {
        _root = cursor.PageAt(0);
        _leafLevel = cursor.Top;
        _pageSizeBytes = map.PageSizeBytes;
        _pages = map.UsedBytes / map.PageSizeBytes;
    }

    /// <summary>Whether the tree could be made out.</summary>
    public bool IsAble => _pages > 0;

    /// <param name="cursor">One of a read transaction.</param>
    /// <param name="key">Of the entry on which it stands.</param>
    public static LmdbLookup Of(nint cursor, nint transaction, ReadOnlySpan<byte> key, LmdbMap map) =>
        LmdbLeaf.TryFind(cursor, transaction, key, out _) ? new LmdbLookup(new LmdbCursorState(cursor), map) : default;

    /// <summary>Files the values of the keys that are there.</summary>
    /// <returns>False when a page is none that can be: whatever the library says of it is right.</returns>
    public bool TryGet(KeyBatch keys)
    {
        Span<Lane> all = stackalloc Lane[Lanes];
        for (var first = 0; first < keys.Count; first += Lanes)
        {
            var lanes = all[..Math.Min(Lanes, keys.Count - first)];
            foreach (ref var lane in lanes)
                lane = new Lane(_root);
            for (var level = 0; level < _leafLevel; level++)
            {
                if (!TryGoDown(keys, first, lanes, isToLeaf: level + 1 == _leafLevel))
                    return false;
            }
            if (!TryFile(keys, first, lanes))
                return false;
        }
        return true;
    }

    /// <summary>Goes to the child of a branch that holds each key, or would. All leaves lie equally deep.</summary>
    private bool TryGoDown(KeyBatch keys, int first, Span<Lane> lanes, bool isToLeaf)
    {
        Search(keys, first, lanes, isLeaf: false);
        foreach (ref var lane in lanes)
        {
            var number = lane.Page.IsBranch ? lane.Page.ChildAt(lane.Low - 1) : -1;
            if (number < 0 || number >= _pages)
                return false;
            lane = new Lane(_root.At(number, _pageSizeBytes));
            CacheLines.Ask(lane.Page.Address, isToLeaf ? LeafHeadLines : BranchHeadLines);
        }
        return true;
    }

    private bool TryFile(KeyBatch keys, int first, Span<Lane> lanes)
    {
        foreach (var lane in lanes)
        {
            if (!lane.Page.IsLeaf)
                return false;
        }
        Search(keys, first, lanes, isLeaf: true);
        for (var i = 0; i < lanes.Length; i++)
        {
            var (page, place) = (lanes[i].Page, lanes[i].Low);
            if (place == page.Count || !page.KeyAt(place).SequenceEqual(keys.KeyAt(first + i)))
                continue;
            if (!page.IsBigAt(place))
            {
                var value = page.ValueAt(place);
                fixed (byte* start = value)
                    CacheLines.Ask(start, Math.Min(CacheLines.OfEntryMax, CacheLines.Count(start, value.Length)));
                keys.SetValue(first + i, value);
                continue;
            }
            var number = page.NumberOfBigAt(place);
            if (number < 0 || number >= _pages)
                return false;
            keys.SetValue(first + i, new ReadOnlySpan<byte>(_root.At(number, _pageSizeBytes).Contents, page.ValueSizeAt(place)));
        }
        return true;
    }

    /// <summary>Halves the places of all keys in turns: of a leaf the first entry that is not before the key, of a branch the first child behind it.</summary>
    private static void Search(KeyBatch keys, int first, Span<Lane> lanes, bool isLeaf)
    {
        foreach (ref var lane in lanes)
        {
            // The key of the first child is left out, since it begins before every key.
            (lane.Low, lane.High) = (isLeaf ? 0 : 1, lane.Page.Count);
            lane.AskForMiddle(keys.KeyAt(first).Length);
        }
        for (var isDone = false; !isDone;)
        {
            isDone = true;
            for (var i = 0; i < lanes.Length; i++)
            {
                ref var lane = ref lanes[i];
                if (lane.Low >= lane.High)
                    continue;
                var order = lane.Page.KeyAt(lane.Middle).SequenceCompareTo(keys.KeyAt(first + i));
                if (order < 0 || (order == 0 && !isLeaf))
                    lane.Low = lane.Middle + 1;
                else
                    lane.High = lane.Middle;
                lane.AskForMiddle(keys.KeyAt(first + i).Length);
                isDone &= lane.Low >= lane.High;
            }
        }
    }

    private struct Lane(LmdbPage page)
    {
        public readonly LmdbPage Page => page;

        public int Low { get; set; }

        public int High { get; set; }

        public readonly int Middle => (Low + High) / 2;

        public readonly void AskForMiddle(int keySize)
        {
            if (Low >= High)
                return;
            var node = page.NodeAt(Middle);
            CacheLines.Ask(node, CacheLines.Count(node, LmdbPage.EntrySize(keySize, 0)));
        }
    }
}
