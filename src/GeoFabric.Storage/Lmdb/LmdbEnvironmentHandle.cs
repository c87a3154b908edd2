using GeoFabric.Primitives.Errors;
using Microsoft.Win32.SafeHandles;

namespace GeoFabric.Storage.Lmdb;

/// <summary>An open environment. Read slots hold references, so the map never goes away under a snapshot.</summary>
internal sealed class LmdbEnvironmentHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>
    /// The only flags an environment is opened with: read transactions belong to objects, not threads.
    /// Every flag that trades durability or locking for speed is missing on purpose (docs/storage-format.md).
    /// </summary>
    public const uint DefaultFlags = LmdbNative.NoTls;

    private const uint UnsafeFlags = LmdbNative.NoSync | LmdbNative.NoMetaSync | LmdbNative.MapAsync | LmdbNative.WriteMap | LmdbNative.NoLock;
    private const uint FileMode = 0b110_000_000;

    private DirectoryLock? _directoryLock;

    public LmdbEnvironmentHandle() : base(ownsHandle: true)
    {
    }

    public nint Pointer => handle;

    /// <param name="directoryLock">Released when the environment is closed, however late that is; null for a passing look at the file.</param>
    public static LmdbEnvironmentHandle Open(string directoryPath, uint flags, long mapSizeBytes, int readersMax, DirectoryLock? directoryLock)
    {
        if ((flags & UnsafeFlags) != 0)
            throw new ArgumentException($"The flags 0x{flags & UnsafeFlags:x} would give up durability or locking.", nameof(flags));
        LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_create(out var pointer), "create the environment");
        var environment = new LmdbEnvironmentHandle();
        environment.SetHandle(pointer);
        try
        {
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_set_mapsize(pointer, (nuint)mapSizeBytes), "set the map size");
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_set_maxreaders(pointer, (uint)readersMax), "set the number of readers");
            var status = LmdbNative.mdb_env_open(pointer, directoryPath, flags, FileMode);
            if (status is LmdbStatus.VersionMismatch or LmdbStatus.Invalid)
                throw LmdbStatus.ToException(status, "open the environment");
            if (status != LmdbStatus.Success)
                throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' does not open", LmdbStatus.ToException(status, "open the environment"));
        }
        catch
        {
            environment.Dispose();
            throw;
        }
        environment._directoryLock = directoryLock;
        return environment;
    }

    protected override bool ReleaseHandle()
    {
        LmdbNative.mdb_env_close(handle);
        _directoryLock?.Dispose();
        return true;
    }
}
