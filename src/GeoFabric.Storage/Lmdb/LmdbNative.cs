using System.Runtime.InteropServices;

namespace GeoFabric.Storage.Lmdb;

/// <summary>A key or value as the library sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LmdbValue
{
    public nuint Size;
    public byte* Data;

    public readonly ReadOnlySpan<byte> Span => new(Data, checked((int)Size));
}

[StructLayout(LayoutKind.Sequential)]
internal struct LmdbEnvironmentInfo
{
    public nint MapAddress;
    public nuint MapSize;
    public nuint LastPageNumber;
    public nuint LastTransactionId;
    public uint ReadersMax;
    public uint ReadersUsed;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LmdbStatistics
{
    public uint PageSize;
    public uint Depth;
    public nuint BranchPages;
    public nuint LeafPages;
    public nuint OverflowPages;
    public nuint Entries;
}

internal enum LmdbCursorOperation
{
    First = 0,
    Last = 6,
    Next = 8,
    Previous = 12,
    Set = 15,
    SetRange = 17,
}

/// <summary>The calls of liblmdb 0.9 that the engine uses, one to one. Every status goes through <see cref="LmdbStatus"/>.</summary>
/// <remarks>
/// Reading calls neither block nor call back. They may wait for a page from disk, like any managed read of the map does, so announcing them to the runtime,
/// which costs a scan more than the call itself, would gain nothing: they suppress it.
/// </remarks>
internal static unsafe partial class LmdbNative
{
    public const uint NoSync = 0x10000;
    public const uint NoMetaSync = 0x40000;
    public const uint WriteMap = 0x80000;
    public const uint MapAsync = 0x100000;
    public const uint NoTls = 0x200000;
    public const uint NoLock = 0x400000;
    public const uint ReadOnly = 0x20000;

    public const uint NoOverwrite = 0x10;
    public const uint Current = 0x40;

    /// <summary>The free list; reading it is allowed in read transactions.</summary>
    public const uint FreeDatabase = 0;

    /// <summary>The unnamed database, which holds the key space.</summary>
    public const uint MainDatabase = 1;

    private const string Library = "liblmdb.so.0";

    [LibraryImport(Library)]
    public static partial int mdb_env_create(out nint environment);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mdb_env_open(nint environment, string path, uint flags, uint mode);

    [LibraryImport(Library)]
    public static partial void mdb_env_close(nint environment);

    [LibraryImport(Library)]
    public static partial int mdb_env_sync(nint environment, int force);

    [LibraryImport(Library)]
    public static partial int mdb_env_set_mapsize(nint environment, nuint sizeBytes);

    [LibraryImport(Library)]
    public static partial int mdb_env_set_maxreaders(nint environment, uint readersMax);

    [LibraryImport(Library)]
    public static partial int mdb_env_get_flags(nint environment, out uint flags);

    [LibraryImport(Library)]
    public static partial int mdb_env_info(nint environment, out LmdbEnvironmentInfo info);

    [LibraryImport(Library)]
    public static partial int mdb_env_stat(nint environment, out LmdbStatistics statistics);

    [LibraryImport(Library)]
    public static partial int mdb_reader_check(nint environment, out int deadCount);

    [LibraryImport(Library)]
    public static partial int mdb_txn_begin(nint environment, nint parent, uint flags, out nint transaction);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial nuint mdb_txn_id(nint transaction);

    [LibraryImport(Library)]
    public static partial int mdb_txn_commit(nint transaction);

    [LibraryImport(Library)]
    public static partial void mdb_txn_abort(nint transaction);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial void mdb_txn_reset(nint transaction);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int mdb_txn_renew(nint transaction);

    [LibraryImport(Library)]
    public static partial int mdb_dbi_open(nint transaction, nint name, uint flags, out uint database);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int mdb_get(nint transaction, uint database, LmdbValue* key, LmdbValue* value);

    [LibraryImport(Library)]
    public static partial int mdb_cursor_open(nint transaction, uint database, out nint cursor);

    [LibraryImport(Library)]
    public static partial void mdb_cursor_close(nint cursor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int mdb_cursor_renew(nint transaction, nint cursor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int mdb_cursor_get(nint cursor, LmdbValue* key, LmdbValue* value, LmdbCursorOperation operation);

    [LibraryImport(Library)]
    public static partial int mdb_cursor_put(nint cursor, LmdbValue* key, LmdbValue* value, uint flags);

    [LibraryImport(Library)]
    public static partial int mdb_cursor_del(nint cursor, uint flags);

    [LibraryImport(Library)]
    public static partial nint mdb_strerror(int status);
}
