using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Commands;

/// <summary>Rows of a query as text: one of the forms of <c>--output</c>.</summary>
internal static class RowFormat
{
    public const string Table = "table";
    public const string Json = "json";
    public const string JsonLines = "jsonl";
    public const string Csv = "csv";

    private const int CellWidthMax = 60;

    /// <summary>Column of rows that are no objects.</summary>
    private const string ValueColumn = "value";

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static IReadOnlyList<string> All { get; } = [Table, Json, JsonLines, Csv];

    public static string Write(string format, IReadOnlyList<JsonNode?> rows) => format switch
    {
        Json => new JsonArray([.. rows.Select(row => row?.DeepClone())]).ToJsonString(s_indented) + "\n",
        JsonLines => string.Concat(rows.Select(row => Compact(row) + "\n")),
        Csv => WriteCsv(rows),
        _ => WriteTable(rows),
    };

    public static string Compact(JsonNode? value) => value?.ToJsonString(s_plain) ?? "null";

    private static string WriteTable(IReadOnlyList<JsonNode?> rows)
    {
        if (rows.Count == 0)
            return "";
        var columns = Columns(rows);
        var cells = rows.Select(row => columns.Select(column => Cut(Cell(row, column))).ToArray()).ToList();
        var widths = columns.Select((column, i) => Math.Max(Width(column), cells.Max(row => Width(row[i])))).ToArray();
        var isNumeric = columns.Select(column => rows.All(row => Find(row, column) is not { } value || value.GetValueKind() == JsonValueKind.Number)).ToArray();
        var text = new StringBuilder();
        AppendLine(text, '┌', '┬', '┐', widths);
        AppendCells(text, [.. columns], widths, isNumeric);
        AppendLine(text, '├', '┼', '┤', widths);
        foreach (var row in cells)
            AppendCells(text, row, widths, isNumeric);
        AppendLine(text, '└', '┴', '┘', widths);
        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, char left, char middle, char right, int[] widths) =>
        text.Append(left).AppendJoin(middle, widths.Select(width => new string('─', width + 2))).Append(right).Append('\n');

    private static void AppendCells(StringBuilder text, string[] cells, int[] widths, bool[] isNumeric)
    {
        text.Append('│');
        for (var i = 0; i < cells.Length; i++)
        {
            var padding = new string(' ', widths[i] - Width(cells[i]));
            text.Append(' ').Append(isNumeric[i] ? padding + cells[i] : cells[i] + padding).Append(" │");
        }
        text.Append('\n');
    }

    private static string WriteCsv(IReadOnlyList<JsonNode?> rows)
    {
        var columns = Columns(rows);
        var text = new StringBuilder();
        if (columns.Count > 0)
            text.AppendJoin(',', columns.Select(Quote)).Append("\r\n");
        foreach (var row in rows)
            text.AppendJoin(',', columns.Select(column => Quote(Cell(row, column)))).Append("\r\n");
        return text.ToString();
    }

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The attributes of all rows in the order in which they come.</summary>
    private static List<string> Columns(IReadOnlyList<JsonNode?> rows)
    {
        var columns = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in rows.SelectMany(row => row is JsonObject members ? members.Select(member => member.Key) : [ValueColumn]))
        {
            if (known.Add(name))
                columns.Add(name);
        }
        return columns;
    }

    private static JsonNode? Find(JsonNode? row, string column) => row is JsonObject members ? members[column] : column == ValueColumn ? row : null;

    private static string Cell(JsonNode? row, string column) => Find(row, column) switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => Compact(other),
    };

    /// <summary>On one line, and no wider than a cell may be.</summary>
    private static string Cut(string cell)
    {
        var line = string.Concat(cell.Select(c => char.IsControl(c) ? ' ' : c));
        var info = new StringInfo(line);
        return info.LengthInTextElements <= CellWidthMax ? line : info.SubstringByTextElements(0, CellWidthMax - 1) + "…";
    }

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
