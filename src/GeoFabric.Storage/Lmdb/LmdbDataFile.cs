using System.Buffers.Binary;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>A look at the data file before the library maps it: reading a page that a cut file has lost would kill the process (SIGBUS).</summary>
internal static class LmdbDataFile
{
    // The two meta pages: a page header of 16 bytes, then the fields at these offsets.
    private const int MetaSizeBytes = 152;
    private const int MagicOffset = 16;
    private const int VersionOffset = 20;
    private const int PageSizeOffset = 40;
    private const int LastPageOffset = 136;
    private const int TransactionIdOffset = 144;
    private const uint Magic = 0xBEEFC0DE;
    private const uint Version = 1;

    private readonly record struct Meta(int PageSizeBytes, long LastPage, long TransactionId);

    /// <returns>The bytes the file's pages need in a map.</returns>
    /// <exception cref="GeoFabricException">1108 with what is wrong.</exception>
    public static long Check(string directoryPath)
    {
        var path = Path.Combine(directoryPath, LmdbDirectory.DataFileName);
        Meta meta;
        long fileSizeBytes;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            fileSizeBytes = file.Length;
            var first = ReadMeta(file, 0, path);
            var second = ReadMeta(file, first.PageSizeBytes, path);
            meta = second.TransactionId > first.TransactionId ? second : first;
        }
        var neededBytes = (meta.LastPage + 1) * meta.PageSizeBytes;
        if (fileSizeBytes < neededBytes && !IsTailFree(directoryPath, path, fileSizeBytes, meta))
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' has {fileSizeBytes} bytes and should have {neededBytes}: it was cut off; restore it from a backup");
        return neededBytes;
    }

    private static Meta ReadMeta(FileStream file, long offset, string path)
    {
        var bytes = new byte[MetaSizeBytes];
        file.Position = offset;
        if (file.ReadAtLeast(bytes, MetaSizeBytes, throwOnEndOfStream: false) < MetaSizeBytes)
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' has only {file.Length} bytes: it was cut off; restore it from a backup");
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(MagicOffset));
        if (magic == BinaryPrimitives.ReverseEndianness(Magic))
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' was written on a machine of the other byte order");
        if (magic != Magic)
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' is not a storage file");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(VersionOffset));
        if (version != Version)
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' has library format {version}; this server reads format {Version}");
        var pageSizeBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(PageSizeOffset));
        if (pageSizeBytes is < 512 or > 65536 || (pageSizeBytes & (pageSizeBytes - 1)) != 0)
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' claims pages of {pageSizeBytes} bytes: it is damaged");
        return new Meta(
            pageSizeBytes,
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(LastPageOffset)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(TransactionIdOffset)));
    }

    /// <summary>
    /// A whole file may end early: pages that a transaction took and gave back again are never written. Then, and only then, every
    /// missing page is on the free list; the file gets its full length, since later pages may be read next to them.
    /// </summary>
    private static bool IsTailFree(string directoryPath, string path, long fileSizeBytes, Meta meta)
    {
        var firstMissing = fileSizeBytes / meta.PageSizeBytes;
        SetLength(path, (meta.LastPage + 1) * meta.PageSizeBytes);
        if (CountFreePages(directoryPath, firstMissing, meta) == meta.LastPage + 1 - firstMissing)
            return true;
        SetLength(path, fileSizeBytes);
        return false;
    }

    private static unsafe long CountFreePages(string directoryPath, long firstPage, Meta meta)
    {
        using var environment = LmdbEnvironmentHandle.Open(
            directoryPath, LmdbEnvironmentHandle.DefaultFlags, (meta.LastPage + 1) * meta.PageSizeBytes, readersMax: 1, directoryLock: null);
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_txn_begin(environment.Pointer, 0, LmdbNative.ReadOnly, out var transaction), "begin a transaction");
        long count = 0;
        if (LmdbNative.mdb_cursor_open(transaction, LmdbNative.FreeDatabase, out var cursor) == LmdbStatus.Success)
        {
            LmdbValue key;
            LmdbValue pages;
            while (LmdbNative.mdb_cursor_get(cursor, &key, &pages, LmdbCursorOperation.Next) == LmdbStatus.Success)
            {
                // Each record is a list of page numbers behind their count.
                var list = new ReadOnlySpan<long>(pages.Data, (int)(pages.Size / sizeof(long)));
                foreach (var page in list[1..(int)(1 + list[0])])
                {
                    if (page >= firstPage && page <= meta.LastPage)
                        count++;
                }
            }
            LmdbNative.mdb_cursor_close(cursor);
        }
        LmdbNative.mdb_txn_abort(transaction);
        return count;
    }

    private static void SetLength(string path, long sizeBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.SetLength(sizeBytes);
        file.Flush(flushToDisk: true);
    }
}
