using GeoFabric.Storage;

namespace GeoFabric.Database.Hosting;

/// <summary>Where environments live: a data directory or memory.</summary>
internal interface IStorageLocation
{
    /// <summary>Opens the environment of that name, creating it when it does not exist.</summary>
    IStorageEngine Open(string name);

    /// <summary>Deletes a closed environment; one that does not exist is fine.</summary>
    void Delete(string name);

    /// <summary>A secret of 32 random bytes that stays the same for this location.</summary>
    byte[] LoadSecret(string name);

    /// <summary>Makes a secret that is given the one of this location.</summary>
    void SaveSecret(string name, ReadOnlySpan<byte> secret);
}
