using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Histories as JSON lines, one transaction or operation on an object each, to keep those of real processes and check them again.</summary>
/// <remarks>Operations are arrays: <c>["w","key","value"]</c>. Times are <c>hh:mm:ss.fffffff</c> since the run began, stamps are <c>_rev</c> texts.</remarks>
internal static class HistoryFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new OperationConverter(), new StampConverter() },
    };

    public static void Write(string path, History history) => File.WriteAllLines(path, history.Transactions.Select(ToLine));

    public static History Read(string path) => new(ReadLines<HistoryTransaction>(path));

    public static string ToLine<T>(T item) => JsonSerializer.Serialize(item, Options);

    /// <summary>Reads one item a line. A last line that was cut off, as a killed process leaves it, is left out.</summary>
    public static IEnumerable<T> ReadLines<T>(string path)
    {
        var text = File.ReadAllText(path);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // What follows the last line feed is empty in a whole file.
            if (i == lines.Length - 1)
                yield break;
            if (lines[i].Length > 0)
                yield return JsonSerializer.Deserialize<T>(lines[i], Options) ?? throw new JsonException($"Line {i + 1} of {path} is null.");
        }
    }

    private sealed class OperationConverter : JsonConverter<HistoryOperation>
    {
        public override HistoryOperation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var parts = JsonSerializer.Deserialize<string?[]>(ref reader, options);
            return parts is [("r" or "w") and var kind, { } key, var value]
                ? new HistoryOperation(kind == "w", key, value)
                : throw new JsonException("An operation is [\"r\" or \"w\", key, value or null].");
        }

        public override void Write(Utf8JsonWriter writer, HistoryOperation value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(value.IsWrite ? "w"u8 : "r"u8);
            writer.WriteStringValue(value.Key);
            writer.WriteStringValue(value.Value);
            writer.WriteEndArray();
        }
    }

    private sealed class StampConverter : JsonConverter<RevisionStamp>
    {
        public override RevisionStamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            RevisionStamp.TryParse(Encoding.UTF8.GetBytes(reader.GetString() ?? ""), out var stamp) ? stamp : throw new JsonException("A stamp is the text of a _rev.");

        public override void Write(Utf8JsonWriter writer, RevisionStamp value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
