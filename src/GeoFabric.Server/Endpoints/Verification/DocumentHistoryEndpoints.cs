using System.Globalization;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Documents;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Verification;

/// <summary>Who wrote a document, attribute by attribute, and whether the regions have the same of it.</summary>
internal static class DocumentHistoryEndpoints
{
    /// <summary>Read in 10 ms while in memory, in 80 ms when the key is in every record.</summary>
    private const long LogBytesMax = 64 << 20;

    private static readonly TimeSpan s_answerMax = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_replication/document/{collection}/{key}", ReadAsync, "readDocumentHistory", "Say who wrote each attribute of a document last, and what the logs hold of writes to it", "Replication")
        {
            Placement = RoutePlacement.ReadsCollection,
            Query = [new("compare", "true: ask the other regions too, and say whether theirs is equal, different, or still moving")],
        },
    ];

    private static async Task ReadAsync(ApiRequest request)
    {
        var collection = request.Fabric.Catalog.GetCollection(request.Path("collection"));
        var key = request.Path("key");
        var asked = request.Flag("compare") && !collection.IsLocal ? AskAsync(request, collection) : Task.FromResult<(string Region, Value Answer, string Problem)[]>([]);
        var own = Read(request, collection, key);
        var others = await asked;
        var regions = others.Select(other => ObjectValue.Of(
            ("region", Value.FromString(other.Region)),
            ("verdict", Value.FromString(Judge(own, other.Answer))),
            ("exists", other.Answer.GetAttribute("exists"u8)),
            ("revision", other.Answer.GetAttribute("revision"u8)),
            ("at", other.Answer.GetAttribute("at"u8)),
            ("writtenIn", other.Answer.GetAttribute("writtenIn"u8)),
            ("problem", other.Problem.Length == 0 ? Value.Null : Value.FromString(other.Problem))));
        await ResultWriter.WriteEnvelopeAsync(
            request.Http, 200, ("result", request.Flag("compare") ? ObjectValue.With(own, ObjectValue.Of(("regions", ObjectValue.List(regions)))) : own));
    }

    private static Value Read(ApiRequest request, Database.Catalog.CollectionDefinition collection, string key)
    {
        Span<byte> bytes = stackalloc byte[DocumentWriteOptions.KeyBytesMax];
        bytes = bytes[..DocumentWriteOptions.KeyBytes(key, bytes)];
        if (bytes.IsEmpty)
            throw ErrorCodes.DocumentNotFound.With($"'{collection.Name}/{(key.Length <= 64 ? key : key[..64] + "...")}'");
        var history = DocumentHistoryReader.Read(request.Fabric, request.Scope, collection, bytes, LogBytesMax, request.Aborted);
        return ObjectValue.Of(
        [
            ("region", Value.FromString(request.Services.Region)),
            ("document", Value.FromString($"{collection.Name}/{key}")),
            ("exists", Value.FromBoolean(history.Revision is not null)),
            .. Describe(request, history.Revision),
            ("hash", Value.FromString(history.Hash.ToString("x32", CultureInfo.InvariantCulture))),
            ("applied", Value.FromString(RootComparison.DescribeApplied(history.Applied))),
            ("stable", TimeValue.Of(history.Stable)),
            ("logFrom", TimeValue.Of(history.ReadFrom)),
            ("attributes", ObjectValue.List(history.Attributes.Select(attribute => ObjectValue.Of(
                [
                    ("path", ObjectValue.Strings(attribute.Path)),
                    .. Describe(request, attribute.Stamp),
                    ("source", attribute.Stamp is null ? Value.Null : Value.FromString(attribute.IsExact ? "metadata" : "log")),
                ])))),
            ("hasMoreAttributes", Value.FromBoolean(history.HasMoreAttributes)),
            ("writes", ObjectValue.List(history.Writes.Select(write => ObjectValue.Of(
                [
                    .. Describe(request, write.Stamp),
                    ("parts", ObjectValue.List(write.Parts.Select(part => ObjectValue.Of(
                        ("kind", Value.FromString(Regions.LinkEndpoints.NameOf(part.Kind.ToString()))), ("path", ObjectValue.Strings(part.Path)))))),
                ])))),
        ]);
    }

    /// <summary>Asks every other region that keeps the collection, with the caller's own rights.</summary>
    private static async Task<(string Region, Value Answer, string Problem)[]> AskAsync(ApiRequest request, Database.Catalog.CollectionDefinition collection)
    {
        var databases = request.Services.Databases;
        if (databases.Catalog.Cluster is not { } cluster)
            return [];
        using var timeout = new CancellationTokenSource(s_answerMax, request.Services.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted);
        var path = $"/_tenant/{request.Tenant}/_fabric/{request.Fabric.Fabric.Name}/_api/_replication/document/{Uri.EscapeDataString(collection.Name)}/{Uri.EscapeDataString(request.Path("key"))}";
        return await Task.WhenAll(cluster.Members.Where(member => member.Id != databases.Region.Id && collection.KeptAt.IsKeptAt(member.Id)).Select(async member =>
        {
            try
            {
                return (member.Name.Text, (await request.Services.Placement.Forwarder.AskAsync(request.Http, member, path, both.Token)).GetAttribute("result"u8), "");
            }
            catch (GeoFabricException refused)
            {
                return (member.Name.Text, Value.Null, refused.Message);
            }
            catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
            {
                return (member.Name.Text, Value.Null, $"'{member.Name}' does not answer within {s_answerMax.TotalSeconds} seconds");
            }
        }));
    }

    private static string Judge(Value own, Value other)
    {
        if (!other.IsObject)
            return RootComparison.Unknown;
        if (own.GetAttribute("hash"u8).Text == other.GetAttribute("hash"u8).Text)
            return RootComparison.Equal;
        return own.GetAttribute("applied"u8).Text == other.GetAttribute("applied"u8).Text ? RootComparison.Different : RootComparison.Moving;
    }

    private static (string, Value)[] Describe(ApiRequest request, RevisionStamp? stamp) =>
    [
        ("revision", stamp is { } known ? Value.FromString(known.ToString()) : Value.Null),
        ("at", stamp is { } time ? TimeValue.Of(time.Timestamp) : Value.Null),
        ("writtenIn", stamp is { } place ? Value.FromString(place.Origin == request.Services.Databases.Region.Id ? request.Services.Region : request.Services.Membership.NameOf(place.Origin)) : Value.Null),
    ];
}
