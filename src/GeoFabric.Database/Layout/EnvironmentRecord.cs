using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Layout;

/// <summary>What an environment says about itself: format, the fabric it holds, the collation of its index keys.</summary>
/// <param name="FabricId">0 for the server's own environment.</param>
internal sealed record EnvironmentRecord(uint FabricId, string Collation)
{
    /// <summary>Grows when an older program could not read what a newer one writes.</summary>
    public const int Format = 1;

    public static void Write(IWriteTransaction storage, EnvironmentRecord record)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("format"u8, Value.FromInteger(Format));
        builder.WriteAttribute("fabricId"u8, Value.FromInteger(record.FabricId));
        builder.WriteAttribute("collation"u8, Value.FromString(record.Collation));
        builder.EndObject();
        storage.Put(KeyLayout.EnvironmentKey, CatalogRecord.Write(KeyLayout.EnvironmentKey, builder.Build()));
    }

    /// <returns>Null for an environment that was never initialised.</returns>
    /// <exception cref="GeoFabricException">1108 when it was written by a newer program or holds something else.</exception>
    public static EnvironmentRecord? Read(IStorageReader storage, uint expectedFabricId)
    {
        if (!storage.TryGet(KeyLayout.EnvironmentKey, out var stored))
            return null;
        var content = CatalogRecord.Read(KeyLayout.EnvironmentKey, stored);
        var format = content.GetAttribute("format"u8);
        if (!format.IsInteger || format.Integer != Format)
            throw ErrorCodes.DataDirectoryUnusable.With($"format {format}, this program reads format {Format}; use the program that wrote it, or a newer one");
        var fabricId = content.GetAttribute("fabricId"u8);
        if (!fabricId.IsInteger || fabricId.Integer != expectedFabricId)
            throw ErrorCodes.DataDirectoryUnusable.With($"a directory holds fabric {fabricId} where fabric {expectedFabricId} belongs; put the directories back in their places");
        return new EnvironmentRecord(expectedFabricId, content.GetAttribute("collation"u8).Text);
    }
}
