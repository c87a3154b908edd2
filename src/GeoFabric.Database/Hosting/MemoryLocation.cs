using System.Security.Cryptography;
using GeoFabric.Storage;
using GeoFabric.Storage.InMemory;

namespace GeoFabric.Database.Hosting;

/// <summary>Environments that vanish with the process, for tests.</summary>
internal sealed class MemoryLocation : IStorageLocation
{
    private readonly Dictionary<string, byte[]> _secrets = new(StringComparer.Ordinal);

    public IStorageEngine Open(string name) => new InMemoryEngine();

    public void Delete(string name)
    {
        // Nothing is left once the engine is gone.
    }

    public byte[] LoadSecret(string name) => _secrets.TryGetValue(name, out var secret) ? secret : _secrets[name] = RandomNumberGenerator.GetBytes(32);

    public void SaveSecret(string name, ReadOnlySpan<byte> secret) => _secrets[name] = secret.ToArray();
}
