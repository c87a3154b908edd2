using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Search;

/// <summary>Reads from requests what search indexes keep of documents, and shows it in answers.</summary>
internal static class StoredValuesReader
{
    private static ReadOnlySpan<byte> StoredName => "storedValues"u8;

    private static ReadOnlySpan<byte> SortName => "primarySort"u8;

    /// <param name="present">What holds where the request says nothing.</param>
    public static StoredValues Read(RequestFields body, StoredValues present)
    {
        var groups = body.Body.GetAttribute(StoredName).IsNull ? present.Groups : ReadGroups(body);
        // Clients send back an empty list when they change something else.
        var primarySort = ReadPrimarySort(body) is { IsEmpty: false } given ? given : present.PrimarySort;
        var stored = new StoredValues(groups, primarySort);
        return stored.Fields.Length <= StoredValues.FieldsMax
            ? stored
            : throw ErrorCodes.BadParameter.With($"storedValues and primarySort name {stored.Fields.Length} attributes; at most {StoredValues.FieldsMax}");
    }

    public static IEnumerable<(string Name, Value Value)> DescribeGroups(StoredValues stored) => stored.Groups.IsEmpty ? [] :
    [
        ("storedValues", ObjectValue.List(stored.Groups.Select(group => ObjectValue.Of(
            ("fields", ObjectValue.Strings(group.Fields)), ("compression", Value.FromString(group.Compression)))))),
    ];

    public static Value DescribeSort(StoredValues stored) => ObjectValue.List(stored.PrimarySort.Select(item =>
        ObjectValue.Of(("field", Value.FromString(item.Field)), ("asc", Value.FromBoolean(item.IsAscending)))));

    /// <summary>Each item is a path, a list of paths, or an object with fields and compression.</summary>
    private static ImmutableArray<StoredValueGroup> ReadGroups(RequestFields body)
    {
        var groups = ImmutableArray.CreateBuilder<StoredValueGroup>();
        foreach (var item in body.Items(StoredName))
        {
            var compression = item.IsObject ? RequestFields.Of(item).Text("compression"u8) ?? StoredValueGroup.DefaultCompression : StoredValueGroup.DefaultCompression;
            if (!StoredValueGroup.Compressions.Contains(compression))
                throw ErrorCodes.BadParameter.With($"storedValues: compression '{compression}' is neither \"lz4\" nor \"none\"");
            var fields = item.IsObject ? item.GetAttribute("fields"u8) : item;
            ImmutableArray<string> paths = fields.IsString ? [ReadPath(fields)] : fields.IsArray ? [.. RequestFields.ItemsOf(fields).Select(ReadPath)] : [];
            if (paths.IsEmpty)
                throw ErrorCodes.BadParameter.With("storedValues: each item is an attribute path, a list of paths, or an object such as {\"fields\": [\"a\", \"b.c\"]}");
            groups.Add(new StoredValueGroup([.. paths.Distinct(StringComparer.Ordinal)], compression));
        }
        return groups.ToImmutable();
    }

    /// <summary>A list of {field, asc} or {field, direction}; inverted indexes have it in an object under "fields".</summary>
    private static ImmutableArray<(string Field, bool IsAscending)> ReadPrimarySort(RequestFields body)
    {
        var given = body.Body.GetAttribute(SortName);
        if (given.IsObject && !given.GetAttribute("fields"u8).IsArray)
            throw ErrorCodes.BadParameter.With($"primarySort: an object has 'fields', an array such as [{{\"field\": \"a\", \"direction\": \"asc\"}}], not {given.GetAttribute("fields"u8)}");
        var list = given.IsObject ? RequestFields.Of(given).Items("fields"u8) : body.Items(SortName);
        var items = ImmutableArray.CreateBuilder<(string, bool)>();
        foreach (var item in list)
        {
            var fields = RequestFields.Of(item, "primarySort: each item must be an object such as {\"field\": \"a\", \"direction\": \"asc\"}");
            items.Add((CheckPath(fields.RequiredText("field"u8), "primarySort"), fields.Boolean("asc"u8) ?? ReadDirection(fields.Text("direction"u8))));
        }
        return items.ToImmutable();
    }

    private static bool ReadDirection(string? direction) => direction?.ToUpperInvariant() switch
    {
        null or "ASC" => true,
        "DESC" => false,
        _ => throw ErrorCodes.BadParameter.With($"primarySort: direction '{direction}' is neither \"asc\" nor \"desc\""),
    };

    private static string ReadPath(Value path) => path.IsString
        ? CheckPath(path.Text, Encoding.UTF8.GetString(StoredName))
        : throw ErrorCodes.BadParameter.With($"storedValues: {path} is no attribute path");

    private static string CheckPath(string path, string where) => IndexFieldParser.Parse(path).IsExpanded
        ? throw ErrorCodes.BadParameter.With($"{where}: '{path}' has [*]; whole attributes are kept, arrays among them")
        : path;
}
