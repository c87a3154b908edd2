using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Database;

/// <summary>One open fabric: reads on snapshots, writes through the fabric's one writer, definitions.</summary>
/// <remarks>Thread-safe. Every task ends when its change is on disk and visible to new snapshots.</remarks>
public sealed class FabricDatabase
{
    /// <summary>The fabric's record in the server's catalog as of now: name, tenant, options.</summary>
    public FabricRecord Fabric => throw new NotImplementedException();

    /// <summary>The definitions as of the last commit.</summary>
    public CatalogSnapshot Catalog => throw new NotImplementedException();

    /// <summary>Opens a consistent view of the last commit.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1228 when the fabric is being dropped, 1303 when too many are open.</exception>
    public FabricSnapshot OpenSnapshot(AccessScope scope) => throw new NotImplementedException();

    /// <summary>Runs <paramref name="work"/> as one transaction in the writer's turn: all or nothing, durable when the task ends.</summary>
    /// <param name="work">
    /// May run more than once, so it must set its results, never add to them. What it returns must not hold documents of the transaction:
    /// detach or write them out before returning. When it throws, nothing is stored and the task fails with its exception.
    /// </param>
    /// <param name="cancellationToken">Takes the work back while it waits for its turn; once begun it finishes.</param>
    public Task<T> WriteAsync<T>(AccessScope scope, Func<FabricTransaction, T> work, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="Primitives.Errors.GeoFabricException">1208 bad name, 1207 taken, 10 for bad key options.</exception>
    public Task<CollectionDefinition> CreateCollectionAsync(AccessScope scope, CollectionSettings settings, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <returns>The definition the collection had.</returns>
    public Task<CollectionDefinition> DropCollectionAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Empties a collection at once; its id, indexes and key generator stay.</summary>
    public Task<CollectionDefinition> TruncateAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<CollectionDefinition> RenameAsync(AccessScope scope, string name, string newName, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<CollectionDefinition> UpdatePropertiesAsync(AccessScope scope, string name, CollectionPropertiesPatch patch, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Creates an index and fills it while writers go on; ends when queries may use it.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">10 or 1235 for bad settings, 1210 when documents violate a unique index.</exception>
    public Task<IndexCreation> CreateIndexAsync(AccessScope scope, string collection, IndexSettings settings, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <param name="indexName">The index's name, or its id as text.</param>
    public Task<IndexDefinition> DropIndexAsync(AccessScope scope, string collection, string indexName, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Sizes of a collection, kept exactly with every write.</summary>
    public CollectionFigures GetFigures(AccessScope scope, CollectionDefinition collection) => throw new NotImplementedException();

    /// <summary>Saves a query.</summary>
    /// <param name="mayReplace">False: a query of that name must not exist (1207).</param>
    public Task<StoredQuery> SaveStoredQueryAsync(AccessScope scope, StoredQuery query, bool mayReplace, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public bool TryGetStoredQuery(AccessScope scope, string name, [MaybeNullWhen(false)] out StoredQuery query) => throw new NotImplementedException();

    /// <summary>All saved queries, by name.</summary>
    public IReadOnlyList<StoredQuery> ListStoredQueries(AccessScope scope) => throw new NotImplementedException();

    /// <returns>Whether there was such a query.</returns>
    public Task<bool> DeleteStoredQueryAsync(AccessScope scope, string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
