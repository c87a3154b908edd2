using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Search;

/// <summary>Reads the links of semantic views from requests and shows them in answers.</summary>
internal static class SemanticLinkReader
{
    private const int NumberMax = 1_000_000_000;

    private static readonly (string Name, string Metric)[] s_distances =
        [("L2", VectorSettings.Euclidean), ("IP", VectorSettings.InnerProduct), ("COSINE", VectorSettings.Cosine)];

    private static readonly string[] s_indexTypes = ["hnsw", "ivf", "flat"];
    private static readonly string[] s_quantizations = ["none", "pq", "sq"];

    /// <summary>Bits of each number of a vector that is kept in short, if nothing else is asked for.</summary>
    private const int CodeBitsDefault = 8;

    /// <summary>Numbers of an indexConfig that are whole.</summary>
    private static readonly string[] s_indexNumbers = ["maxSize", "nLinks", "efConstruction", "efSearch", "nProbe"];

    /// <exception cref="GeoFabricException">10 for a link that cannot be, 501 for vectors that are to be kept in a way that is not there.</exception>
    public static Dictionary<string, ImmutableArray<SemanticField>> Read(RequestFields body, CatalogSnapshot catalog) =>
        SearchSettingsReader.ReadLinks(body, catalog, ReadFields);

    public static Value Describe(ImmutableArray<SemanticField> fields) =>
        ObjectValue.Of(("fields", ObjectValue.Of(fields.Select(field => (field.Path, field.Told)))));

    private static ImmutableArray<SemanticField> ReadFields(string collection, RequestFields link)
    {
        var fields = ImmutableArray.CreateBuilder<SemanticField>();
        if (link.Object("fields"u8) is { IsObject: true } inner)
        {
            foreach (var (name, field) in inner.Attributes)
            {
                var path = Encoding.UTF8.GetString(name);
                fields.Add(ReadField(path, RequestFields.Of(field, $"links: field '{path}' must be an object such as {{\"size\": 384}}")));
            }
        }
        return fields.Count is 0 or > SemanticField.FieldsMax
            ? throw ErrorCodes.BadParameter.With($"links: a collection of a view of type '{ViewDefinition.SemanticType}' has 1 to {SemanticField.FieldsMax} fields, '{collection}' has {fields.Count}")
            : fields.ToImmutable();
    }

    private static SemanticField ReadField(string path, RequestFields body)
    {
        if (IndexFieldParser.Parse(path).IsExpanded)
            throw ErrorCodes.BadParameter.With($"links: field '{path}' has [*]; an attribute holds one vector");
        var size = body.Integer("size"u8, 1, VectorSettings.DimensionMax)
            ?? throw ErrorCodes.BadParameter.With($"links: 'size' of field '{path}' is missing; it is the number of a vector's numbers, 1 to {VectorSettings.DimensionMax}");
        var distance = body.Text("distanceType"u8) ?? "L2";
        var metric = s_distances.FirstOrDefault(known => known.Name == distance).Metric
            ?? throw ErrorCodes.BadParameter.With($"links: distanceType '{distance}' of field '{path}'; it is one of {string.Join(", ", s_distances.Select(known => known.Name))}");
        var codeBits = ReadCodeBits(path, body.Fields("quantizationConfig"u8));
        var told = ObjectValue.Of(
            ("size", Value.FromInteger(size)),
            ("distanceType", Value.FromString(distance)),
            ("indexConfig", ReadIndexConfig(path, body.Fields("indexConfig"u8))),
            ("quantizationConfig", codeBits == 0
                ? ObjectValue.Of(("type", Value.FromString("none")))
                : ObjectValue.Of(("type", Value.FromString("sq")), ("bits", Value.FromInteger(codeBits)))));
        return new SemanticField(path, new VectorSettings(metric, (int)size, Lists: 1) { CodeBits = codeBits }, told);
    }

    private static Value ReadIndexConfig(string path, RequestFields config)
    {
        var type = config.Text("type"u8) ?? "flat";
        if (!s_indexTypes.Contains(type))
            throw ErrorCodes.BadParameter.With($"links: type '{type}' in indexConfig of field '{path}'; it is one of {string.Join(", ", s_indexTypes)}");
        var attributes = new List<(string, Value)> { ("type", Value.FromString(type)) };
        foreach (var name in s_indexNumbers)
        {
            if (config.Integer(Encoding.UTF8.GetBytes(name), 1, NumberMax) is { } number)
                attributes.Add((name, Value.FromInteger(number)));
        }
        if (config.Number("sample"u8) is { } sample)
            attributes.Add(("sample", Value.FromDouble(sample)));
        return ObjectValue.Of(attributes).Detach();
    }

    /// <returns>0 where vectors are not kept in short.</returns>
    private static int ReadCodeBits(string path, RequestFields config)
    {
        var type = config.Text("type"u8) ?? "none";
        if (!s_quantizations.Contains(type))
            throw ErrorCodes.BadParameter.With($"links: type '{type}' in quantizationConfig of field '{path}'; it is one of {string.Join(", ", s_quantizations)}");
        if (type == "pq")
            throw ErrorCodes.NotImplemented.With($"quantization 'pq' of field '{path}' is not part of this version of GeoFabric; use \"sq\", which keeps each number of a vector in {string.Join(", ", VectorSettings.CodeSizes)} bits, or \"none\"");
        var bits = config.Integer("bits"u8, 1, NumberMax) ?? CodeBitsDefault;
        if (type == "none")
            return 0;
        return VectorSettings.CodeSizes.Contains((int)bits)
            ? (int)bits
            : throw ErrorCodes.BadParameter.With($"links: {bits} bits in quantizationConfig of field '{path}'; with 'sq' they are one of {string.Join(", ", VectorSettings.CodeSizes)}");
    }
}
