using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Lmdb;

/// <summary>The files of one key space: made whole or not at all, and checked before the library maps them (docs/storage-format.md).</summary>
internal static class LmdbDirectory
{
    /// <summary>The version of the layout this code writes. It reads no other.</summary>
    public const int FormatVersion = 1;

    public const string DataFileName = "data.mdb";
    public const string FormatFileName = "format";
    private const string LockFileName = "lock.mdb";

    // Of the library: a cache line for each reader behind a header, for which a page is enough.
    private const int ReaderBytes = 64;
    private const int ReaderTableHeaderBytes = 4096;
    private const string FormatWord = "geofabric-storage";
    private const string NewDirectoryName = "new";

    public static void Create(string directoryPath)
    {
        if (!OperatingSystem.IsLinux())
            throw ErrorCodes.DataDirectoryUnusable.With("this engine runs on Linux only");
        try
        {
            if (Directory.Exists(directoryPath))
                return;
            Directory.CreateDirectory(directoryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (Path.GetDirectoryName(directoryPath) is { } parentPath)
                PosixNative.SyncDirectory(parentPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' cannot be created: {failure.Message}", failure);
        }
    }

    /// <summary>Makes the data file when there is none, else checks it. The caller holds the directory's lock.</summary>
    /// <returns>The bytes the map must hold at least.</returns>
    public static long Prepare(string directoryPath)
    {
        try
        {
            if (!File.Exists(Path.Combine(directoryPath, DataFileName)))
                CreateDataFile(directoryPath);
            CheckFormat(directoryPath);
            return LmdbDataFile.Check(directoryPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Gives the table of readers its room on the disk. The library would make the file without blocks and map it: on a full disk the first reader on a
    /// new page of it would end the process (SIGBUS). Before the library opens the file, since closing another handle on it would take the library's locks.
    /// </summary>
    public static void ReserveReaderTable(string directoryPath, int readersMax)
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(directoryPath, LockFileName),
                new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            PosixNative.Reserve(file.SafeFileHandle, Math.Max(file.Length, ReaderTableHeaderBytes + (readersMax * ReaderBytes)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// The format file comes first and the data file appears by a rename after it is on disk: where there is a data file, it is
    /// whole and its version is known, whenever the power goes.
    /// </summary>
    private static void CreateDataFile(string directoryPath)
    {
        var newPath = Path.Combine(directoryPath, NewDirectoryName);
        if (Directory.Exists(newPath))
            Directory.Delete(newPath, recursive: true);
        Directory.CreateDirectory(newPath);
        using (var environment = LmdbEnvironmentHandle.Open(newPath, LmdbEnvironmentHandle.DefaultFlags, mapSizeBytes: 1 << 20, readersMax: 1, directoryLock: null))
            LmdbStatus.ThrowIfFailed(LmdbNative.mdb_env_sync(environment.Pointer, force: 1), "sync a new data file");
        WriteFormat(newPath);
        File.Move(Path.Combine(newPath, FormatFileName), Path.Combine(directoryPath, FormatFileName), overwrite: true);
        PosixNative.SyncDirectory(directoryPath);
        File.Move(Path.Combine(newPath, DataFileName), Path.Combine(directoryPath, DataFileName));
        Directory.Delete(newPath, recursive: true);
        PosixNative.SyncDirectory(directoryPath);
    }

    private static void WriteFormat(string directoryPath)
    {
        using var file = new FileStream(Path.Combine(directoryPath, FormatFileName), FileMode.CreateNew, FileAccess.Write);
        file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{FormatWord} {FormatVersion}\n")));
        file.Flush(flushToDisk: true);
    }

    private static void CheckFormat(string directoryPath)
    {
        var path = Path.Combine(directoryPath, FormatFileName);
        if (!File.Exists(path))
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' holds a data file but no '{FormatFileName}' file, so this server has not made it");
        var words = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || words[0] != FormatWord || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' does not name a storage format");
        if (version != FormatVersion)
            throw ErrorCodes.DataDirectoryUnusable.With($"'{directoryPath}' has storage format {version}; this server reads format {FormatVersion}");
    }
}
