using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoFabric.Database;
using GeoFabric.Database.Verification;
using GeoFabric.Server.Endpoints.Verification;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric check</c>: compares every index with its documents, and both with counters and change log. Ends with 1 when anything differs.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_columns = ["FABRIC", "COLLECTION", "INDEX", "TYPE", "COMPARED", "DIFFERENCES"];

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data directory to check, all fabrics of it. No server may run on it; without this a running one is asked.", HelpName = "DIR" };
        var server = AdministratorClient.ServerOption();
        var tenant = new Option<string>("--tenant") { Description = "Tenant of the fabric a running server is asked for.", HelpName = "NAME", DefaultValueFactory = _ => "_mm" };
        var fabric = new Option<string>("--fabric") { Description = "Fabric a running server is asked for.", HelpName = "NAME", DefaultValueFactory = _ => "_system" };
        var json = new Option<bool>("--json") { Description = "Print what was found as JSON." };
        var command = new Command("check", "Compare every index with its documents, and both with counters and change log. Ends with 1 when anything differs.")
        {
            data, server, tenant, fabric, json,
        };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(async () =>
        {
            var fabrics = parsed.GetValue(data) is { } directory
                ? await CheckDirectoryAsync(Path.GetFullPath(directory), cancellationToken)
                : await AskAsync(parsed.GetRequiredValue(server), parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(fabric), cancellationToken);
            await Console.Out.WriteAsync(parsed.GetValue(json) ? fabrics.ToJsonString(s_indented) + "\n" : Describe(fabrics));
            return fabrics.Any(report => (long)report!["differences"]! > 0) ? CommandLine.Failed : 0;
        }));
        return command;
    }

    /// <summary>Compares everything in a directory no server runs on.</summary>
    /// <returns>What was found, per fabric.</returns>
    internal static async Task<JsonArray> CheckDirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            throw new IOException($"there is no data directory '{directory}'; give that of a server with --data");
        // Nothing expires meanwhile.
        var options = new DatabaseOptions { DataDirectory = directory, ExpirySweepInterval = TimeSpan.Zero };
        await using var databases = await DatabaseHost.OpenAsync(options, TimeProvider.System, cancellationToken);
        var fabrics = new JsonArray();
        foreach (var database in databases.OpenFabrics)
        {
            var (tenant, name) = (database.Fabric.Tenant.ToString(), database.Fabric.Name.ToString());
            var report = FabricVerifier.Verify(
                database,
                progress => Console.Error.WriteLine($"{tenant}/{name}: {Number(progress.Documents)} documents of '{progress.Collection}'"),
                cancellationToken);
            fabrics.Add(Named(tenant, name, JsonNode.Parse(CheckEndpoints.Describe(report).ToString())!));
        }
        return fabrics;
    }

    /// <summary>What was found as a table, and a line for each difference.</summary>
    internal static string Describe(JsonArray fabrics)
    {
        var rows = new List<string[]> { s_columns };
        var lines = new StringBuilder();
        foreach (var report in fabrics)
        {
            var fabric = $"{report!["tenant"]}/{report["fabric"]}";
            foreach (var collection in report["collections"]!.AsArray())
            {
                var name = (string)collection!["name"]!;
                var indexes = collection["indexes"]!.AsArray();
                rows.Add([fabric, name, "", "documents", Number(collection["documents"]), Number((long)collection["differences"]! - Sum(indexes))]);
                foreach (var index in indexes)
                    rows.Add([fabric, name, (string)index!["name"]! + ((bool)index["isBuilding"]! ? ", building" : ""), (string)index["type"]!, Number(index["entries"]), Number(index["differences"])]);
            }
            rows.Add([fabric, "", "", "change log", Number(report["changeRecords"]), Number((long)report["differences"]! - Sum(report["collections"]!.AsArray()))]);
            var sentences = report["disagreements"]!.AsArray();
            foreach (var sentence in sentences)
                lines.Append(CultureInfo.InvariantCulture, $"{fabric}: {sentence}\n");
            if ((long)report["differences"]! > sentences.Count)
                lines.Append(CultureInfo.InvariantCulture, $"{fabric}: these are the first {sentences.Count} of {report["differences"]} differences\n");
        }
        var all = Sum(fabrics);
        return RegionCommand.Align(rows) + lines + (all == 0 ? "Everything agrees.\n" : $"{Number(all)} differences. An index that is dropped and created again is made from the documents.\n");
    }

    private static async Task<JsonArray> AskAsync(Uri server, string tenant, string fabric, CancellationToken cancellationToken)
    {
        using var client = await AdministratorClient.ConnectAsync(server, cancellationToken);
        var path = $"/_tenant/{Uri.EscapeDataString(tenant)}/_fabric/{Uri.EscapeDataString(fabric)}/_api/check";
        await Console.Error.WriteLineAsync($"{tenant}/{fabric}: {server} reads everything");
        var answer = await client.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return [Named(tenant, fabric, answer["result"]!)];
    }

    private static JsonObject Named(string tenant, string fabric, JsonNode report)
    {
        var named = report.DeepClone().AsObject();
        named.Insert(0, "tenant", tenant);
        named.Insert(1, "fabric", fabric);
        return named;
    }

    private static long Sum(JsonArray parts) => parts.Sum(part => (long)part!["differences"]!);

    private static string Number(JsonNode? number) => Number((long)number!);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
