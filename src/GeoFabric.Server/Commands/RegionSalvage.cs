using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GeoFabric.Database;
using GeoFabric.Database.Layout;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric region salvage</c>: gives the others what a removed region had written and none of them got, from its data directory.</summary>
internal static class RegionSalvage
{
    /// <summary>Of one request. One transaction is never cut, so it may be more.</summary>
    private const int BytesPerRequest = 4 << 20;

    private static readonly (string Column, string Attribute)[] s_tail =
    [
        ("RECORDS", "records"), ("OPERATIONS", "operations"), ("DOCUMENTS", "documents"), ("REQUESTS", "requests"),
    ];

    private static readonly (string Column, string Attribute)[] s_counts =
    [
        ("TAKEN", "taken"), ("KNOWN", "known"), ("SUPERSEDED", "superseded"), ("JOURNAL", "journalled"), ("LEFT", "left"),
    ];

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data directory of the removed region. No server may run on it.", HelpName = "DIR", Required = true };
        var looks = new Option<bool>("--look") { Description = "Only print what there is to take over." };
        var command = new Command(
            "salvage",
            "Write again, in the region that is asked, what a removed region had written and no other one got. What others have overwritten since loses and goes to their collection _conflicts. Running it again changes nothing.")
        {
            data, looks,
        };
        return RegionCommand.Build(
            command,
            (client, parsed, cancellationToken) => RunAsync(client, Path.GetFullPath(parsed.GetRequiredValue(data)), parsed.GetValue(looks), cancellationToken),
            (answer, parsed) => PrintAsync(answer["result"]!.AsObject(), parsed.GetValue(looks)));
    }

    private static async Task<JsonObject> RunAsync(AdministratorClient client, string directory, bool looks, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            throw new IOException($"there is no data directory '{directory}'; give that of the removed region with --data");
        await using var databases = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = directory, FirstRegion = 1 }, TimeProvider.System, cancellationToken);
        if (databases.Catalog.Cluster is not { } cluster)
            throw new IOException($"'{directory}' is of a server that is in no cluster");
        var path = $"/_api/region/{Uri.EscapeDataString(databases.Region.Name.Text)}/salvage?incarnation={databases.Region.Incarnation}";
        var answer = await client.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        var result = answer["result"]!.AsObject();
        if ((string)result["cluster"]! != cluster.ClusterId)
            throw new IOException($"'{directory}' is of region '{databases.Region.Name}' of another cluster than the server; say with --server where one of its own runs");
        foreach (var fabric in result["fabrics"]!.AsArray().Select(fabric => fabric!.AsObject()))
        {
            if (databases.FindFabric((uint)fabric["id"]!) is not { } database)
                continue;
            var tail = database.Salvage.Summarize((ulong)fabric["through"]! + 1);
            fabric["found"] = new JsonObject { ["records"] = tail.Records, ["operations"] = tail.Operations, ["documents"] = tail.Documents, ["requests"] = tail.Requests };
            if (!looks)
                await TakeAsync(client, path, fabric, database, tail.Records, cancellationToken);
        }
        return answer;
    }

    private static async Task TakeAsync(AdministratorClient client, string path, JsonObject fabric, FabricDatabase database, long records, CancellationToken cancellationToken)
    {
        var notes = new JsonArray();
        foreach (var (_, attribute) in s_counts)
            fabric[attribute] = 0L;
        var first = (ulong)fabric["through"]!;
        for (var through = first; database.Salvage.ReadOwn(through + 1, BytesPerRequest) is { Count: > 0 } read;)
        {
            var body = new JsonObject
            {
                ["fabric"] = (uint)fabric["id"]!,
                ["records"] = new JsonArray([.. read.Select(record => (JsonNode)Convert.ToBase64String(record.Bytes.Span))]),
                ["takenBack"] = new JsonArray([.. read.Where(record => record.IsTakenBack).Select(record => (JsonNode)ChangeRecord.Read(record.Bytes.Span).Sequence)]),
            };
            var taken = (await client.SendAsync(HttpMethod.Post, path, body, cancellationToken))["result"]!.AsObject();
            foreach (var (_, attribute) in s_counts)
                fabric[attribute] = (long)fabric[attribute]! + (long)taken[attribute]!;
            foreach (var note in taken["notes"]!.AsArray())
                notes.Add(note!.DeepClone());
            through = (ulong)taken["through"]!;
            await Console.Error.WriteLineAsync($"{NameOf(fabric)}: {through - first} of {records} records");
        }
        fabric["notes"] = notes;
    }

    private static string NameOf(JsonObject fabric) => $"{fabric["tenant"]}/{fabric["name"]}";

    private static async Task PrintAsync(JsonObject result, bool looks)
    {
        var fabrics = result["fabrics"]!.AsArray().Select(fabric => fabric!.AsObject()).Where(fabric => fabric["found"] is not null).ToList();
        var columns = looks ? s_tail : [.. s_tail, .. s_counts];
        var rows = new List<string[]> { columns.Select(column => column.Column).Prepend("FABRIC").ToArray() };
        foreach (var fabric in fabrics)
        {
            var numbers = s_tail.Select(column => (long)fabric["found"]![column.Attribute]!).Concat(s_counts.Select(column => (long)fabric[column.Attribute]!)).Take(columns.Length);
            rows.Add([NameOf(fabric), .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        }
        await Console.Out.WriteAsync(RegionCommand.Align(rows));
        foreach (var fabric in fabrics)
        {
            foreach (var note in fabric["notes"]?.AsArray() ?? [])
                await Console.Error.WriteLineAsync($"{NameOf(fabric)}: {note}");
        }
        if (fabrics.Exists(fabric => (long?)fabric["journalled"] > 0) && !looks)
            await Console.Error.WriteLineAsync($"what lost is in the collection _conflicts of these fabrics, in region '{result["into"]}', with the rule 'salvage'");
    }
}
