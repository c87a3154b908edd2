using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Search;

/// <summary>Reads what is searched from requests and shows it in answers.</summary>
internal static class SearchSettingsReader
{
    private const string InvertedField = "each of 'fields' and 'nested' must be an attribute path or an object such as {\"name\": \"title\", \"analyzer\": \"text_en\"}";

    /// <summary>The links of a view by collection; every attribute has its own analyzers or those of what it is in.</summary>
    /// <exception cref="GeoFabricException">10 for a link that cannot be.</exception>
    public static Dictionary<string, SearchField> ReadLinks(RequestFields body, CatalogSnapshot catalog) => ReadLinks(
        body, catalog, (_, link) => ReadField(link, SearchSettings.Nothing with { Analyzers = [AnalyzerDefinition.Identity] }, catalog, 1));

    /// <summary>What a view has of each collection it is over, by the collection's name.</summary>
    /// <exception cref="GeoFabricException">10 for a collection that is not there.</exception>
    public static Dictionary<string, T> ReadLinks<T>(RequestFields body, CatalogSnapshot catalog, Func<string, RequestFields, T> readLink)
    {
        var links = new Dictionary<string, T>(StringComparer.Ordinal);
        if (body.Object("links"u8) is not { IsObject: true } given)
            return links;
        foreach (var (name, link) in given.Attributes)
        {
            var collection = Encoding.UTF8.GetString(name);
            if (!catalog.TryGetCollection(collection, out _))
                throw ErrorCodes.BadParameter.With($"links: there is no collection '{collection}'");
            links[collection] = readLink(collection, RequestFields.Of(link, $"links: '{collection}' must be an object such as {{\"fields\": {{\"title\": {{}}}}}}"));
        }
        return links;
    }

    public static AnalyzerDefinition ReadAnalyzer(RequestFields body)
    {
        var properties = body.Object("properties"u8) is { IsObject: true } given ? given.Detach() : Value.EmptyObject;
        return new AnalyzerDefinition(body.RequiredText("name"u8), body.RequiredText("type"u8), properties, []).WithFeatures(body.Texts("features"u8));
    }

    /// <summary>The analyzer a part of an inverted index names, or the one of what it is in, with features of its own if it has any.</summary>
    private static AnalyzerDefinition ReadAnalyzer(RequestFields fields, AnalyzerDefinition outer, CatalogSnapshot catalog)
    {
        var analyzer = fields.Text("analyzer"u8) is { } name ? catalog.GetAnalyzer(name) : outer;
        var features = fields.Texts("features"u8);
        return features.Count == 0 ? analyzer : analyzer.WithFeatures(features);
    }

