using System.Runtime.InteropServices;
using GeoFabric.Primitives.Errors;
using Microsoft.Win32.SafeHandles;

namespace GeoFabric.Storage.Lmdb;

/// <summary>What .NET cannot do with files: sync a directory, reserve blocks, and ask whether an address range is to be had.</summary>
internal static partial class PosixNative
{
    private const int OpenReadOnlyDirectory = 0x10000 | 0x80000;
    private const int ProtectNone = 0;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;

    /// <summary>Makes created, renamed and deleted names in a directory survive a power loss.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = open(path, OpenReadOnlyDirectory);
        if (descriptor < 0)
            throw new IOException($"cannot open directory '{path}' to sync it (errno {Marshal.GetLastPInvokeError()})");
        var status = fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        if (status != 0)
            throw new IOException($"cannot sync directory '{path}' (errno {error})");
    }

    /// <summary>Gives a file blocks for all its bytes.</summary>
    /// <exception cref="GeoFabricException">1104 when the disk is full.</exception>
    public static void Reserve(SafeFileHandle file, long sizeBytes)
    {
        var status = posix_fallocate(file, 0, (nint)sizeBytes);
        if (status != 0)
            throw LmdbStatus.ToException(status, "reserve room for the table of readers");
    }

    public static bool CanReserveAddresses(long sizeBytes)
    {
        var address = mmap(0, (nuint)sizeBytes, ProtectNone, MapPrivateAnonymousNoReserve, -1, 0);
        if (address == -1)
            return false;
        _ = munmap(address, (nuint)sizeBytes);
        return true;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int posix_fallocate(SafeFileHandle file, nint offset, nint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint sizeBytes, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint sizeBytes);
}
