using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GeoFabric.Server.Demonstration;

namespace GeoFabric.Server.Commands;

/// <summary>
/// Draws a plan as a tree, the last step on top, with estimated rows beside each step and, from a profile, real rows and time. Steps that read whole
/// collections are marked, with the index that would help when the server has an advice.
/// </summary>
internal static class PlanPicture
{
    private const string FullScan = "EnumerateCollectionNode";

    /// <param name="advice">Indexes that would help, as the server tells them; null for none.</param>
    /// <param name="profiled">Figures of the steps that ran; null without a profile.</param>
    public static string Draw(JsonObject plan, JsonArray? advice, JsonArray? profiled, Terminal terminal)
    {
        var nodes = plan["nodes"]!.AsArray().ToDictionary(node => (int)node!["id"]!, node => node!.AsObject());
        var measured = (profiled ?? []).ToDictionary(node => (int)node!["id"]!, node => node!.AsObject());
        var lines = Lines((string?)plan["text"] ?? "");
        var total = measured.Values.Sum(node => (double)node["runtime"]!);
        var text = new StringBuilder(profiled is null ? "  est. rows\n" : "  est. rows       rows        time\n");
        foreach (var (line, id) in lines)
        {
            var node = id is { } known ? nodes.GetValueOrDefault(known) : null;
            text.Append(Figures(node, profiled is null, id is { } step ? measured.GetValueOrDefault(step) : null, total)).Append("  ");
            var isFullScan = (string?)node?["type"] == FullScan;
            text.Append(isFullScan ? terminal.Warn(line + "  ▲ reads all documents") : line).Append('\n');
        }
        foreach (var index in advice ?? [])
            text.Append(terminal.Warn($"advice: an index of type {index!["type"]} on {index["collection"]} ({string.Join(", ", index["fields"]!.AsArray())}): {index["reason"]}")).Append('\n');
        if (plan["rules"]!.AsArray() is { Count: > 0 } rules)
            text.Append(terminal.Faint("rules: " + string.Join(", ", rules))).Append('\n');
        return text.ToString();
    }

    private static string Figures(JsonObject? node, bool isEstimate, JsonObject? measured, double total)
    {
        var estimated = Number(node?["estimatedNrItems"]).PadLeft(11);
        if (isEstimate)
            return estimated;
        if (measured is null)
            return estimated + new string(' ', 23);
        var seconds = (double)measured["runtime"]!;
        var share = total > 0 ? (int)Math.Round(seconds / total * 4) : 0;
        return $"{estimated}{Number(measured["items"]),11} {new string('█', share).PadLeft(4)}{Milliseconds(seconds),7}";
    }

    private static string Number(JsonNode? value) => value is null ? "" : Math.Round((double)value).ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString(seconds < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + "ms";

    /// <summary>The lines of the tree with the ids of the steps that they are; lines of subqueries have none.</summary>
    private static List<(string Line, int? Id)> Lines(string tree)
    {
        var lines = tree.Split('\n');
        var depths = new int?[lines.Length];
        var depth = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            // A step stands four columns further in than the one it feeds; subqueries stand one column beside that.
            var column = lines[i].IndexOf('└');
            if ((i == 0 && column < 0) || (column == (depth * 4) + 1 && lines[i].AsSpan(0, column).IsWhiteSpace()))
                depths[i] = depth++;
        }
        // The first step, which has one empty row, is left out of the tree unless it is all there is.
        return [.. lines.Select((line, i) => (line, depths[i] is { } at ? (int?)(depth == 1 && !line.Contains("Return", StringComparison.Ordinal) ? 1 : depth - at + 1) : null))];
    }
}
