using System.Collections.Immutable;
using System.Globalization;
using GeoFabric.Database.Jobs;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>What goes on for long in a fabric.</summary>
internal static class JobEndpoints
{
    private const string Tag = "Administration";

    /// <summary>How clients know each kind, and what it counts.</summary>
    private static readonly ImmutableDictionary<JobKind, (string Name, string Unit)> s_kinds = new Dictionary<JobKind, (string, string)>
    {
        [JobKind.IndexBuild] = ("indexBuild", "documents"),
        [JobKind.ViewBuild] = ("viewBuild", "documents"),
        [JobKind.IndexRemoval] = ("indexRemoval", "entries"),
        [JobKind.ContentsRemoval] = ("contentsRemoval", "entries"),
        [JobKind.Expiry] = ("expiry", "documents"),
        [JobKind.LogTrimming] = ("logTrimming", "records"),
        [JobKind.SnapshotReceipt] = ("snapshotReceipt", "bytes"),
        [JobKind.Import] = ("import", "documents"),
        [JobKind.Check] = ("check", "documents"),
    }.ToImmutableDictionary();

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/jobs", ListAsync, "listJobs", "List what goes on for long in the fabric, in this region: builds, imports, deletions, snapshots, checks", Tag),
        new("DELETE", "/jobs/{id}", CancelAsync, "cancelJob", "Cancel a job that can be cancelled; an index that is being built is dropped, in all regions", Tag),
    ];

    private static Task ListAsync(ApiRequest request) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(request.Fabric.Jobs.List(request.Scope).Select(Describe))));

    private static async Task CancelAsync(ApiRequest request)
    {
        await request.Fabric.Jobs.CancelAsync(request.Scope, request.Path("id"));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200);
    }

    private static Value Describe(FabricJob job) => ObjectValue.Of(
        ("id", Value.FromString(job.Id.ToString(CultureInfo.InvariantCulture))),
        ("kind", Value.FromString(s_kinds[job.Kind].Name)),
        ("collection", job.Collection is { } collection ? Value.FromString(collection.Name) : Value.Null),
        ("subject", job.Subject is { } subject ? Value.FromString(subject) : Value.Null),
        ("done", Value.FromInteger(job.Done)),
        ("total", job.Total is { } total ? Value.FromInteger(total) : Value.Null),
        ("unit", Value.FromString(s_kinds[job.Kind].Unit)),
        ("share", job.Share is { } share ? Value.FromDouble(Math.Round(share, 4)) : Value.Null),
        ("started", TimeValue.Of(job.Started)),
        ("canCancel", Value.FromBoolean(job.CanCancel)));
}
