using System.Security.Cryptography;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database.Hosting;

/// <summary>Environments as directories under one data directory.</summary>
internal sealed class DirectoryLocation : IStorageLocation
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int SecretSize = 32;

    private readonly string _root;
    private readonly DatabaseOptions _options;

    public DirectoryLocation(string root, DatabaseOptions options)
    {
        _root = Path.GetFullPath(root);
        _options = options;
        CreateDirectory(_root);
    }

    public IStorageEngine Open(string name)
    {
        var path = Path.Combine(_root, name);
        CreateDirectory(path);
        return Storage.Lmdb.LmdbEngine.Open(new Storage.Lmdb.LmdbOptions
        {
            DirectoryPath = path,
            MapSizeBytes = _options.MapSizeBytes,
            MapSizeMaxBytes = _options.MapSizeMaxBytes,
        });
    }

    public void Delete(string name)
    {
        var path = Path.Combine(_root, name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    public byte[] LoadSecret(string name)
    {
        var path = Path.Combine(_root, name);
        try
        {
            if (File.Exists(path))
                return Check(path, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' cannot be read: {exception.Message}", exception);
        }
        var secret = RandomNumberGenerator.GetBytes(SecretSize);
        SaveSecret(name, secret);
        return secret;
    }

    public void SaveSecret(string name, ReadOnlySpan<byte> secret)
    {
        var path = Path.Combine(_root, name);
        try
        {
            // Written aside first: a crash leaves either no key or a whole one.
            var temporary = path + ".tmp";
            File.Delete(temporary);
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                creation.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(temporary, creation))
            {
                file.Write(secret);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' cannot be written: {exception.Message}", exception);
        }
    }

    private static byte[] Check(string path, byte[] secret) => secret.Length == SecretSize
        ? secret
        : throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' must hold {SecretSize} bytes, not {secret.Length}; delete it to get a new key, which ends all sessions");

    private static void CreateDirectory(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorCodes.DataDirectoryUnusable.With($"'{path}' cannot be created: {exception.Message}", exception);
        }
    }
}
