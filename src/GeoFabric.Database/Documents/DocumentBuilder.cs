using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Documents;

/// <summary>Builds the records of new document versions and checks what they hold. Belongs to the writer and is reused.</summary>
/// <param name="builder">Scratch space.</param>
internal sealed class DocumentBuilder(ValueBuilder builder, int documentBytesMax)
{
    /// <summary>Levels of arrays and objects in a document, itself included: as many as the JSON reader takes in.</summary>
    public const int NestingMax = Primitives.Values.JsonValueReader.DepthMax;

    private readonly RecordArena _arena = new();

    /// <summary>Gives all records built so far up.</summary>
    public void Reset() => _arena.Reset();

    /// <summary>The record of a document given in full.</summary>
    /// <param name="old">The version it replaces, whose <c>_from</c> and <c>_to</c> an edge keeps unless it brings its own; null for none.</param>
    /// <exception cref="GeoFabricException">1233, 1216, 1524.</exception>
    public Value Build(CollectionDefinition collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value document, Value old, RevisionStamp stamp)
    {
        var isEdge = collection.Type == CollectionType.Edge;
        Begin(key);
        if (isEdge)
            WriteEnds(collection, document, old);
        foreach (var (name, value) in document.Attributes)
        {
            if (!DocumentMerge.IsSystem(name, isEdge))
                builder.WriteAttribute(name, value);
        }
        return Finish(collection, storageKey, stamp);
    }

    /// <summary>The record of a document with a patch laid over it.</summary>
    /// <exception cref="GeoFabricException">1233, 1216, 1524.</exception>
    public Value BuildMerged(
        CollectionDefinition collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> key, Value old, Value patch,
        bool keepNull, bool mergeObjects, RevisionStamp stamp)
    {
        var isEdge = collection.Type == CollectionType.Edge;
        Begin(key);
        if (isEdge)
            WriteEnds(collection, patch, old);
        DocumentMerge.WriteMerged(builder, old, patch, keepNull, mergeObjects, isRoot: true, isEdge);
        return Finish(collection, storageKey, stamp);
    }

    /// <summary>The record of a document whose whole object somebody else writes, system attributes included.</summary>
    /// <param name="isLimited">A local write is held to the limits; what other regions merged together is taken as it is.</param>
    /// <exception cref="GeoFabricException">1216, 1524.</exception>
    public Value BuildFrom(
        CollectionDefinition collection, ReadOnlySpan<byte> storageKey, Action<ValueBuilder> writeBody, RevisionStamp stamp, bool hasMetadata, bool isLimited)
    {
        builder.Reset();
        writeBody(builder);
        return Seal(collection, storageKey, stamp, hasMetadata, isLimited);
    }

    /// <summary>The record of a document that is as it was, but whose metadata is forgotten.</summary>
    public Value BuildWithoutMetadata(CollectionDefinition collection, ReadOnlySpan<byte> storageKey, Value document)
    {
        builder.Reset();
        builder.WriteEncoded(DocumentHeader.Body(document.Record));
        return Seal(collection, storageKey, DocumentHeader.ReadStamp(document.Record), hasMetadata: false, isLimited: false);
    }

    /// <summary>Whether a patch holds nothing to change.</summary>
    public static bool IsEmptyPatch(Value patch)
    {
        foreach (var (name, _) in patch.Attributes)
        {
            if (!DocumentMerge.IsSystem(name, isEdge: false))
                return false;
        }
        return true;
    }

    private void Begin(ReadOnlySpan<byte> key)
    {
        builder.Reset();
        builder.BeginObject();
        builder.WriteName("_key"u8);
        builder.WriteString(key);
    }

    private void WriteEnds(CollectionDefinition collection, Value document, Value old)
    {
        WriteEnd(collection, "_from"u8, document, old);
        WriteEnd(collection, "_to"u8, document, old);
    }

    /// <summary>An edge has two ends, its own or those it had.</summary>
    /// <exception cref="GeoFabricException">1233.</exception>
    public static void CheckEnds(CollectionDefinition collection, Value document, Value old)
    {
        if (collection.Type != CollectionType.Edge)
            return;
        FindEnd(collection, "_from"u8, document, old);
        FindEnd(collection, "_to"u8, document, old);
    }

    private void WriteEnd(CollectionDefinition collection, ReadOnlySpan<byte> name, Value document, Value old)
    {
        var end = FindEnd(collection, name, document, old);
        builder.WriteName(name);
        builder.WriteString(end.Utf8);
    }

    private static Value FindEnd(CollectionDefinition collection, ReadOnlySpan<byte> name, Value document, Value old)
    {
        if (!document.TryGetAttribute(name, out var end))
            end = old.GetAttribute(name);
        if (!end.IsString || !DocumentHandle.TrySplit(end.Utf8, out ReadOnlySpan<byte> _, out _))
        {
            throw ErrorCodes.EdgeAttributeInvalid.With(
                $"edge collection '{collection.Name}': {System.Text.Encoding.UTF8.GetString(name)} must be the _id of a document, such as \"collection/key\", not {end}");
        }
        return end;
    }

    private Value Finish(CollectionDefinition collection, ReadOnlySpan<byte> storageKey, RevisionStamp stamp)
    {
        builder.EndObject();
        return Seal(collection, storageKey, stamp, hasMetadata: false, isLimited: true);
    }

    private Value Seal(CollectionDefinition collection, ReadOnlySpan<byte> storageKey, RevisionStamp stamp, bool hasMetadata, bool isLimited)
    {
        var size = DocumentHeader.Size + builder.Written.Length;
        if (isLimited && size > documentBytesMax)
            throw ErrorCodes.DocumentTooLarge.With($"{size} bytes; at most {documentBytesMax} are possible");
        var record = _arena.Allocate(size);
        builder.Written.CopyTo(record[DocumentHeader.Size..]);
        DocumentRecord.Seal(record, storageKey, stamp, epoch: 0, hasMetadata);
        var document = Value.FromDocument(collection.Source, record);
        if (isLimited)
            CheckNesting(document);
        return document;
    }

    private static void CheckNesting(Value document)
    {
        foreach (var (_, value) in document.Attributes)
            CheckNesting(value, 2);
    }

    private static void CheckNesting(Value value, int level)
    {
        if (!value.IsArray && !value.IsObject)
            return;
        if (level > NestingMax)
            throw ErrorCodes.TooMuchNesting.With($"a document may have {NestingMax} levels of arrays and objects");
        if (value.IsArray)
        {
            foreach (var item in value.Items)
                CheckNesting(item, level + 1);
            return;
        }
        foreach (var (_, inner) in value.Attributes)
            CheckNesting(inner, level + 1);
    }
}
