using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that take document identifiers and revisions apart, without looking at the documents.</summary>
public static class DocumentFunctions
{
    private const int ForeignRevisionLength = 11;
    private const int ForeignCounterBits = 20;

    public static readonly FunctionDefinition[] Table =
    [
        new("PARSE_IDENTIFIER", 1, 1, FunctionPurity.Pure, "Collection and key of a document identifier or of a document that has one.", "PARSE_IDENTIFIER(\"animals/fox\")", "{\"collection\":\"animals\",\"key\":\"fox\"}", ParseIdentifier),
        new("PARSE_COLLECTION", 1, 1, FunctionPurity.Pure, "Collection of a document identifier or of a document that has one.", "PARSE_COLLECTION({_id: \"animals/fox\"})", "\"animals\"", ParseCollection),
        new("PARSE_KEY", 1, 1, FunctionPurity.Pure, "Key of a document identifier or of a document that has one.", "PARSE_KEY(\"animals/fox\")", "\"fox\"", ParseKey),
        new("IS_SAME_COLLECTION", 2, 2, FunctionPurity.Pure, "Whether a document or an identifier is of a collection.", "IS_SAME_COLLECTION(\"animals\", \"animals/fox\")", "true", IsSameCollection),
        new("DECODE_REV", 1, 1, FunctionPurity.Pure, "Time and counter that a document revision was made from.", "DECODE_REV(\"_-----------\")", "{\"date\":\"1970-01-01T00:00:00.000Z\",\"count\":0}", DecodeRevision),
    ];

    private static ReadOnlySpan<byte> ForeignAlphabet => "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8;

    /// <summary>Splits <c>collection/key</c>: exactly one slash with something on either side.</summary>
    internal static bool TrySplit(Value identifier, out Value collection, out Value key)
    {
        collection = key = default;
        if (!identifier.IsString)
            return false;
        var text = identifier.Utf8;
        var slash = text.IndexOf((byte)'/');
        if (slash <= 0 || slash == text.Length - 1 || text[(slash + 1)..].Contains((byte)'/'))
            return false;
        collection = Value.FromUtf8(text[..slash]);
        key = Value.FromUtf8(text[(slash + 1)..]);
        return true;
    }

    private static bool TrySplitArgument(Value argument, out Value collection, out Value key) =>
        TrySplit(argument.IsObject ? argument.GetAttribute("_id"u8) : argument, out collection, out key);

    private static Value ParseIdentifier(in FunctionCall call)
    {
        if (!TrySplitArgument(call[0], out var collection, out var key))
            return call.WrongType();
        using var result = new ValueBuilder(128);
        result.BeginObject();
        result.WriteAttribute("collection"u8, collection);
        result.WriteAttribute("key"u8, key);
        result.EndObject();
        return result.Build();
    }

    private static Value ParseCollection(in FunctionCall call) =>
        TrySplitArgument(call[0], out var collection, out _) ? collection : call.WrongType();

    private static Value ParseKey(in FunctionCall call) =>
        TrySplitArgument(call[0], out _, out var key) ? key : call.WrongType();

    private static Value IsSameCollection(in FunctionCall call)
    {
        var left = CollectionName(call[0]);
        var right = CollectionName(call[1]);
        return left.IsEmpty || right.IsEmpty ? call.WrongType() : Value.FromBoolean(left.SequenceEqual(right));
    }

    /// <summary>The collection of a document, of an identifier, or named as such; empty when there is none.</summary>
    private static ReadOnlySpan<byte> CollectionName(Value argument)
    {
        if (argument.IsObject)
            argument = argument.GetAttribute("_id"u8);
        if (!argument.IsString)
            return default;
        var text = argument.Utf8;
        var slash = text.IndexOf((byte)'/');
        return slash < 0 ? text : text[..slash];
    }

    private static Value DecodeRevision(in FunctionCall call)
    {
        if (!call[0].IsString || !TryReadRevision(call[0].Utf8, out var milliseconds, out var count) || !CivilTime.IsInRange(milliseconds))
            return call.WrongType();
        using var result = new ValueBuilder(64);
        result.BeginObject();
        result.WriteAttribute("date"u8, DateArguments.ToText(milliseconds));
        result.WriteAttribute("count"u8, Value.FromInteger(count));
        result.EndObject();
        return result.Build();
    }

    /// <summary>Reads a revision of this server, or one of eleven characters as it stands in data and queries that come from ArangoDB.</summary>
    private static bool TryReadRevision(ReadOnlySpan<byte> text, out long milliseconds, out long count)
    {
        var isOurs = RevisionStamp.TryParse(text, out var stamp);
        (milliseconds, count) = (stamp.Timestamp.UnixMilliseconds, stamp.Timestamp.Counter);
        if (isOurs || text.Length != ForeignRevisionLength)
            return isOurs;
        ulong bits = 0;
        foreach (var character in text)
        {
            var digit = ForeignAlphabet.IndexOf(character);
            if (digit < 0)
                return false;
            bits = (bits << 6) | (uint)digit;
        }
        (milliseconds, count) = ((long)(bits >> ForeignCounterBits), (long)(bits & ((1UL << ForeignCounterBits) - 1)));
        return true;
    }
}
