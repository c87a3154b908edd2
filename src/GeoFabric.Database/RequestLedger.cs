using GeoFabric.Database.Access;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database;

/// <summary>The requests a fabric remembers, as whoever answers clients needs them.</summary>
/// <remarks>Thread-safe, like its <see cref="FabricDatabase"/>.</remarks>
public sealed class RequestLedger
{
    /// <summary>Characters of an answer that are kept. Of longer ones only the outcome is.</summary>
    public const int AnswerLengthMax = 64 << 10;

    private readonly FabricDatabase _database;

    internal RequestLedger(FabricDatabase database) => _database = database;

    /// <summary>What came of a request; null when it has not been carried out, as far as this region knows.</summary>
    /// <exception cref="GeoFabricException">1455 when the id was used for something else.</exception>
    public RequestOutcome? Find(AccessScope scope, WriteRequest request)
    {
        using var snapshot = _database.OpenSnapshot(scope);
        if (RequestEntries.Find(snapshot.Storage, request.Id, _database.Origin) is not { } entry)
            return null;
        RequestEntries.DemandSame(entry, request);
        return Describe(request.Id, entry, snapshot);
    }

    /// <summary>Keeps an answer before it is given, so that it can be given again.</summary>
    public async Task StoreAnswerAsync(AccessScope scope, UInt128 id, string answer, CancellationToken cancellationToken = default)
    {
        if (answer.Length > AnswerLengthMax)
            return;
        await _database.RunAsync(
            scope,
            transaction =>
            {
                if (RequestEntries.Find(transaction.Storage, id, _database.Origin) is { } entry && entry.Origin == _database.Origin)
                    RequestEntries.Put(transaction.Storage, id, entry with { Answer = answer });
                return true;
            },
            isMaintenance: true,
            cancellationToken);
    }

    /// <summary>Takes back what was done here for requests that another region had carried out before.</summary>
    internal async Task CompensateAsync(CancellationToken cancellationToken)
    {
        List<UInt128> pending;
        using (var snapshot = _database.OpenSnapshot(_database.SystemScope))
            pending = RequestCompensation.ListPending(snapshot.Storage);
        foreach (var id in pending)
        {
            await _database.RunAsync(
                _database.SystemScope,
                transaction =>
                {
                    RequestCompensation.Run(transaction, _database.Origin, id);
                    return true;
                },
                isMaintenance: true,
                cancellationToken);
        }
    }

    internal static RequestOutcome Describe(UInt128 id, RequestEntry entry, IFabricReader reader)
    {
        var collection = entry.Key is null ? null : reader.Catalog.Collections.Values.FirstOrDefault(collection => collection.WireId == entry.WireId);
        return new RequestOutcome(id, entry.Origin, entry.Stamp, collection?.Name, collection is null ? null : entry.Key, entry.Answer);
    }
}
