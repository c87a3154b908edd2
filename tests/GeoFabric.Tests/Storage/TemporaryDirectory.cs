namespace GeoFabric.Tests.Storage;

/// <summary>A fresh directory that goes away with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string DirectoryPath { get; } = Directory.CreateTempSubdirectory("geofabric-").FullName;

    public string Inside(string name) => Path.Combine(DirectoryPath, name);

    public void Dispose() => Directory.Delete(DirectoryPath, recursive: true);
}
