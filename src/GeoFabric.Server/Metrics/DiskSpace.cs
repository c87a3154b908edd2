namespace GeoFabric.Server.Metrics;

/// <summary>The disk that holds the data directory, or that part of it which the process may fill.</summary>
internal readonly record struct DiskSpace(long FreeBytes, long TotalBytes)
{
    /// <returns>Null when there is no directory, or the system does not tell.</returns>
    public static DiskSpace? Read(string? directory)
    {
        if (directory is null)
            return null;
        try
        {
            var disk = new DriveInfo(Path.GetFullPath(directory));
            return new DiskSpace(disk.AvailableFreeSpace, disk.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Some file systems of networks do not tell; nothing depends on it but what is shown.
            return null;
        }
    }
}
