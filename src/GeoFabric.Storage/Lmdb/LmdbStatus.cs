using System.Runtime.InteropServices;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>Status numbers of the library (negative) and of the system below it (errno), and what they are called in the error table.</summary>
internal static class LmdbStatus
{
    public const int Success = 0;
    public const int KeyExists = -30799;
    public const int NotFound = -30798;
    public const int Panic = -30795;
    public const int VersionMismatch = -30794;
    public const int Invalid = -30793;
    public const int MapFull = -30792;
    public const int ReadersFull = -30790;
    public const int TransactionFull = -30788;

    public const int InputOutputError = 5;
    private const int FileTooLarge = 27;
    public const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    public static bool IsDiskFull(int status) => status is NoSpace or QuotaExceeded or FileTooLarge;

    public static void ThrowIfFailed(int status, string action)
    {
        if (status != Success)
            throw ToException(status, action);
    }

    /// <param name="action">What was tried, as it reads after "could not".</param>
    public static GeoFabricException ToException(int status, string action) => status switch
    {
        _ when IsDiskFull(status) => ErrorCodes.StorageFull.With("the disk of the data directory is full; nothing of this write is stored"),
        MapFull => ErrorCodes.StorageFull.With("the fabric has reached its configured size; nothing of this write is stored"),
        TransactionFull => ErrorCodes.ResourceLimit.With("one transaction wrote more than the store can hold in memory; split it"),
        ReadersFull => ErrorCodes.ReadersExhausted.With("every reader slot is taken"),
        VersionMismatch => ErrorCodes.DataDirectoryUnusable.With("the data file was written by another version of the storage library"),
        Invalid => ErrorCodes.DataDirectoryUnusable.With("the data file is not a storage file"),
        _ => ErrorCodes.StorageFailure.With($"could not {action}: {Describe(status)}"),
    };

    private static string Describe(int status) => $"{Marshal.PtrToStringUTF8(LmdbNative.mdb_strerror(status))} ({status})";
}
