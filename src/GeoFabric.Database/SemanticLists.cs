using System.Collections.Immutable;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Database;

/// <summary>Chooses how the vectors of a semantic view are divided, and learns the lists from the documents that are there.</summary>
internal static class SemanticLists
{
    private const int ListsMax = 1024;

    /// <summary>One in so many lists is looked through by default; more of them where a client asks for a graph, which promises more.</summary>
    private const int ListsPerProbe = 10;
    private const int ListsPerProbeOfGraph = 4;
    private const int ProbesOfGraphMin = 8;

    /// <param name="present">The view as it is: fields that ask for the same stay as they are. Null for a new one.</param>
    /// <exception cref="Primitives.Errors.GeoFabricException">1203 for an unknown collection, 10 for vectors that cannot be.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<SemanticField>> Learn(
        FabricDatabase fabric, AccessScope scope, IReadOnlyDictionary<string, ImmutableArray<SemanticField>> asked, ViewDefinition? present, CancellationToken cancellationToken)
    {
        var learned = new Dictionary<string, ImmutableArray<SemanticField>>(StringComparer.Ordinal);
        foreach (var (name, fields) in asked)
        {
            var collection = fabric.Catalog.GetCollection(name);
            var known = present?.SemanticLinks.GetValueOrDefault(collection.WireId) is { IsDefault: false } same ? same : [];
            learned.Add(name, [.. fields.Select(field => known.FirstOrDefault(field.AsksForSame) ?? Learn(fabric, scope, collection, field, cancellationToken))]);
        }
        return learned;
    }

    private static SemanticField Learn(FabricDatabase fabric, AccessScope scope, CollectionDefinition collection, SemanticField field, CancellationToken cancellationToken)
    {
        field.Vector.Check();
        long documents;
        using (var snapshot = fabric.OpenSnapshot(scope))
            documents = snapshot.CountDocuments(collection);
        var config = field.Told.GetAttribute("indexConfig"u8);
        var kind = config.GetAttribute("type"u8).Text;
        var most = Math.Min(ListsMax, VectorSettings.NumbersMax / field.Vector.Dimension);
        var lists = kind == "flat" ? 1 : (int)Math.Clamp(Math.Ceiling(Math.Sqrt(documents)), 1, most);
        var asked = config.GetAttribute("nProbe"u8);
        var probes = asked.IsInteger ? asked.Integer : kind == "hnsw" ? Math.Max(ProbesOfGraphMin, lists / ListsPerProbeOfGraph) : lists / ListsPerProbe;
        var divided = field with { Vector = field.Vector with { Lists = lists, Probes = (int)Math.Clamp(probes, 1, lists) } };
        var index = CatalogOperations.Describe(new IndexSettings("vector", [field.Path]) { Vector = divided.Vector });
        return divided with { Centroids = VectorSample.Learn(fabric, scope, collection.Name, index, cancellationToken) };
    }
}
