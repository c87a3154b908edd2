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
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted);
        try
        {
            var report = request.Text("collection") is { } name
                ? FabricVerifier.Verify(request.Fabric, request.Fabric.Catalog.GetCollection(name), cancellationToken: both.Token)
                : FabricVerifier.Verify(request.Fabric, cancellationToken: both.Token);
            await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Describe(report)));
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            throw ErrorCodes.ResourceLimit.With($"reading everything takes longer than {s_timeMax.TotalMinutes} minutes; name one collection, or stop the server and run 'geofabric check --data DIR'");
        }
    }
}
