using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Analyzers, views and what is searched as catalog objects and back. Persisted: attributes may be added, never renamed or given another meaning.</summary>
internal static class SearchCodec
{
    public static Value Write(AnalyzerDefinition analyzer, RevisionStamp stamp)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        DefinitionCodec.WriteStamp(builder, "savedAt"u8, stamp);
        WriteAnalyzer(builder, analyzer);
        builder.EndObject();
        return builder.Build();
    }

    public static AnalyzerDefinition ReadAnalyzer(Value source) =>
        new(source.Text("name"u8), source.Text("type"u8), source.GetAttribute("properties"u8), source.List("features"u8, item => item.Text));

    public static Value Write(ViewDefinition view, RevisionStamp stamp)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        DefinitionCodec.WriteStamp(builder, "savedAt"u8, stamp);
        builder.WriteInteger("id"u8, unchecked((long)view.Id));
        builder.WriteText("name"u8, view.Name);
        builder.WriteName("links"u8);
        builder.BeginArray();
        foreach (var (wireId, link) in view.Links)
        {
            builder.BeginObject();
            builder.WriteInteger("collection"u8, unchecked((long)wireId));
            builder.WriteName("search"u8);
            WriteField(builder, link);
            builder.EndObject();
        }
        builder.EndArray();
        builder.WriteName("primarySort"u8);
        builder.BeginArray();
        foreach (var (field, isAscending) in view.PrimarySort)
        {
            builder.BeginObject();
            builder.WriteText("field"u8, field);
            builder.WriteFlag("isAscending"u8, isAscending);
            builder.EndObject();
        }
        builder.EndArray();
        builder.EndObject();
        return builder.Build();
    }

    public static ViewDefinition ReadView(Value source) => new(
        unchecked((ulong)source.Integer("id"u8)),
        source.Text("name"u8),
        source.List("links"u8, link => KeyValuePair.Create(unchecked((ulong)link.Integer("collection"u8)), ReadField(link.GetAttribute("search"u8)))).ToImmutableSortedDictionary(),
        source.List("primarySort"u8, item => (item.Text("field"u8), item.Flag("isAscending"u8))));

    public static void WriteField(ValueBuilder builder, SearchField field)
    {
        builder.BeginObject();
        builder.WriteName("analyzers"u8);
        builder.BeginArray();
        foreach (var analyzer in field.Analyzers)
        {
            builder.BeginObject();
            WriteAnalyzer(builder, analyzer);
            builder.EndObject();
        }
        builder.EndArray();
        builder.WriteFlag("includesAllFields"u8, field.IncludesAllFields);
        builder.WriteText("storeValues"u8, field.StoreValues);
        builder.WriteFlag("tracksListPositions"u8, field.TracksListPositions);
        builder.WriteName("fields"u8);
        builder.BeginObject();
        foreach (var (name, inner) in field.Fields)
        {
            builder.WriteName(Encoding.UTF8.GetBytes(name));
            WriteField(builder, inner);
        }
        builder.EndObject();
        builder.EndObject();
    }

    public static SearchField ReadField(Value source)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, SearchField>(StringComparer.Ordinal);
        if (source.GetAttribute("fields"u8) is { IsObject: true } inner)
        {
            foreach (var (name, field) in inner.Attributes)
                fields[Encoding.UTF8.GetString(name)] = ReadField(field);
        }
        return new SearchField(source.List("analyzers"u8, ReadAnalyzer), source.Flag("includesAllFields"u8), fields.ToImmutable())
        {
            StoreValues = source.Text("storeValues"u8, "none"),
            TracksListPositions = source.Flag("tracksListPositions"u8),
        };
    }

    private static void WriteAnalyzer(ValueBuilder builder, AnalyzerDefinition analyzer)
    {
        builder.WriteText("name"u8, analyzer.Name);
        builder.WriteText("type"u8, analyzer.Type);
        builder.WriteAttribute("properties"u8, analyzer.Properties);
        builder.WriteName("features"u8);
        builder.BeginArray();
        foreach (var feature in analyzer.Features)
            builder.Write(Value.FromString(feature));
        builder.EndArray();
    }
}
