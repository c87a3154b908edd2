using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>Bounds on <c>_key</c> that are no possible keys themselves, such as a text with a blank: compared row by row.</summary>
internal sealed class KeyBounds(IndexBound? lower, IndexBound? upper)
{
    public bool Contain(ReadOnlySpan<byte> key) =>
        (lower is null || IsWithin(StringCollation.Compare(key, lower.Value.Utf8), lower.IsInclusive))
        && (upper is null || IsWithin(StringCollation.Compare(upper.Value.Utf8, key), upper.IsInclusive));

    /// <summary>The storage range of a range over the primary index; null when it can hold nothing.</summary>
    /// <param name="bounds">What the storage range could not express.</param>
    public static KeyRange? RangeOf(CollectionRuntime collection, IndexRange range, out KeyBounds? bounds)
    {
        bounds = null;
        if (range.EqualTo.Length > 1)
            return null;
        var lower = range.EqualTo.Length == 1 ? new IndexBound(range.EqualTo[0], true) : range.Lower;
        var upper = range.EqualTo.Length == 1 ? lower : range.Upper;
        var all = KeyRange.WithPrefix(collection.DocumentPrefix);
        byte[]? start = all.Start;
        var end = all.End;
        IndexBound? uncodedLower = null, uncodedUpper = null;
        // Keys are strings: numbers and the like sort before all of them, arrays and objects after.
        if (lower is not null)
        {
            if (lower.Value.Kind > ValueKind.String)
                return null;
            if (lower.Value.IsString && !TryEncode(collection, lower.Value.Utf8, !lower.IsInclusive, ref start))
                uncodedLower = lower;
        }
        if (upper is not null)
        {
            if (upper.Value.Kind < ValueKind.String)
                return null;
            if (upper.Value.IsString && !TryEncode(collection, upper.Value.Utf8, upper.IsInclusive, ref end))
                uncodedUpper = upper;
        }
        if (uncodedLower is not null || uncodedUpper is not null)
            bounds = new KeyBounds(uncodedLower, uncodedUpper);
        return new KeyRange(start ?? all.Start, end);
    }

    private static bool IsWithin(int order, bool isInclusive) => order > 0 || (order == 0 && isInclusive);

    /// <summary>A storage key, or, with <paramref name="isBehind"/>, the smallest one after it.</summary>
    private static bool TryEncode(CollectionRuntime collection, ReadOnlySpan<byte> key, bool isBehind, ref byte[]? encoded)
    {
        if (!DocumentKeyCodec.CanEncode(key))
            return false;
        Span<byte> buffer = stackalloc byte[KeyLayout.DocumentKeySizeMax + 1];
        var size = KeyLayout.WriteDocumentKey(buffer, collection.DocumentPrefix, key);
        buffer[size] = 0;
        encoded = buffer[..(isBehind ? size + 1 : size)].ToArray();
        return true;
    }
}
