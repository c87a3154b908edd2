using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Endpoints.Datacenters;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Fabrics;

/// <summary>Fabrics of a tenant. They are created and dropped through the system fabric only (1230).</summary>
internal static class FabricEndpoints
{
    private const string Tag = "GeoFabrics";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/database", ListAsync, "listFabrics", "List fabric names", Tag),
        new("POST", "/database", CreateAsync, "createFabric", "Create a fabric", Tag)
        {
            BodyExample = """{"name":"shop","options":{"dcList":"","spotDc":"","metadata":{}},"users":["root"]}""",
            SuccessStatus = 201,
            Placement = RoutePlacement.Home,
        },
        new("GET", "/database/user", ListUserAsync, "listUserFabrics", "List fabrics with their options", Tag),
        new("GET", "/database/current", ReadAsync, "readFabric", "Read this fabric", Tag),
        new("GET", "/database/metadata", ReadAsync, "readFabricMetadata", "Read this fabric's metadata", Tag),
        new("PUT", "/database/metadata", request => WriteMetadataAsync(request, isMerge: false), "replaceFabricMetadata", "Replace this fabric's metadata", Tag)
        {
            BodyExample = """{"metadata":{"stage":"test"}}""",
            SuccessStatus = 201,
            Placement = RoutePlacement.Home,
        },
        new("PATCH", "/database/metadata", request => WriteMetadataAsync(request, isMerge: true), "updateFabricMetadata", "Change this fabric's metadata", Tag)
        {
            BodyExample = """{"metadata":{"stage":"test"}}""",
            SuccessStatus = 201,
            Placement = RoutePlacement.Home,
        },
        new("PUT", "/database/{name}", MoveSpotAsync, "moveFabricSpot", "Make a region lead this fabric's strong writes", Tag) { Placement = RoutePlacement.Home },
        new("DELETE", "/database/{name}", DropAsync, "dropFabric", "Drop a fabric", Tag) { Placement = RoutePlacement.Home },
    ];

    private static Task ListAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(
        Fabrics(request).Select(fabric => Value.FromString(fabric.Name.Text)))));

    private static Task ListUserAsync(ApiRequest request) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(Fabrics(request).Select(fabric => Describe(request, fabric)))));

    private static Task ReadAsync(ApiRequest request) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Describe(request, request.Fabric.Fabric)));

    private static async Task CreateAsync(ApiRequest request)
    {
        DemandSystemFabric(request);
        var body = await request.ReadObjectAsync();
        var name = FabricName.Parse(body.Text("name"u8));
        var options = body.Fields("options"u8);
        await request.Services.Databases.CreateFabricAsync(
            request.Principal.Tenant,
            name,
            ReadOptions(request, options),
            request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, ("result", Value.True));
    }

    private static async Task MoveSpotAsync(ApiRequest request)
    {
        request.Scope.DemandAdministration();
        var services = request.Services;
        var cluster = services.Membership.Cluster;
        var fabric = request.Fabric.Fabric;
        var target = cluster.GetRegion(request.Path("name"));
        DemandSpot(target);
        var leader = RequestPlacement.HomeOf(cluster, fabric);
        Task ChangeAsync(CancellationToken cancellation) =>
            services.Databases.UpdateFabricOptionsAsync(fabric.Tenant, fabric.Name, options => options with { SpotRegion = target.Name.Text }, cancellation);
        if (leader.Id == target.Id || leader.State != RegionState.Live)
            await ChangeAsync(request.Aborted);
        else if (leader.Id == services.Databases.Region.Id)
            await services.Leadership.HandOverAsync([fabric.Id], target, ChangeAsync, request.Aborted);
        else
            throw ErrorCodes.RegionStateConflict.With($"region '{leader.Name}' leads the strong writes of '{fabric.Name}'; make it the home, or fail it, before the lead goes to '{target.Name}'");
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.True));
    }

    private static FabricOptions ReadOptions(ApiRequest request, RequestFields options)
    {
        var regions = options.Text("dcList"u8) ?? "";
        var spotRegion = options.Text("spotDc"u8) ?? "";
        if (request.Services.Databases.Catalog.Cluster is { } cluster)
        {
            foreach (var name in regions.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                cluster.GetRegion(name);
            if (spotRegion.Length > 0)
                DemandSpot(cluster.GetRegion(spotRegion));
        }
        return new FabricOptions(regions, spotRegion, options.Object("metadata"u8)) { Consistency = ReadConsistency(options) };
    }

    private static ConsistencyLevel? ReadConsistency(RequestFields options) =>
        options.Text("consistency"u8) is { } text ? ConsistencyLevel.Parse(text, "attribute 'consistency'") : null;

    private static void DemandSpot(ClusterRegion region)
    {
        if (!region.IsMember || !region.IsSpot)
            throw ErrorCodes.RegionStateConflict.With($"'{region.Name}' may not lead strong writes; make it a spot region first");
    }

    private static async Task DropAsync(ApiRequest request)
    {
        DemandSystemFabric(request);
        if (!FabricName.TryParse(request.Path("name"), out var name))
            throw ErrorCodes.FabricNotFound.With(request.Path("name"));
        await request.Services.Databases.DropFabricAsync(request.Principal.Tenant, name, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.True));
    }

    private static async Task WriteMetadataAsync(ApiRequest request, bool isMerge)
    {
        request.Scope.DemandAdministration();
        var body = await request.ReadObjectAsync();
        var metadata = body.Object("metadata"u8);
        if (metadata.IsNull)
            throw ErrorCodes.BadParameter.With("'metadata' is missing; it is an object");
        await request.Services.Databases.UpdateFabricOptionsAsync(request.Principal.Tenant, request.Fabric.Fabric.Name, options =>
            options with { Metadata = isMerge && options.Metadata.IsObject ? ObjectValue.With(options.Metadata, metadata) : metadata }, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, ("result", Value.True));
    }

    private static IReadOnlyList<FabricRecord> Fabrics(ApiRequest request) => request.Services.Databases.Catalog.ListFabrics(request.Principal.Tenant);

    private static void DemandSystemFabric(ApiRequest request)
    {
        request.Scope.DemandAdministration();
        if (!request.Fabric.Fabric.Name.IsSystem)
            throw ErrorCodes.OnlyInSystemFabric.With("create and drop fabrics through /_fabric/_system");
    }

    private static Value Describe(ApiRequest request, FabricRecord fabric)
    {
        var members = DataCenterEndpoints.Members(request).Select(region => region.Name.Text).ToList();
        var listed = fabric.Options.DataCenters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var regions = ObjectValue.Strings(listed.Length == 0 ? members : listed);
        var options = ObjectValue.Of(
            ("associated_regions", regions),
            ("clusters", regions),
            ("dcList", Value.FromString(listed.Length == 0 ? string.Join(',', members) : fabric.Options.DataCenters)),
            ("dynamo_local_tables", Value.False),
            ("metadata", fabric.Options.Metadata),
            ("name", Value.FromString($"{fabric.Tenant}.{fabric.Name}")),
            ("realTime", Value.True),
            ("spotDc", Value.FromString(fabric.Options.SpotRegion)),
            ("status", Value.FromString("available")),
            ("tenant", Value.FromString(fabric.Tenant.Text)));
        return ObjectValue.Of(("name", Value.FromString(fabric.Name.Text)), ("options", options), ("isSystem", Value.FromBoolean(fabric.Name.IsSystem)));
    }
}
