using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Database.Maintenance;

/// <summary>What background work needs of the fabric it works on; it acts with all rights.</summary>
internal interface IMaintainedFabric
{
    uint Id { get; }

    /// <summary>The definitions as of the last commit.</summary>
    CatalogSnapshot Catalog { get; }

    /// <summary>Where what takes long is told.</summary>
    FabricJobs Jobs { get; }

    FabricSnapshot OpenSnapshot();

    /// <summary>Runs one turn as a transaction that may change keys and counters without an operation in the change log.</summary>
    Task<T> RunAsync<T>(Func<FabricTransaction, T> turn, CancellationToken cancellationToken = default);

    /// <summary>Drops an index that is still being filled, with the rights of the scope. One that is ready stays.</summary>
    Task DropUnfinishedAsync(AccessScope scope, uint collectionId, uint indexId);

    /// <summary>Takes back what was done for requests that another region had carried out before.</summary>
    Task CompensateAsync(CancellationToken cancellationToken);
}