    /// <summary>What an inverted index is over: a list of paths, or of objects with a name, an analyzer and whether all below is included.</summary>
    public static SearchField ReadInverted(RequestFields body, CatalogSnapshot catalog, out ImmutableArray<string> paths)
    {
        var analyzer = ReadAnalyzer(body, AnalyzerDefinition.Identity, catalog);
        var root = SearchSettings.Nothing with { Analyzers = [analyzer], IncludesAllFields = body.Boolean("includeAllFields"u8, false) };
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in body.Items("fields"u8))
        {
            var fields = item.IsString ? default : RequestFields.Of(item, InvertedField);
            var name = item.IsString ? item.Text : fields.RequiredText("name"u8);
            var own = item.IsString ? analyzer : ReadAnalyzer(fields, analyzer, catalog);
            var field = IndexFieldParser.Parse(name);
            // Items of arrays are found under the array's path whether that is said or not.
            root = root.With(field.Segments.AsSpan(), [own], !item.IsString && fields.Boolean("includeAllFields"u8, false));
            names.Add(name);
            foreach (var nested in item.IsString ? [] : fields.Items("nested"u8))
                root = WithNested(root, field.Segments, nested, own, catalog, 1);
        }
        paths = names.ToImmutable();
        if (paths.IsEmpty && !root.IncludesAllFields)
            throw ErrorCodes.BadParameter.With("'fields' must be an array of attribute paths that is not empty, or includeAllFields true");
        return root;
    }

    /// <summary>Attributes of the objects in an array: found under its path, and together in one object by conditions such as <c>d.items[? FILTER CURRENT.a == 1]</c>.</summary>
    private static SearchField WithNested(SearchField root, ImmutableArray<string> outer, Value nested, AnalyzerDefinition analyzer, CatalogSnapshot catalog, int depth)
    {
        if (depth > SearchField.DepthMax)
            throw ErrorCodes.BadParameter.With($"'nested' is more than {SearchField.DepthMax} levels deep");
        var fields = nested.IsString ? default : RequestFields.Of(nested, InvertedField);
        var own = nested.IsString ? analyzer : ReadAnalyzer(fields, analyzer, catalog);
        var path = outer.AddRange(IndexFieldParser.Parse(nested.IsString ? nested.Text : fields.RequiredText("name"u8)).Segments);
        root = root.With(path.AsSpan(), [own], !nested.IsString && fields.Boolean("includeAllFields"u8, false));
        foreach (var inner in nested.IsString ? [] : fields.Items("nested"u8))
            root = WithNested(root, path, inner, own, catalog, depth + 1);
        return root;
    }

    public static Value Describe(SearchField link) => ObjectValue.Of(
        ("analyzers", ObjectValue.Strings(link.Analyzers.Select(analyzer => analyzer.Name))),
        ("fields", ObjectValue.Of(link.Fields.Select(inner => (inner.Key, DescribeInner(inner.Value, link))))),
        ("includeAllFields", Value.FromBoolean(link.IncludesAllFields)),
        ("storeValues", Value.FromString(link.StoreValues)),
        ("trackListPositions", Value.FromBoolean(link.TracksListPositions)));

    public static Value Describe(AnalyzerDefinition analyzer) => ObjectValue.Of(DescribeAttributes(analyzer));

    public static IEnumerable<(string Name, Value Value)> DescribeAttributes(AnalyzerDefinition analyzer) =>
    [
        ("name", Value.FromString(analyzer.Name)),
        ("type", Value.FromString(analyzer.Type)),
        ("properties", analyzer.Properties),
        ("features", ObjectValue.Strings(analyzer.Features)),
    ];

    /// <summary>An attribute as it was given: what it has from what it is in is left out.</summary>
    private static Value DescribeInner(SearchField field, SearchField outer)
    {
        var attributes = new List<(string, Value)>();
        if (!field.Analyzers.SequenceEqual(outer.Analyzers))
            attributes.Add(("analyzers", ObjectValue.Strings(field.Analyzers.Select(analyzer => analyzer.Name))));
        if (field.Fields.Count > 0)
            attributes.Add(("fields", ObjectValue.Of(field.Fields.Select(inner => (inner.Key, DescribeInner(inner.Value, field))))));
        if (field.IncludesAllFields)
            attributes.Add(("includeAllFields", Value.True));
        if (field.TracksListPositions != outer.TracksListPositions)
            attributes.Add(("trackListPositions", Value.FromBoolean(field.TracksListPositions)));
        return ObjectValue.Of(attributes);
    }

    /// <param name="outer">Has what holds where the field says nothing.</param>
    private static SearchField ReadField(RequestFields body, SearchField outer, CatalogSnapshot catalog, int depth)
    {
        if (depth > SearchField.DepthMax)
            throw ErrorCodes.BadParameter.With($"links: fields are nested more than {SearchField.DepthMax} levels deep");
        var names = body.Texts("analyzers"u8);
        ImmutableArray<AnalyzerDefinition> analyzers = names.Count == 0 ? outer.Analyzers : [.. names.Distinct(StringComparer.Ordinal).Select(catalog.GetAnalyzer)];
        var storeValues = body.Text("storeValues"u8) ?? "none";
        if (storeValues is not ("none" or "id"))
            throw ErrorCodes.BadParameter.With($"links: storeValues '{storeValues}' is neither \"none\" nor \"id\"");
        var own = new SearchField(analyzers, body.Boolean("includeAllFields"u8, false), SearchSettings.Nothing.Fields)
        {
            StoreValues = storeValues,
            TracksListPositions = body.Boolean("trackListPositions"u8, outer.TracksListPositions),
        };
        var fields = ImmutableSortedDictionary.CreateBuilder<string, SearchField>(StringComparer.Ordinal);
        if (body.Object("fields"u8) is { IsObject: true } inner)
        {
            foreach (var (name, field) in inner.Attributes)
            {
                var path = Encoding.UTF8.GetString(name);
                AddField(fields, path, ReadField(RequestFields.Of(field, $"links: field '{path}' must be an object such as {{\"analyzers\": [\"text_en\"]}}"), own, catalog, depth + 1), own);
            }
        }
        return own with { Fields = fields.ToImmutable() };
    }

    /// <summary>A name with dots is a path.</summary>
    private static void AddField(
        ImmutableSortedDictionary<string, SearchField>.Builder fields, string path, SearchField field, SearchField outer)
    {
        var segments = path.Split('.');
        if (segments.Length > SearchField.DepthMax || segments.Any(segment => segment.Length == 0))
            throw ErrorCodes.BadParameter.With($"links: field '{path}' must be attribute names separated by dots, at most {SearchField.DepthMax}");
        if (path.Contains("[*]", StringComparison.Ordinal))
            throw ErrorCodes.BadParameter.With($"links: field '{path}' has [*]; items of arrays are found under the attribute itself");
        for (var i = segments.Length - 1; i > 0; i--)
            field = SearchSettings.Nothing with { Analyzers = outer.Analyzers, TracksListPositions = outer.TracksListPositions, Fields = SearchSettings.Nothing.Fields.SetItem(segments[i], field) };
        fields[segments[0]] = fields.TryGetValue(segments[0], out var present) ? Merge(present, field) : field;
    }

    private static SearchField Merge(SearchField first, SearchField second) => second with
    {
        IncludesAllFields = first.IncludesAllFields || second.IncludesAllFields,
        Fields = first.Fields.Aggregate(second.Fields, (merged, field) =>
            merged.SetItem(field.Key, merged.TryGetValue(field.Key, out var same) ? Merge(field.Value, same) : field.Value)),
    };
}
