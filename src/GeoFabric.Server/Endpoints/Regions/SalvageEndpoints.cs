using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Salvage;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>Takes over what a removed region had written and no other one got, for root of the root tenant. What <c>geofabric region salvage</c> talks to.</summary>
internal static class SalvageEndpoints
{
    private const string Tag = "Regions";
    private static readonly RouteParameter s_incarnation = new("incarnation", "which of the region's incarnations; the last one that was removed when not given");

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/region/{name}/salvage", ReadAsync, "readRegionSalvage", "Read where a removed region's log ends for the others, and how far it has been taken over", Tag, RouteScope.Tenant)
        { Query = [s_incarnation] },
        new("POST", "/_api/region/{name}/salvage", TakeAsync, "salvageRegion", "Write records of a removed region's log again that no other region got", Tag, RouteScope.Tenant)
        { Query = [s_incarnation], BodyExample = """{"fabric":1,"records":["..."],"takenBack":[]}""" },
    ];

    private static Task ReadAsync(ApiRequest request)
    {
        RegionEndpoints.Demand(request);
        var (cluster, region, closed) = Find(request);
        var databases = request.Services.Databases;
        return AnswerAsync(request, ObjectValue.Of(
            ("cluster", Value.FromString(cluster.ClusterId)),
            ("into", Value.FromString(request.Services.Region)),
            ("region", Value.FromString(region.Name.Text)),
            ("number", Value.FromInteger(region.Id)),
            ("incarnation", Value.FromInteger(closed.Incarnation)),
            ("fabrics", ObjectValue.List(databases.OpenFabrics.Select(database => Describe(database, SourceOf(cluster, region, closed, database)))))));
    }

    private static async Task TakeAsync(ApiRequest request)
    {
        RegionEndpoints.Demand(request);
        var services = request.Services;
        var (cluster, region, closed) = Find(request);
        if (services.Replication.Readiness != RegionReadiness.Ready)
            throw ErrorCodes.RegionUnavailable.With($"region '{services.Region}' writes nothing now; ask another one");
        var body = await request.ReadObjectAsync();
        var id = (uint)(body.Integer("fabric"u8, 0, uint.MaxValue) ?? throw ErrorCodes.BadParameter.With("attribute 'fabric' is missing; give the number of a fabric"));
        var database = services.Databases.FindFabric(id) ?? throw ErrorCodes.FabricNotFound.With($"number {id}; it has been dropped");
        var takenBack = new HashSet<long>();
        foreach (var sequence in body.Items("takenBack"u8))
            takenBack.Add(sequence.IsInteger ? sequence.Integer : throw ErrorCodes.BadParameter.With($"attribute 'takenBack' lists sequences, not {sequence}"));
        var records = new List<SalvagedRecord>();
        foreach (var text in body.Texts("records"u8))
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length))
                throw ErrorCodes.BadParameter.With($"record {records.Count} is not written in base64");
            records.Add(Read(bytes.AsMemory(0, length), takenBack));
        }
        var result = await database.Salvage.TakeAsync(SourceOf(cluster, region, closed, database), records, request.Aborted);
        await AnswerAsync(request, ObjectValue.With(
            Describe(result.Counts),
            ObjectValue.Of(("through", Value.FromInteger((long)result.Through)), ("notes", ObjectValue.Strings(result.Notes)))));
    }

    private static SalvagedRecord Read(ReadOnlyMemory<byte> bytes, HashSet<long> takenBack)
    {
        try
        {
            return new SalvagedRecord(bytes, takenBack.Count > 0 && takenBack.Contains((long)ChangeRecord.Read(bytes.Span).Sequence));
        }
        catch (InvalidDataException error)
        {
            throw ErrorCodes.BadParameter.With($"a record is damaged: {error.Message}", error);
        }
    }

    /// <exception cref="GeoFabricException">1454 when the region has not been removed.</exception>
    private static (ClusterConfiguration Cluster, ClusterRegion Region, ClosedIncarnation Closed) Find(ApiRequest request)
    {
        var cluster = request.Services.Membership.Cluster;
        var region = cluster.GetRegion(request.Path("name"));
        var wanted = request.Text("incarnation");
        foreach (var closed in region.Closed.Reverse())
        {
            if (wanted is null || wanted == closed.Incarnation.ToString(System.Globalization.CultureInfo.InvariantCulture))
                return (cluster, region, closed);
        }
        var which = wanted is null ? "" : $" (incarnation {wanted})";
        throw ErrorCodes.RegionStateConflict.With(
            region.IsMember
                ? $"'{region.Name}'{which} is a member: what it has written comes by itself when it is linked again. Only a removed region is salvaged, see 'geofabric region remove'"
                : $"'{region.Name}' has not been removed as incarnation {wanted}; it was incarnation {string.Join(" and ", region.Closed.Select(closed => closed.Incarnation))}");
    }

    private static SalvageSource SourceOf(ClusterConfiguration cluster, ClusterRegion region, ClosedIncarnation closed, FabricDatabase database) => new(
        new ChangeOrigin(region.Id, closed.Incarnation),
        region.Name.Text,
        closed.LastSequences.GetValueOrDefault(database.Fabric.Id),
        member => cluster.Regions.TryGetValue(member, out var known) && known.IsMember);

    private static Value Describe(FabricDatabase database, SalvageSource source)
    {
        var (through, counts) = database.Salvage.Read(source);
        return ObjectValue.With(
            ObjectValue.Of(
                ("id", Value.FromInteger(database.Fabric.Id)),
                ("tenant", Value.FromString(database.Fabric.Tenant.Text)),
                ("name", Value.FromString(database.Fabric.Name.Text)),
                ("end", Value.FromInteger((long)source.End)),
                ("through", Value.FromInteger((long)through))),
            Describe(counts));
    }

    private static Value Describe(SalvageCounts counts) => ObjectValue.Of(
        ("taken", Value.FromInteger(counts.Taken)),
        ("known", Value.FromInteger(counts.Known)),
        ("superseded", Value.FromInteger(counts.Superseded)),
        ("journalled", Value.FromInteger(counts.Journalled)),
        ("left", Value.FromInteger(counts.Left)));

    private static Task AnswerAsync(ApiRequest request, Value result) => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", result));
}
