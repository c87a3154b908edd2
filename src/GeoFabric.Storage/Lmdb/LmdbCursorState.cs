namespace GeoFabric.Storage.Lmdb;

/// <summary>Where a cursor of the library stands: the pages on its way through the tree and its place on each. The library does not tell; this looks into its cursor.</summary>
/// <remarks>The layout is the same in all of 0.9. Whoever reads on believes only what fits together, and finds out by <see cref="IsOf"/> before anything else.</remarks>
internal readonly unsafe struct LmdbCursorState(nint cursor)
{
    private const int TransactionOffset = 24;
    private const int DatabaseOffset = 32;
    private const int DepthOffset = 64;
    private const int TopOffset = 66;
    private const int PagesOffset = 72;
    private const int PlacesOffset = 328;
    private const int DepthMax = 32;

    private byte* Bytes => (byte*)cursor;

    /// <summary>The level of the leaf; the root has level 0.</summary>
    public int Top => *(ushort*)(Bytes + TopOffset);

    private int Depth => *(ushort*)(Bytes + DepthOffset);

    /// <summary>Whether this is a cursor of the transaction that stands somewhere in the key space.</summary>
    public bool IsOf(nint transaction) =>
        *(nint*)(Bytes + TransactionOffset) == transaction
        && *(uint*)(Bytes + DatabaseOffset) == LmdbNative.MainDatabase
        && Depth is >= 1 and <= DepthMax
        && Top == Depth - 1
        && ((byte**)(Bytes + PagesOffset))[Top] is not null;

    public LmdbPage PageAt(int level) => new(((byte**)(Bytes + PagesOffset))[level]);

    public int PlaceAt(int level) => ((ushort*)(Bytes + PlacesOffset))[level];
}
