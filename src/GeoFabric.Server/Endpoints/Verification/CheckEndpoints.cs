using GeoFabric.Database.Catalog;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Verification;

/// <summary>Compares all that is stored twice in one region: documents with index entries, both ways, counters and change log. What <c>geofabric check</c> talks to.</summary>
internal static class CheckEndpoints
{
    /// <summary>A snapshot is held all the while, and pins what is overwritten meanwhile.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/check", CheckAsync, "checkFabric", "Compare every index with its documents, and both with counters and change log, as of the last commit", "Replication")
        {
            Query = [new("collection", "Name of one collection; the whole fabric when it is not given")],
        },
    ];

    /// <summary>A report as clients see it.</summary>
    public static Value Describe(VerificationReport report) => ObjectValue.Of(
        ("documents", Value.FromInteger(report.Documents)),
        ("indexEntries", Value.FromInteger(report.IndexEntries)),
        ("changeRecords", Value.FromInteger(report.ChangeRecords)),
        ("differences", Value.FromInteger(report.Differences)),
        ("collections", ObjectValue.List(report.Collections.Select(collection => ObjectValue.Of(
            ("name", Value.FromString(collection.Name)),
            ("documents", Value.FromInteger(collection.Documents)),
            ("differences", Value.FromInteger(collection.Differences)),
            ("indexes", ObjectValue.List(collection.Indexes.Select(Describe))))))),
        ("disagreements", ObjectValue.Strings(report.Disagreements)));

    private static Value Describe(VerifiedIndex index) => ObjectValue.Of(
        ("name", Value.FromString(index.Name)),
        ("type", Value.FromString(index.Type)),
        ("entries", Value.FromInteger(index.Entries)),
        ("isBuilding", Value.FromBoolean(index.IsBuilding)),
        ("differences", Value.FromInteger(index.Differences)));

    private static async Task CheckAsync(ApiRequest request)
    {
        request.Scope.DemandAdministration();
        using var timeout = new CancellationTokenSource(s_timeMax, request.Services.Clock);
        using var cancelled = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted, cancelled.Token);
        var collection = request.Text("collection") is { } name ? request.Fabric.Catalog.GetCollection(name) : null;
        using var job = request.Fabric.Jobs.Begin(JobKind.Check, collection, total: Estimate(request, collection), cancel: scope =>
        {
            scope.DemandAdministration();
            return cancelled.CancelAsync();
        });
        var told = new VerificationProgress("", 0);
        try
        {
            var report = collection is not null
                ? FabricVerifier.Verify(request.Fabric, collection, Tell, any.Token)
                : FabricVerifier.Verify(request.Fabric, Tell, any.Token);
            await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Describe(report)));
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            throw ErrorCodes.Cancelled.With("the check, by another request");
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            throw ErrorCodes.ResourceLimit.With($"reading everything takes longer than {s_timeMax.TotalMinutes} minutes; name one collection, or stop the server and run 'geofabric check --data DIR'");
        }

        void Tell(VerificationProgress progress)
        {
            job.Advance(progress.Documents - (progress.Collection == told.Collection ? told.Documents : 0));
            told = progress;
        }
    }

    private static long Estimate(ApiRequest request, CollectionDefinition? collection)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        return collection is not null ? snapshot.EstimateDocuments(collection) : snapshot.Catalog.Collections.Values.Sum(snapshot.EstimateDocuments);
    }
}
