namespace GeoFabric.Storage.Lmdb;

/// <summary>The leaf page on which a cursor of a write transaction stands, and the place of its entry there. Holds until the next write.</summary>
/// <remarks>
/// The library does not tell where its pages end, so this looks into its cursor (the same in all of 0.9) and believes only what fits together: the
/// transaction, the depth, the page's numbers, and that the entry at the place has the very key the cursor was put on. Whoever finds nothing goes without.
/// </remarks>
internal readonly unsafe struct LmdbLeaf
{
    private const int CursorTransaction = 24;
    private const int CursorDatabase = 32;
    private const int CursorDepth = 64;
    private const int CursorTop = 66;
    private const int CursorPages = 72;
    private const int CursorPlaces = 328;
    private const int DepthMax = 32;

    private const int PageFlags = 10;
    private const int PageLower = 12;
    private const int PageUpper = 14;
    private const int PageHeaderSize = 16;
    private const ushort LeafFlag = 2;
    /// <summary>Branch, leaf, overflow, meta and the pages of repeated keys; not dirty.</summary>
    private const ushort KindFlags = 0x6F;

    private const int NodeFlags = 4;
    private const int NodeKeySize = 6;
    private const int NodeHeaderSize = 8;
    private const int PlaceSize = 2;
    private const ushort BigValueFlag = 1;

    private readonly byte* _page;

    private LmdbLeaf(byte* page, int place)
    {
        _page = page;
        Place = place;
    }

    /// <summary>Of the cursor's entry among those of the page.</summary>
    public int Place { get; }

    public int Count => (Word(_page, PageLower) - PageHeaderSize) / PlaceSize;

    public int RoomBytes => Word(_page, PageUpper) - Word(_page, PageLower);

    /// <summary>Whether the library puts the page together with a neighbour once something is deleted from it: less than a quarter is in use.</summary>
    public bool IsSmall => SizeFrom(0) is var used && used * 4 < used + RoomBytes;

    /// <summary>Whether the page is to be split at the place: more bytes lie before it than behind, and nothing that lies behind has pages of its own.</summary>
    public bool IsWorthSplitting
    {
        get
        {
            for (var place = Place; place < Count; place++)
            {
                if (IsBigAt(place))
                    return false;
            }
            var behind = SizeFrom(Place);
            return SizeFrom(0) > 2 * behind;
        }
    }

    /// <param name="key">Of the entry that the cursor was put on.</param>
    public static bool TryFind(nint cursor, nint transaction, ReadOnlySpan<byte> key, out LmdbLeaf leaf)
    {
        leaf = default;
        var bytes = (byte*)cursor;
        var top = Word(bytes, CursorTop);
        if (*(nint*)(bytes + CursorTransaction) != transaction
            || *(uint*)(bytes + CursorDatabase) != LmdbNative.MainDatabase
            || Word(bytes, CursorDepth) is < 1 or > DepthMax
            || top != Word(bytes, CursorDepth) - 1)
        {
            return false;
        }
        var page = ((byte**)(bytes + CursorPages))[top];
        var place = ((ushort*)(bytes + CursorPlaces))[top];
        if (page is null || (Word(page, PageFlags) & KindFlags) != LeafFlag || Word(page, PageLower) < PageHeaderSize || Word(page, PageUpper) < Word(page, PageLower))
            return false;
        var found = new LmdbLeaf(page, place);
        if (place >= found.Count || !found.KeyAt(place).SequenceEqual(key))
            return false;
        leaf = found;
        return true;
    }

    public ReadOnlySpan<byte> KeyAt(int place)
    {
        var node = NodeAt(place);
        return new ReadOnlySpan<byte>(node + NodeHeaderSize, Word(node, NodeKeySize));
    }

    private ReadOnlySpan<byte> ValueAt(int place)
    {
        var node = NodeAt(place);
        return new ReadOnlySpan<byte>(node + NodeHeaderSize + Word(node, NodeKeySize), ValueSize(node));
    }

    /// <summary>Bytes of the entries from a place on.</summary>
    public int SizeFrom(int place)
    {
        var size = 0;
        for (; place < Count; place++)
            size += EntrySizeAt(place);
        return size;
    }

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
                if (IsBigAt(going))
                    return -1;
            }
            return place;
        }
    }

    public (byte[] Key, byte[] Value)[] CopyFrom(int place)
    {
        var entries = new (byte[], byte[])[Count - place];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = (KeyAt(place + i).ToArray(), ValueAt(place + i).ToArray());
        return entries;
    }

    /// <summary>What an entry takes at most without pages of its own: half a page.</summary>
    public int EntrySizeMax => (RoomBytes + SizeFrom(0)) / 2 & ~1;

    /// <summary>Bytes that a value needs so that its entry, put last, just does not fit into the page; 0 when it does not fit anyway, or would get pages of its own.</summary>
    public int SizeOfFiller(int keySize, int valueSize)
    {
        if (EntrySize(keySize, valueSize) > RoomBytes)
            return 0;
        var filler = RoomBytes + PlaceSize - EntrySize(keySize, 0);
        return EntrySize(keySize, filler) <= EntrySizeMax ? filler : 0;
    }

    /// <summary>Whether the value lies on pages of its own.</summary>
    private bool IsBigAt(int place) => (Word(NodeAt(place), NodeFlags) & BigValueFlag) != 0;

    /// <summary>What an entry takes in a page: its place and its bytes, made even.</summary>
    public static int EntrySize(int keySize, int valueSize) => PlaceSize + ((NodeHeaderSize + keySize + valueSize + 1) & ~1);

    public int EntrySizeAt(int place)
    {
        var node = NodeAt(place);
        return EntrySize(Word(node, NodeKeySize), IsBigAt(place) ? sizeof(ulong) : ValueSize(node));
    }

    private static int ValueSize(byte* node) => Word(node, 0) | (Word(node, 2) << 16);

    private static ushort Word(byte* bytes, int offset) => *(ushort*)(bytes + offset);

    private byte* NodeAt(int place) => _page + Word(_page, PageHeaderSize + (PlaceSize * place));
}
