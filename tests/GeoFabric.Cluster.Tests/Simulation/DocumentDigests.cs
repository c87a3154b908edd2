using System.Text;
using GeoFabric.Database;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What a fabric's documents show, as two numbers.</summary>
/// <param name="Model">Of what the model knows of them, as it computes it itself.</param>
/// <param name="Content">Of all of their attributes, revisions included, in the order of their names.</param>
internal sealed record DocumentDigests(ulong Model, ulong Content)
{
    public static DocumentDigests Of(FabricDatabase database)
    {
        using var snapshot = database.OpenSnapshot(database.SystemScope);
        ulong model = 0, content = 0;
        foreach (var name in (string[])[DatabaseWrites.Registers, DatabaseWrites.Sums])
        {
            if (!snapshot.Catalog.TryGetCollection(name, out var collection))
                continue;
            using var cursor = snapshot.ScanCollection(collection);
            while (cursor.MoveNext())
            {
                var document = cursor.Document;
                model ^= ModelDocument.Hash(DatabaseWrites.ToModelKey(document.GetAttribute("_key"u8).Utf8), DatabaseWrites.ToModelValue(document));
                content ^= XxHash64.Hash(Encoding.UTF8.GetBytes($"{name}/{DatabaseChecks.Sorted(document)}"));
            }
        }
        return new DocumentDigests(model, content);
    }
}
