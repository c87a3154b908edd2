namespace GeoFabric.Storage.Lmdb;

/// <summary>The leaf page on which a cursor stands, and the place of its entry there. In a write transaction it holds until the next write.</summary>
/// <remarks>Whoever finds nothing goes without.</remarks>
internal readonly struct LmdbLeaf
{
    private readonly LmdbPage _page;

    private LmdbLeaf(LmdbPage page, int place)
    {
        _page = page;
        Place = place;
    }

    /// <summary>Of the cursor's entry among those of the page.</summary>
    public int Place { get; }

    public int Count => _page.Count;

    public int RoomBytes => _page.RoomBytes;

    /// <summary>Whether the library puts the page together with a neighbour once something is deleted from it: less than a quarter is in use.</summary>
    public bool IsSmall => SizeFrom(0) is var used && used * 4 < used + RoomBytes;

    /// <summary>Whether the page is to be split at the place: more bytes lie before it than behind, and nothing that lies behind has pages of its own.</summary>
    public bool IsWorthSplitting
    {
        get
        {
            for (var place = Place; place < Count; place++)
            {
                if (_page.IsBigAt(place))
                    return false;
            }
            var behind = SizeFrom(Place);
            return SizeFrom(0) > 2 * behind;
        }
    }

    /// <param name="key">Of the entry that the cursor was put on: it has to be there.</param>
    public static bool TryFind(nint cursor, nint transaction, ReadOnlySpan<byte> key, out LmdbLeaf leaf)
    {
        leaf = default;
        var state = new LmdbCursorState(cursor);
        if (!state.IsOf(transaction))
            return false;
        var found = new LmdbLeaf(state.PageAt(state.Top), state.PlaceAt(state.Top));
        if (!found._page.IsLeaf || found.Place >= found.Count || !found.KeyAt(found.Place).SequenceEqual(key))
            return false;
        leaf = found;
        return true;
    }

    public ReadOnlySpan<byte> KeyAt(int place) => _page.KeyAt(place);

    /// <summary>Bytes of the entries from a place on.</summary>
    public int SizeFrom(int place)
    {
        var size = 0;
        for (; place < Count; place++)
            size += _page.EntrySizeAt(place);
        return size;
    }

    public int EntrySizeAt(int place) => _page.EntrySizeAt(place);

    /// <summary>From which place on entries have to go so that the page is small; at least one goes. -1 when one that goes has pages of its own.</summary>
    public int FirstBeyondSmall
    {
        get
        {
            var (place, left) = (0, (RoomBytes + SizeFrom(0)) / 4);
            while (place < Count - 1 && (left -= EntrySizeAt(place)) > 0)
                place++;
            for (var going = place; going < Count; going++)
            {
                if (_page.IsBigAt(going))
                    return -1;
            }
            return place;
        }
    }

    public (byte[] Key, byte[] Value)[] CopyFrom(int place)
    {
        var entries = new (byte[], byte[])[Count - place];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = (_page.KeyAt(place + i).ToArray(), _page.ValueAt(place + i).ToArray());
        return entries;
    }

    /// <summary>What an entry takes at most without pages of its own: half a page.</summary>
    public int EntrySizeMax => (RoomBytes + SizeFrom(0)) / 2 & ~1;

    /// <summary>Bytes that a value needs so that its entry, put last, just does not fit into the page; 0 when it does not fit anyway, or would get pages of its own.</summary>
    public int SizeOfFiller(int keySize, int valueSize)
    {
        if (LmdbPage.EntrySize(keySize, valueSize) > RoomBytes)
            return 0;
        var filler = RoomBytes + LmdbPage.PlaceSize - LmdbPage.EntrySize(keySize, 0);
        return LmdbPage.EntrySize(keySize, filler) <= EntrySizeMax ? filler : 0;
    }
}
