using System.Net;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Transport;

/// <summary>
/// Brings the newest catalog everywhere: two regions compare positions, and the one behind takes the other's catalog whole. It does not matter whose it
/// is: a region that cannot reach the home gets it from its neighbours.
/// </summary>
internal sealed class CatalogGossip(DatabaseHost databases, PeerCounters counters)
{
    public const string PositionHeader = "x-gfr-catalog";

    /// <summary>Compares with one region, and leaves both with the newer catalog.</summary>
    /// <exception cref="PeerRefusedException">It refuses, or what it sends is refused.</exception>
    public async Task ExchangeAsync(PeerClient client, CancellationToken cancellationToken)
    {
        CatalogPosition theirs;
        using (var response = await client.SendAsync(HttpMethod.Get, PeerRoutes.CatalogPath, headers: [(PositionHeader, Own.ToString())], cancellationToken: cancellationToken))
        {
            if (response.StatusCode != HttpStatusCode.NoContent)
            {
                await JudgeAsync(await response.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
                return;
            }
            theirs = response.Headers.TryGetValues(PositionHeader, out var values) ? CatalogPosition.Parse(values.First()) : default;
        }
        if (theirs.IsOfOtherHome(Own))
            throw Refusal(CatalogVerdict.TwoHomes);
        if (!Own.IsAfter(theirs))
            return;
        using var content = new ByteArrayContent(CatalogTransfer.Write(databases.Catalog));
        using var taken = await client.SendAsync(HttpMethod.Put, PeerRoutes.CatalogPath, content: content, cancellationToken: cancellationToken);
    }

    /// <summary>Takes a catalog that a region sent.</summary>
    /// <exception cref="PeerRefusedException">It is of another cluster, or contradicts what is known.</exception>
    public Task TakeAsync(byte[] bytes, CancellationToken cancellationToken) => JudgeAsync(bytes, cancellationToken);

    private CatalogPosition Own => CatalogPosition.Of(databases.Catalog);

    private async Task JudgeAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        CatalogVerdict verdict;
        try
        {
            verdict = await databases.ReplaceFromHomeAsync(CatalogTransfer.Read(bytes), cancellationToken);
        }
        catch (GeoFabricException error) when (error.Code == ErrorCodes.BadParameter)
        {
            counters.Refuse("catalog: damaged");
            throw new PeerRefusedException("catalog: damaged", error.Message);
        }
        if (verdict is not (CatalogVerdict.Newer or CatalogVerdict.Same or CatalogVerdict.Older))
            throw Refusal(verdict);
    }

    private PeerRefusedException Refusal(CatalogVerdict verdict) => new($"catalog: {verdict}", verdict == CatalogVerdict.TwoHomes
        ? $"two regions were made home in the same term, '{databases.Catalog.Cluster?.HomeRegion.Name}' is the one known here; promote one of them once more"
        : $"the catalog is refused: {verdict}");
}
