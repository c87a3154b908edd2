using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Database.Maintenance;

/// <summary>What background work needs of the fabric it works on; it acts with all rights.</summary>
internal interface IMaintainedFabric
{
    uint Id { get; }

    /// <summary>The definitions as of the last commit.</summary>
    CatalogSnapshot Catalog { get; }

    FabricSnapshot OpenSnapshot();

    /// <summary>Runs one turn as a transaction that may change keys and counters without an operation in the change log.</summary>
    Task<T> RunAsync<T>(Func<FabricTransaction, T> turn, CancellationToken cancellationToken = default);

    /// <summary>Takes back what was done for requests that another region had carried out before.</summary>
    Task CompensateAsync(CancellationToken cancellationToken);
}
