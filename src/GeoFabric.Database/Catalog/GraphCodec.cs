using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>The stored form of graphs, as other regions get it too. Like stored queries they are saved, and dropped, at a stamp.</summary>
internal static class GraphCodec
{
    public static Value Write(GraphDefinition graph)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("savedAt"u8, graph.Revision.ToString());
        builder.WriteText("name"u8, graph.Name);
        builder.WriteName("edges"u8);
        builder.BeginArray();
        foreach (var edges in graph.Edges)
        {
            builder.BeginObject();
            builder.WriteText("collection"u8, edges.Collection);
            builder.WriteAttribute("from"u8, Names(edges.From));
            builder.WriteAttribute("to"u8, Names(edges.To));
            builder.EndObject();
        }
        builder.EndArray();
        builder.WriteAttribute("orphans"u8, Names(graph.Orphans));
        builder.EndObject();
        return builder.Build();
    }

    public static GraphDefinition Read(Value source) => new(
        source.Text("name"u8),
        source.List("edges"u8, edges => new EdgeDefinition(edges.Text("collection"u8), edges.List("from"u8, name => name.Text), edges.List("to"u8, name => name.Text))),
        source.List("orphans"u8, name => name.Text))
    {
        Revision = DefinitionCodec.ReadSavedAt(source),
    };

    private static Value Names(ImmutableArray<string> names) => Value.FromList([.. names.Select(Value.FromString)]);
}
