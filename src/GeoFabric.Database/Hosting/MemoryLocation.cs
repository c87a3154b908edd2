using System.Security.Cryptography;
using GeoFabric.Storage;
using GeoFabric.Storage.InMemory;

namespace GeoFabric.Database.Hosting;

/// <summary>Environments that vanish with the process, for tests.</summary>
internal sealed class MemoryLocation : IStorageLocation
{
    public IStorageEngine Open(string name) => new InMemoryEngine();

    public void Delete(string name)
    {
        // Nothing is left once the engine is gone.
    }

    public byte[] LoadSecret(string name) => RandomNumberGenerator.GetBytes(32);
}
