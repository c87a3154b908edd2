namespace GeoFabric.Storage.Lmdb;

/// <summary>A page of the library's tree as it lies in memory; the layout is the same in all of 0.9.</summary>
internal readonly unsafe struct LmdbPage(byte* address)
{
    private const int FlagsOffset = 10;
    private const int LowerOffset = 12;
    private const int UpperOffset = 14;
    private const int HeaderSize = 16;
    private const ushort BranchFlag = 1;
    private const ushort LeafFlag = 2;

    /// <summary>Branch, leaf, overflow, meta and the pages of repeated keys; not dirty.</summary>
    private const ushort KindFlags = 0x6F;

    private const int NodeFlags = 4;
    private const int NodeKeySize = 6;
    private const int NodeHeaderSize = 8;
    public const int PlaceSize = 2;
    private const ushort BigValueFlag = 1;

    public byte* Address => address;

    /// <summary>Each page begins with its own number.</summary>
    public long Number => *(long*)address;

    /// <summary>The page of another number: in a read transaction all lie in one map.</summary>
    public LmdbPage At(long number, int pageSizeBytes) => new(address + ((number - Number) * pageSizeBytes));

    public bool IsLeaf => IsOfKind(LeafFlag);

    public bool IsBranch => IsOfKind(BranchFlag);

    /// <summary>Entries of a leaf, children of a branch.</summary>
    public int Count => (Word(address, LowerOffset) - HeaderSize) / PlaceSize;

    public int RoomBytes => Word(address, UpperOffset) - Word(address, LowerOffset);

    public byte* NodeAt(int place) => address + Word(address, HeaderSize + (PlaceSize * place));

    public ReadOnlySpan<byte> KeyAt(int place)
    {
        var node = NodeAt(place);
        return new ReadOnlySpan<byte>(node + NodeHeaderSize, Word(node, NodeKeySize));
    }

    public ReadOnlySpan<byte> ValueAt(int place)
    {
        var node = NodeAt(place);
        return new ReadOnlySpan<byte>(node + NodeHeaderSize + Word(node, NodeKeySize), ValueSize(node));
    }

    /// <summary>Whether the value lies on pages of its own.</summary>
    public bool IsBigAt(int place) => (Word(NodeAt(place), NodeFlags) & BigValueFlag) != 0;

    /// <summary>The first of the pages on which a big value lies.</summary>
    public long NumberOfBigAt(int place)
    {
        var node = NodeAt(place);
        return *(long*)(node + NodeHeaderSize + Word(node, NodeKeySize));
    }

    public int ValueSizeAt(int place) => ValueSize(NodeAt(place));

    /// <summary>What lies behind the head of a page that a big value begins on.</summary>
    public byte* Contents => address + HeaderSize;

    /// <summary>What an entry takes in a page: its place and its bytes, made even.</summary>
    public static int EntrySize(int keySize, int valueSize) => PlaceSize + ((NodeHeaderSize + keySize + valueSize + 1) & ~1);

    public int EntrySizeAt(int place)
    {
        var node = NodeAt(place);
        return EntrySize(Word(node, NodeKeySize), IsBigAt(place) ? sizeof(ulong) : ValueSize(node));
    }

    /// <summary>The number of the page to which a branch leads.</summary>
    public long ChildAt(int place)
    {
        var node = NodeAt(place);
        return *(uint*)node | ((long)Word(node, NodeFlags) << 32);
    }

    private bool IsOfKind(ushort kind) =>
        (Word(address, FlagsOffset) & KindFlags) == kind && Word(address, LowerOffset) >= HeaderSize && Word(address, UpperOffset) >= Word(address, LowerOffset);

    private static int ValueSize(byte* node) => *(int*)node;

    private static ushort Word(byte* bytes, int offset) => *(ushort*)(bytes + offset);
}
