using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
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
        },
        new("GET", "/database/user", ListUserAsync, "listUserFabrics", "List fabrics with their options", Tag),
        new("GET", "/database/current", ReadAsync, "readFabric", "Read this fabric", Tag),
        new("GET", "/database/metadata", ReadAsync, "readFabricMetadata", "Read this fabric's metadata", Tag),
        new("PUT", "/database/metadata", request => WriteMetadataAsync(request, isMerge: false), "replaceFabricMetadata", "Replace this fabric's metadata", Tag)
        {
            BodyExample = """{"metadata":{"stage":"test"}}""",
            SuccessStatus = 201,
        },
        new("PATCH", "/database/metadata", request => WriteMetadataAsync(request, isMerge: true), "updateFabricMetadata", "Change this fabric's metadata", Tag)
        {
            BodyExample = """{"metadata":{"stage":"test"}}""",
            SuccessStatus = 201,
        },
        new("DELETE", "/database/{name}", DropAsync, "dropFabric", "Drop a fabric", Tag),
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
            new FabricOptions(options.Text("dcList"u8) ?? "", options.Text("spotDc"u8) ?? "", options.Object("metadata"u8)),
            request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, ("result", Value.True));
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
        var region = Value.FromString(request.Services.Options.Region);
        var options = ObjectValue.Of(
            ("associated_regions", Value.FromList([region])),
            ("clusters", Value.FromList([region])),
            ("dcList", fabric.Options.DataCenters.Length == 0 ? region : Value.FromString(fabric.Options.DataCenters)),
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
