using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Documents;

/// <summary>Writes the attributes of an update: those of the old object with a patch laid over them, then what the patch adds.</summary>
internal static class DocumentMerge
{
    /// <param name="isRoot">The objects are documents, whose system attributes the caller writes.</param>
    public static void WriteMerged(ValueBuilder builder, Value old, Value patch, bool keepNull, bool mergeObjects, bool isRoot, bool isEdge)
    {
        var patched = patch.Attributes;
        foreach (var (name, value) in old.Attributes)
        {
            if (isRoot && IsSystem(name, isEdge))
                continue;
            if (!patched.TryGet(name, out var change))
                builder.WriteAttribute(name, value);
            else if (mergeObjects && change.IsObject && value.IsObject)
                WriteMergedObject(builder, name, value, change, keepNull);
            else
                WriteChange(builder, name, change, keepNull);
        }
        var kept = old.Attributes;
        foreach (var (name, change) in patched)
        {
            if ((isRoot && IsSystem(name, isEdge)) || kept.Contains(name))
                continue;
            WriteChange(builder, name, change, keepNull);
        }
    }

    /// <summary>Attributes that the writer puts at the front itself, or that are not stored at all.</summary>
    public static bool IsSystem(ReadOnlySpan<byte> name, bool isEdge) =>
        name.Length > 2
        && name[0] == '_'
        && (name.SequenceEqual("_key"u8) || name.SequenceEqual("_id"u8) || name.SequenceEqual("_rev"u8)
            || (isEdge && (name.SequenceEqual("_from"u8) || name.SequenceEqual("_to"u8))));

    private static void WriteMergedObject(ValueBuilder builder, ReadOnlySpan<byte> name, Value old, Value patch, bool keepNull)
    {
        builder.WriteName(name);
        builder.BeginObject();
        WriteMerged(builder, old, patch, keepNull, mergeObjects: true, isRoot: false, isEdge: false);
        builder.EndObject();
    }

    private static void WriteChange(ValueBuilder builder, ReadOnlySpan<byte> name, Value change, bool keepNull)
    {
        if (keepNull)
        {
            builder.WriteAttribute(name, change);
            return;
        }
        if (change.IsNull)
            return;
        builder.WriteName(name);
        WriteWithoutNulls(builder, change);
    }

    public static void WriteWithoutNulls(ValueBuilder builder, Value value)
    {
        if (!value.IsObject)
        {
            builder.Write(value);
            return;
        }
        builder.BeginObject();
        foreach (var (name, inner) in value.Attributes)
        {
            if (inner.IsNull)
                continue;
            builder.WriteName(name);
            WriteWithoutNulls(builder, inner);
        }
        builder.EndObject();
    }
}
