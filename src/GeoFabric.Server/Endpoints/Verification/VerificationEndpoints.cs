using System.Globalization;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace GeoFabric.Server.Endpoints.Verification;

/// <summary>What anybody may know of a fabric's copies: whether they are the same.</summary>
internal static class VerificationEndpoints
{
    private const string Tag = "Replication";
    private const int AttemptsMax = 20;

    /// <summary>A snapshot is held while a collection is read, so reading has an end.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Clocks of regions may differ by less than this.</summary>
    private static readonly TimeSpan s_expiryMargin = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_replication/verify", VerifyAsync, "verifyReplication", "Sum up each collection in one number, by which copies in regions are compared", Tag)
        {
            Query =
            [
                new("collection", "Name of one collection; all that the caller may read when it is not given"),
                new("compare", "true: ask the other regions too, and say per collection whether theirs is equal, different, or still moving"),
                new("expiringBefore", "Seconds since 1970; documents whose life ends by then are left out. In a minute when it is not given"),
            ],
        },
    ];

    private static async Task VerifyAsync(ApiRequest request)
    {
        var expiringBefore = ReadExpiry(request);
        var collections = FindCollections(request);
        using var timeout = new CancellationTokenSource(s_timeMax, request.Services.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted);
        try
        {
            if (request.Flag("compare"))
                await CompareAsync(request, collections, expiringBefore, both.Token);
            else
                await AnswerAsync(request, Scan(request, collections, expiringBefore, both.Token).Select(root => RootComparison.Describe(root)), []);
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            throw ErrorCodes.ResourceLimit.With($"reading all documents takes longer than {s_timeMax.TotalSeconds} seconds; name one collection");
        }
    }

    private static async Task CompareAsync(ApiRequest request, IReadOnlyList<CollectionDefinition> collections, double expiringBefore, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var asked = AskAsync(request, expiringBefore, cancellationToken);
            var roots = Scan(request, collections, expiringBefore, cancellationToken);
            var others = await asked;
            var verdicts = roots.Zip(collections, (root, collection) => others
                .Where(other => collection.KeptAt.IsKeptAt(other.Number)).Select(other => (other.Region, Verdict: RootComparison.Judge(root, other))).ToList()).ToList();
            // What is on its way has arrived in a moment.
            if (attempt < AttemptsMax && verdicts.Exists(ofCollection => ofCollection.Exists(verdict => verdict.Verdict == RootComparison.Moving)))
            {
                await Task.Delay(s_pause, request.Services.Clock, cancellationToken);
                continue;
            }
            await AnswerAsync(request, roots.Zip(verdicts, (root, ofCollection) => RootComparison.Describe(root, ofCollection)), others);
            return;
        }
    }

    private static List<CollectionRoot> Scan(ApiRequest request, IReadOnlyList<CollectionDefinition> collections, double expiringBefore, CancellationToken cancellationToken)
    {
        var roots = new List<CollectionRoot>();
        foreach (var collection in collections)
            roots.Add(RootScanner.Scan(request.Fabric, request.Scope, collection, expiringBefore, cancellationToken));
        return roots;
    }

    /// <summary>Asks every other region with the caller's own rights.</summary>
    private static async Task<RegionRoots[]> AskAsync(ApiRequest request, double expiringBefore, CancellationToken cancellationToken)
    {
        var databases = request.Services.Databases;
        if (databases.Catalog.Cluster is not { } cluster)
            return [];
        var path = $"/_tenant/{request.Tenant}/_fabric/{request.Fabric.Fabric.Name}/_api/_replication/verify";
        var query = new QueryBuilder { { "expiringBefore", expiringBefore.ToString("R", CultureInfo.InvariantCulture) } };
        if (request.Text("collection") is { } name)
            query.Add("collection", name);
        return await Task.WhenAll(cluster.Members.Where(member => member.Id != databases.Region.Id).Select(async member =>
        {
            try
            {
                var answer = await request.Services.Placement.Forwarder.AskAsync(request.Http, member, path + query, cancellationToken);
                return RootComparison.Read(member.Name.Text, member.Id, answer);
            }
            catch (GeoFabricException refused)
            {
                return new RegionRoots(member.Name.Text, member.Id, null, refused.Message);
            }
        }));
    }

    private static Task AnswerAsync(ApiRequest request, IEnumerable<Value> collections, IReadOnlyCollection<RegionRoots> others) => ResultWriter.WriteEnvelopeAsync(
        request.Http, 200, ("result", ObjectValue.Of(
            ("region", Value.FromString(request.Services.Region)),
            ("collections", ObjectValue.List(collections)),
            ("silent", ObjectValue.Of(others.Where(other => other.Roots is null).Select(other => (other.Region, Value.FromString(other.Problem))))))));

    private static IReadOnlyList<CollectionDefinition> FindCollections(ApiRequest request)
    {
        if (request.Text("collection") is { } name)
            return [request.Fabric.Catalog.GetCollection(name)];
        return [.. request.Fabric.Catalog.Collections.Values
            .Where(collection => !collection.IsLocal && collection.KeptAt.IsKeptAt(request.Services.Databases.Region.Id) && request.Scope.LevelOf(collection) >= AccessLevel.Read)
            .OrderBy(collection => collection.Name, StringComparer.Ordinal)];
    }

    private static double ReadExpiry(ApiRequest request)
    {
        if (request.Text("expiringBefore") is not { } text)
            return (request.Services.Clock.GetUtcNow() + s_expiryMargin).ToUnixTimeMilliseconds() / 1000.0;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw ErrorCodes.BadParameter.With($"query parameter 'expiringBefore' is '{(text.Length > 40 ? text[..40] : text)}'; it takes seconds since 1970");
    }
}
