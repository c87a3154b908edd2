using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Keys;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>An <see cref="IndexRange"/> as encoded fields: from where to where to walk, and what an entry that was cut has to satisfy.</summary>
internal sealed class IndexRangeKeys
{
    // Encoded fields without the index's prefix; whole, however long. A null end means no end.
    private readonly byte[] _start;
    private readonly byte[]? _end;

    private readonly bool _isPoint;

    private IndexRangeKeys(byte[] start, byte[]? end, bool isPoint = false)
    {
        _start = start;
        _end = end;
        _isPoint = isPoint;
    }

    public static IndexRangeKeys Create(IndexRange range, IIndexMaintainer index, KeyWriter writer)
    {
        writer.Clear();
        foreach (var value in range.EqualTo)
            index.WriteField(writer, value);
        var equalSize = writer.Length;
        if (range.Lower is null && range.Upper is null)
            return new IndexRangeKeys(writer.Written.ToArray(), KeyRange.After(writer.Written), range.EqualTo.Length == index.Definition.Fields.Length);

        var start = writer.Written.ToArray();
        var end = KeyRange.After(start);
        if (range.Lower is { } lower)
        {
            index.WriteField(writer, lower.Value);
            // Every entry with this value begins with its encoding, and no other one does.
            start = lower.IsInclusive ? writer.Written.ToArray() : KeyRange.After(writer.Written) ?? start;
            writer.Truncate(equalSize);
        }
        if (range.Upper is { } upper)
        {
            index.WriteField(writer, upper.Value);
            end = upper.IsInclusive ? KeyRange.After(writer.Written) : writer.Written.ToArray();
        }
        return new IndexRangeKeys(start, end);
    }

    /// <summary>Whether whole encoded fields lie in the range.</summary>
    public bool ContainsFields(ReadOnlySpan<byte> fields) =>
        fields.SequenceCompareTo(_start) >= 0 && (_end is null || fields.SequenceCompareTo(_end) < 0);

    /// <summary>The share of an index's entries that lie in the range.</summary>
    public double ShareIn(IndexHistogram histogram) => histogram.ShareBetween(_start, _end);

    /// <summary>The storage range that holds every entry of the range; entries in it that were cut have to be checked.</summary>
    public KeyRange StorageRange(IIndexMaintainer index)
    {
        if (_isPoint && IndexFields.IsTooLong(_start))
            return StoredPoint(index);
        var all = KeyRange.WithPrefix(index.Prefix);
        var start = (byte[])[.. index.Prefix, .. IndexFields.Kept(_start)];
        if (_end is null)
            return new KeyRange(start, all.End);
        // A long end is cut after the bytes that entries keep, and what begins with them may still lie before it.
        byte[]? end = IndexFields.IsTooLong(_end)
            ? KeyRange.After((byte[])[.. index.Prefix, .. IndexFields.Kept(_end)])
            : [.. index.Prefix, .. _end];
        return new KeyRange(start, end);
    }

    /// <summary>All fields are given and too long to keep: their hash narrows the range to them alone.</summary>
    private KeyRange StoredPoint(IIndexMaintainer index)
    {
        var prefix = new byte[KeyLayout.IndexPrefixSize + IndexFields.StoredSize(_start)];
        index.Prefix.CopyTo(prefix);
        IndexFields.Write(prefix.AsSpan(KeyLayout.IndexPrefixSize), _start);
        return KeyRange.WithPrefix(prefix);
    }
}
