using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Verification;

/// <summary>Where something that was written has arrived, and after how long, as the region knows that wrote it.</summary>
internal static class ArrivalEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_replication/arrivals", ReadAsync, "readArrivals", "Say which regions have a write, and how long after it the region that wrote it knew", "Replication")
        {
            Query =
            [
                new("collection", "Name of the collection it was written to", IsRequired: true),
                new("revision", "The _rev that the write was answered with; the region that wrote it answers, whichever is asked", IsRequired: true),
            ],
        },
    ];

    private static async Task ReadAsync(ApiRequest request)
    {
        var services = request.Services;
        var collection = request.Fabric.Catalog.GetCollection(request.RequiredText("collection"));
        request.Scope.DemandRead(collection);
        var written = ReadRevision(request.RequiredText("revision"));
        var self = services.Databases.Region.Id;
        var cluster = services.Databases.Catalog.Cluster;
        if (written.Origin != self)
        {
            if (cluster?.Regions.GetValueOrDefault(written.Origin) is not { IsMember: true } writer)
                throw ErrorCodes.BadParameter.With($"query parameter 'revision' is '{written}', of region {written.Origin}, which is no member; give one that a member wrote");
            await services.Placement.Forwarder.ForwardAsync(request.Http, writer);
            return;
        }
        var links = (await services.Replication.ReadLinksAsync()).FirstOrDefault(fabric => fabric.FabricId == request.Fabric.Fabric.Id)?.Links;
        var regions = new List<Value>
        {
            ObjectValue.Of(
                ("region", Value.FromString(services.Region)), ("state", Value.FromString("written")), ("atMostMilliseconds", Value.Null), ("roundTripMilliseconds", Value.Null),
                ("isConnected", Value.True)),
        };
        foreach (var member in cluster?.Members.Where(member => member.Id != self) ?? [])
        {
            var isKept = !collection.IsLocal && collection.KeptAt.IsKeptAt(member.Id);
            var arrival = isKept ? services.Replication.FindArrival(request.Fabric.Fabric.Id, member.Id, written.Timestamp) : default;
            var link = links?.FirstOrDefault(link => link.Peer == member.Id);
            regions.Add(ObjectValue.Of(
                ("region", Value.FromString(member.Name.Text)),
                ("state", Value.FromString(!isKept ? "notKept" : arrival.HasArrived ? "arrived" : "notYet")),
                ("atMostMilliseconds", Milliseconds(arrival.After)),
                ("roundTripMilliseconds", Milliseconds(link is { IsConnected: true } ? link.RoundTrip : null)),
                ("isConnected", Value.FromBoolean(link is { IsConnected: true }))));
        }
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("revision", Value.FromString(written.ToString())),
            ("writtenIn", Value.FromString(services.Region)),
            ("regions", ObjectValue.List(regions)))));
    }

    private static Value Milliseconds(TimeSpan? time) => time is { } value ? Value.FromDouble(Math.Round(value.TotalMilliseconds, 1)) : Value.Null;

    private static RevisionStamp ReadRevision(string text)
    {
        Span<byte> bytes = stackalloc byte[RevisionStamp.TextLengthMax];
        return text.Length <= bytes.Length && System.Text.Ascii.IsValid(text) && RevisionStamp.TryParse(bytes[..System.Text.Encoding.ASCII.GetBytes(text, bytes)], out var stamp)
            ? stamp
            : throw ErrorCodes.BadParameter.With($"query parameter 'revision' is '{(text.Length > 40 ? text[..40] : text)}'; it takes the _rev of a document");
    }
}
