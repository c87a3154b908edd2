using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric region verify</c>: whether the copies of a fabric are the same in all regions.</summary>
internal static class RegionVerification
{
    private const int ShownDigits = 12;

    private static readonly string[] s_columns = ["COLLECTION", "DOCUMENTS", "ROOT"];

    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "Tenant of the fabric.", HelpName = "NAME", DefaultValueFactory = _ => "_mm" };
        var fabric = new Option<string>("--fabric") { Description = "Fabric to compare.", HelpName = "NAME", DefaultValueFactory = _ => "_system" };
        var command = new Command("verify", "Sum up each collection in one number and compare it with those of the other regions. Fails when any is different.") { tenant, fabric };
        return RegionCommand.Build(
            command,
            async (client, parsed, cancellationToken) =>
            {
                var path = $"/_tenant/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}/_fabric/{Uri.EscapeDataString(parsed.GetRequiredValue(fabric))}";
                return await client.SendAsync(HttpMethod.Get, path + "/_api/_replication/verify?compare=true", null, cancellationToken);
            },
            (answer, _) => PrintAsync(answer["result"]!.AsObject()),
            answer => DemandSame(answer["result"]!["collections"]!.AsArray()));
    }

    /// <exception cref="IOException">Regions differ that must not.</exception>
    private static void DemandSame(JsonArray collections)
    {
        var different = collections.Where(collection => collection!["regions"]!.AsObject().Any(region => (string)region.Value! == "different"))
            .Select(collection => $"'{collection!["name"]}'").ToList();
        if (different.Count > 0)
            throw new IOException($"regions that have applied the same differ in {string.Join(", ", different)}; restore one of them from another");
    }

    private static async Task PrintAsync(JsonObject result)
    {
        var collections = result["collections"]!.AsArray().Select(collection => collection!.AsObject()).ToList();
        var regions = collections.SelectMany(collection => collection["regions"]!.AsObject().Select(region => region.Key)).Distinct().ToList();
        var rows = new List<string[]> { s_columns.Concat(regions).ToArray() };
        foreach (var collection in collections)
        {
            var cells = new[] { (string)collection["name"]!, ((long)collection["documents"]!).ToString(CultureInfo.InvariantCulture), ((string)collection["root"]!)[..ShownDigits] };
            rows.Add([.. cells, .. regions.Select(region => (string?)collection["regions"]![region] ?? "")]);
        }
        await Console.Out.WriteAsync(RegionCommand.Align(rows));
        foreach (var (region, problem) in result["silent"]!.AsObject())
            await Console.Error.WriteLineAsync($"{region}: {problem}");
    }
}
