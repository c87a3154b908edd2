using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>Exclusive use of a data directory, against other processes and against a second open in this one.</summary>
/// <remarks>
/// The library's own lock file would let two processes share the environment, and breaks when one process opens it twice.
/// The lock dies with its process, so a killed server leaves nothing to clean up; the pid file beside it only serves the message.
/// </remarks>
internal sealed class DirectoryLock : IDisposable
{
    private const string LockFileName = "geofabric.lock";
    private const string PidFileName = "geofabric.pid";

    private static readonly HashSet<string> OpenDirectories = new(StringComparer.Ordinal);

    private readonly string _directoryPath;
    private readonly FileStream _lockFile;
    private bool _isDisposed;

    private DirectoryLock(string directoryPath, FileStream lockFile)
    {
        _directoryPath = directoryPath;
        _lockFile = lockFile;
    }

    /// <exception cref="GeoFabricException">1107 when the directory is in use, 1108 when it cannot be used.</exception>
    public static DirectoryLock Acquire(string directoryPath)
    {
        lock (OpenDirectories)
        {
            if (!OpenDirectories.Add(directoryPath))
                throw ErrorCodes.DataDirectoryLocked.With($"'{directoryPath}' is open in this process already (pid {Environment.ProcessId})");
        }
        try
        {
            var lockFile = OpenLockFile(directoryPath);
            File.WriteAllText(Path.Combine(directoryPath, PidFileName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DirectoryLock(directoryPath, lockFile);
        }
        catch (Exception failure)
        {
            Forget(directoryPath);
            if (failure is GeoFabricException)
                throw;
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' cannot be locked: {failure.Message}", failure);
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _lockFile.Dispose();
        Forget(_directoryPath);
    }

    private static FileStream OpenLockFile(string directoryPath)
    {
        try
        {
            return new FileStream(Path.Combine(directoryPath, LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw ErrorCodes.DataDirectoryLocked.With($"'{directoryPath}' is locked by pid {ReadPid(directoryPath)}", failure);
        }
    }

    private static string ReadPid(string directoryPath)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directoryPath, PidFileName)).Trim();
        }
        catch (IOException)
        {
            return "(unknown)";
        }
    }

    private static void Forget(string directoryPath)
    {
        lock (OpenDirectories)
            OpenDirectories.Remove(directoryPath);
    }
}
