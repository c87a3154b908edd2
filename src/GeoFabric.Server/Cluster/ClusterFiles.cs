using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Cluster;

/// <summary>Certificates and keys under <c>cluster/</c> of the data directory, for the owner only; or in memory, for tests.</summary>
internal sealed class ClusterFiles(string? dataDirectory)
{
    public const string AuthorityCertificate = "authority.crt";
    public const string AuthorityKey = "authority.key";

    /// <summary>The region's certificate and its key in one file, so that a crash never leaves one without the other.</summary>
    public const string Region = "region.pem";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly Dictionary<string, string> _memory = new(StringComparer.Ordinal);
    private readonly string? _directory = dataDirectory is null ? null : Path.Combine(Path.GetFullPath(dataDirectory), "cluster");

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="GeoFabricException">1108 when it cannot be read, or when others than the owner may.</exception>
    public string? Read(string name)
    {
        if (_directory is null)
            return _memory.GetValueOrDefault(name);
        var path = Path.Combine(_directory, name);
        return File.Exists(path) ? ReadOwnerOnly(path) : null;
    }

    /// <summary>Writes a file whole: a crash leaves the old one or the new one.</summary>
    public void Write(string name, string text)
    {
        if (_directory is null)
        {
            _memory[name] = text;
            return;
        }
        try
        {
            Directory.CreateDirectory(_directory, OwnerOnly | UnixFileMode.UserExecute);
            WriteOwnerOnly(Path.Combine(_directory, name), text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{name}' in '{_directory}' cannot be written: {error.Message}", error);
        }
    }

    public static string ReadOwnerOnly(string path)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
                throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' holds a secret and others may read or write it; run chmod 600 on it");
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    public static void WriteOwnerOnly(string path, string text)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
