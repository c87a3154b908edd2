using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Queries;
using GeoFabric.Server.Http;
using GeoFabric.Storage;

namespace GeoFabric.Server.Endpoints.ImportExport;

/// <summary>Whole collections in and out.</summary>
internal static class ImportExportEndpoints
{
    private const string Tag = "Import Export";
    private const int ExportRowsMax = 1000;

    private static readonly ImmutableArray<RouteParameter> s_jobParameters =
    [
        new("job", "A name for an import that comes in several requests, which are listed as one job; once that is cancelled, further ones are refused with 410"),
        new("share", "How much of such an import has been sent with this request, from 0 to 1"),
    ];

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/export/{collection}", ExportAsync, "exportCollection", "Export a part of a collection", Tag)
        { Placement = RoutePlacement.ReadsCollection, Query = [new("offset", "Documents to skip"), new("limit", "Documents to return: 20 unless told, at most 1000"), new("order", "asc or desc, by key")] },
        new("POST", "/export", ExportQueryAsync, "exportQuery", "Export the rows of a reading query", Tag)
        { BodyExample = """{"query":"FOR a IN addresses RETURN a","bindVars":{}}""", Placement = RoutePlacement.RunsQuery },
        new("POST", "/import/{collection}", DocumentImport.ImportDataAsync, "importDocuments", "Import an array of documents", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = s_jobParameters, BodyExample = """{"data":[{"_key":"1","name":"Ada"}],"details":false,"primaryKey":"","replace":false}""" },
        new("POST", "/import", DocumentImport.ImportLinesAsync, "importLines", "Import newline-separated JSON or an array; rows that cannot be stored are counted and told", Tag)
        {
            Placement = RoutePlacement.WritesCollection,
            TakesRequestId = true,
            SuccessStatus = 201,
            BodyExample = """[{"_key":"1","name":"Ada"}]""",
            Query =
            [
                new("collection", "Name of the collection", IsRequired: true), new("type", "documents: JSON objects, one on a line; list: an array; auto, unless told, looks at the first letter"),
                new("onDuplicate", "What happens to a document whose key is taken: error, unless told; update, replace or ignore"),
                new("details", "true: also the rows that failed, with their numbers from 0 and the reasons"), new("overwrite", "true: delete all documents first"),
                .. s_jobParameters,
            ],
        },
    ];

    private static Task ExportAsync(ApiRequest request)
    {
        var offset = request.Number("offset", 0);
        var limit = request.Number("limit", 20, ExportRowsMax);
        var direction = request.Text("order") switch
        {
            null or "asc" or "ASC" => ScanDirection.Forward,
            "desc" or "DESC" => ScanDirection.Backward,
            var other => throw ErrorCodes.BadParameter.With($"order '{other}'; it is asc or desc"),
        };
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ReadRows(request, offset, limit, direction)));
    }

    private static Value ReadRows(ApiRequest request, long offset, long limit, ScanDirection direction)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        var collection = snapshot.Catalog.GetCollection(request.Path("collection"));
        request.Scope.DemandRead(collection);
        using var builder = new ValueBuilder(4096);
        builder.BeginArray();
        using (var cursor = snapshot.ScanCollection(collection, direction))
        {
            for (var position = 0L; position < offset + limit && cursor.MoveNext(); position++)
            {
                if (position >= offset)
                    WriteWithoutIdentity(builder, cursor.Document);
            }
        }
        builder.EndArray();
        return builder.Build();
    }

    private static async Task ExportQueryAsync(ApiRequest request)
    {
        var (body, bytes) = await QueryPlacement.ReadBodyAsync(request);
        var query = QueryRequestReader.Read(body, QueryEndpoints.QueryText(body), body.Object("bindVars"u8)) with { BatchSize = ExportRowsMax };
        var engine = request.Services.Queries;
        if (engine.Explain(request.Fabric, request.Scope, request.Caller, query).IsModification)
            throw ErrorCodes.BadParameter.With("an export query only reads; INSERT, UPDATE, REPLACE, REMOVE and UPSERT are not allowed");
        if (!await QueryPlacement.AdmitAsync(request, query, body, bytes))
            return;
        var page = await engine.ExecuteAsync(request.Fabric, request.Scope, request.Caller, query, request.Aborted);
        if (page.CursorId is { } rest)
            engine.Cursors.Delete(rest, request.Caller.CursorOwner);
        using var builder = new ValueBuilder(4096);
        builder.BeginArray();
        foreach (var row in JsonValueReader.Parse(page.ResultJson.Span).Items)
            WriteWithoutIdentity(builder, row);
        builder.EndArray();
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", builder.Build()));
    }

    /// <summary>Exported documents carry their key but neither <c>_id</c> nor <c>_rev</c>, so they can be imported elsewhere.</summary>
    private static void WriteWithoutIdentity(ValueBuilder builder, Value row)
    {
        if (!row.IsObject)
        {
            builder.Write(row);
            return;
        }
        builder.BeginObject();
        foreach (var (name, value) in row.Attributes)
        {
            if (!name.SequenceEqual("_id"u8) && !name.SequenceEqual("_rev"u8))
                builder.WriteAttribute(name, value);
        }
        builder.EndObject();
    }
}
