using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that read the fabric. A collection comes to them as its name.</summary>
public static class DatabaseFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("DOCUMENT", 1, 2, FunctionPurity.Stable, "The document with an identifier or with a key of a collection, or null; an array of them gives those found.", "DOCUMENT(\"no-collection/no-key\")", "null", Document),
        new("COLLECTION_COUNT", 1, 1, FunctionPurity.Stable, "Number of documents of a collection.", "COLLECTION_COUNT(1)", "null", CollectionCount),
        new("COLLECTIONS", 0, 0, FunctionPurity.Stable, "Identifiers and names of the fabric's collections, by name.", "IS_ARRAY(COLLECTIONS())", "true", Collections),
        new("SCHEMA_GET", 1, 1, FunctionPurity.Stable, "The schema of a collection, or null when it has none.", "SCHEMA_GET(1)", "null", SchemaGet),
        new("SHARD_ID", 2, 2, FunctionPurity.Stable, "Where a collection keeps a document: collections are not cut into shards, so it is the collection.", "SHARD_ID(1, { _key: \"a\" })", "null", ShardId),
    ];

    private static Value Document(in FunctionCall call)
    {
        CollectionDefinition? expected = null;
        if (call.Count == 2 && !(call[0].IsString && TryGetCollection(call, call[0], out expected)))
            return call[1].IsArray ? Value.EmptyArray : default;
        var wanted = call[call.Count - 1];
        if (!wanted.IsArray)
            return Find(call, expected, wanted);
        var found = new ValueListWriter(call.Context, Math.Min(wanted.Items.Count, 1024));
        foreach (var item in wanted.Items)
        {
            var document = Find(call, expected, item);
            if (!document.IsNull)
                found.Add(document);
        }
        return found.ToValue();
    }

    /// <summary>The document with an identifier, or with a key when the collection is known; null for anything that names none.</summary>
    private static Value Find(in FunctionCall call, CollectionDefinition? expected, Value wanted)
    {
        if (!wanted.IsString)
            return default;
        var key = wanted;
        var collection = expected;
        if (expected is null || wanted.Utf8.Contains((byte)'/'))
        {
            if (!DocumentFunctions.TrySplit(wanted, out var name, out key) || !TryGetCollection(call, name, out collection))
                return default;
            if (expected is not null && collection.Id != expected.Id)
                return default;
        }
        return collection is not null && call.Context.Reader.TryGetDocument(collection, key.Utf8, out var document) ? document : default;
    }

    private static bool TryGetCollection(in FunctionCall call, Value name, [NotNullWhen(true)] out CollectionDefinition? collection) =>
        call.Context.Reader.Catalog.TryGetCollection(name.Text, out collection);

    private static Value CollectionCount(in FunctionCall call)
    {
        if (!call[0].IsString)
            return call.WrongType();
        var reader = call.Context.Reader;
        return Value.FromInteger(reader.CountDocuments(reader.Catalog.GetCollection(call[0].Text)));
    }

    private static Value SchemaGet(in FunctionCall call)
    {
        if (!call[0].IsString)
            return call.WrongType();
        return call.Context.Reader.Catalog.GetCollection(call[0].Text).Schema?.Describe() ?? Value.Null;
    }

    private static Value ShardId(in FunctionCall call)
    {
        if (!call[0].IsString || !call[1].IsObject)
            return call.WrongType();
        return Value.FromString(call.Context.Reader.Catalog.GetCollection(call[0].Text).Name);
    }

    private static Value Collections(in FunctionCall call)
    {
        var definitions = call.Context.Reader.Catalog.Collections.Values.OrderBy(definition => definition.Name, StringComparer.Ordinal);
        var collections = new ValueListWriter(call.Context, 16);
        using var builder = new ValueBuilder(128);
        foreach (var definition in definitions)
        {
            builder.Reset();
            builder.BeginObject();
            builder.WriteAttribute("_id"u8, Value.FromString(definition.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            builder.WriteAttribute("name"u8, Value.FromString(definition.Name));
            builder.EndObject();
            collections.Add(ObjectShapeFunctions.Finish(call, builder));
        }
        return collections.ToValue();
    }
}
