using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>Where the entries of an index lie: the fields of every n-th of them, so that as many lie between any two. Immutable.</summary>
/// <param name="entries">How many entries there were.</param>
/// <param name="step">How many lie from one boundary to the next.</param>
internal sealed class IndexHistogram(long entries, long step, IReadOnlyList<byte[]> boundaries)
{
    /// <summary>Buckets of an index; with them a range of many entries is known to about one in two hundred.</summary>
    private const int BucketsMax = 256;

    /// <summary>Longer fields are kept up to here; what begins alike is then taken to be the same.</summary>
    private const int BoundarySizeMax = 64;

    public long Entries => entries;

    /// <summary>Reads all keys of an index.</summary>
    /// <param name="expected">About as many entries as there are.</param>
    public static IndexHistogram Read(IStorageReader storage, IIndexMaintainer index, long expected)
    {
        var step = Math.Max(1, expected / BucketsMax);
        var boundaries = new List<byte[]>();
        long entries = 0;
        using var cursor = index.OpenEntries(storage, KeyRange.WithPrefix(index.Prefix));
        while (cursor.MoveNext())
        {
            if (entries++ % step == 0)
            {
                var fields = IndexEntryRecord.FieldsOf(cursor.Key, cursor.Value);
                boundaries.Add(fields[..Math.Min(fields.Length, BoundarySizeMax)].ToArray());
            }
        }
        return new IndexHistogram(entries, step, boundaries);
    }

    /// <summary>Whether the index has since grown or shrunk by more than a fifth.</summary>
    public bool IsStale(long now) => Math.Abs(now - entries) > Math.Max(16, entries / 5);

    /// <summary>About as many entries as have fields in a range, as a share of all.</summary>
    /// <param name="end">Null for no end.</param>
    public double ShareBetween(ReadOnlySpan<byte> start, byte[]? end) =>
        entries == 0 ? 0 : Math.Clamp((double)((end is null ? boundaries.Count : CountBelow(end)) - CountBelow(start)) * step / entries, 0, 1);

    private int CountBelow(ReadOnlySpan<byte> fields)
    {
        var (low, high) = (0, boundaries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (boundaries[middle].AsSpan().SequenceCompareTo(fields) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
