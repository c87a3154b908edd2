using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Analyzers, views and what is searched as catalog objects and back. Persisted: attributes may be added, never renamed or given another meaning.</summary>
internal static class SearchCodec
{
    public static ReadOnlySpan<byte> ScoreOrdersName => "scoreOrders"u8;

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
        WritePrimarySort(builder, view.Stored.PrimarySort);
        if (!view.Stored.Groups.IsEmpty)
            WriteGroups(builder, view.Stored.Groups);
        if (!view.ScoreOrders.IsEmpty)
            builder.WriteTexts(ScoreOrdersName, view.ScoreOrders);
        if (view.IsSemantic)
            WriteSemanticLinks(builder, view.SemanticLinks);
        builder.EndObject();
        return builder.Build();
    }

    private static void WriteSemanticLinks(ValueBuilder builder, ImmutableSortedDictionary<ulong, ImmutableArray<SemanticField>> links)
    {
        builder.WriteName("semantic"u8);
        builder.BeginArray();
        foreach (var (wireId, fields) in links)
        {
            builder.BeginObject();
            builder.WriteInteger("collection"u8, unchecked((long)wireId));
            builder.WriteName("fields"u8);
            builder.BeginArray();
            foreach (var field in fields)
            {
                builder.BeginObject();
                builder.WriteText("path"u8, field.Path);
                builder.WriteAttribute("told"u8, field.Told);
                DefinitionCodec.WriteVector(builder, field.Vector, field.Centroids);
                builder.EndObject();
            }
            builder.EndArray();
            builder.EndObject();
        }
        builder.EndArray();
    }

    private static SemanticField ReadSemanticField(Value source)
    {
        var vector = source.GetAttribute("vector"u8);
        return new SemanticField(source.Text("path"u8), DefinitionCodec.ReadVector(vector)!, source.GetAttribute("told"u8)) { Centroids = DefinitionCodec.ReadCentroids(vector) };
    }

    public static ViewDefinition ReadView(Value source) => new(
        unchecked((ulong)source.Integer("id"u8)),
        source.Text("name"u8),
        source.List("links"u8, link => KeyValuePair.Create(unchecked((ulong)link.Integer("collection"u8)), ReadField(link.GetAttribute("search"u8)))).ToImmutableSortedDictionary(),
        ReadStored(source))
    {
        ScoreOrders = ReadScoreOrders(source),
        IsSemantic = source.GetAttribute("semantic"u8).IsArray,
        SemanticLinks = source.List("semantic"u8, link =>
            KeyValuePair.Create(unchecked((ulong)link.Integer("collection"u8)), link.List("fields"u8, ReadSemanticField))).ToImmutableSortedDictionary(),
    };

    public static void WritePrimarySort(ValueBuilder builder, ImmutableArray<(string Field, bool IsAscending)> primarySort)
    {
        builder.WriteName("primarySort"u8);
        builder.BeginArray();
        foreach (var (field, isAscending) in primarySort)
        {
            builder.BeginObject();
            builder.WriteText("field"u8, field);
            builder.WriteFlag("isAscending"u8, isAscending);
            builder.EndObject();
        }
        builder.EndArray();
    }

    public static void WriteGroups(ValueBuilder builder, ImmutableArray<StoredValueGroup> groups)
    {
        builder.WriteName("storedValues"u8);
        builder.BeginArray();
        foreach (var group in groups)
        {
            builder.BeginObject();
            builder.WriteTexts("fields"u8, group.Fields);
            builder.WriteText("compression"u8, group.Compression);
            builder.EndObject();
        }
        builder.EndArray();
    }

    public static StoredValues ReadStored(Value source)
    {
        var groups = source.List("storedValues"u8, group => new StoredValueGroup(group.List("fields"u8, field => field.Text), group.Text("compression"u8)));
        var primarySort = source.List("primarySort"u8, item => (item.Text("field"u8), item.Flag("isAscending"u8)));
        return groups.IsEmpty && primarySort.IsEmpty ? StoredValues.None : new StoredValues(groups, primarySort);
    }

    /// <summary>None in what was written before there were any.</summary>
    public static ImmutableArray<string> ReadScoreOrders(Value source) => source.List(ScoreOrdersName, order => order.Text);

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
        builder.WriteTexts("features"u8, analyzer.Features);
    }
}
