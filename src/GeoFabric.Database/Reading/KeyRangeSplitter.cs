using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>
/// Cuts a range of keys where their beginnings part: the tree of beginnings is opened level by level until it has as many branches as wanted. What lies
/// under each branch is not counted, so the pieces are alike only as far as keys fill their beginnings alike; there should be many more than are worked
/// on at one time.
/// </summary>
internal static class KeyRangeSplitter
{
    /// <returns>Adjoining ranges in order that cover the range together; at least one, and not many more than <paramref name="pieces"/>.</returns>
    public static List<KeyRange> Split(IStorageReader storage, KeyRange range, int pieces)
    {
        var cuts = new SortedSet<byte[]>(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        using var cursor = storage.OpenCursor(range);
        if (cursor.MoveNext())
        {
            var open = new Queue<byte[]>();
            open.Enqueue(CommonBeginning(storage, range, cursor.Key.ToArray()));
            // One look for each beginning; those that never part cost one for each of their bytes.
            for (var looks = 0; cuts.Count + 1 < pieces && looks < 4 * pieces && open.TryDequeue(out var beginning);)
                looks += Part(cursor, beginning, cuts, open);
        }
        var ranges = new List<KeyRange>(cuts.Count + 1);
        var start = range.Start;
        foreach (var cut in cuts)
        {
            ranges.Add(new KeyRange(start, cut));
            start = cut;
        }
        ranges.Add(new KeyRange(start, range.End));
        return ranges;
    }

    private static byte[] CommonBeginning(IStorageReader storage, KeyRange range, byte[] first)
    {
        using var cursor = storage.OpenCursor(range, ScanDirection.Backward);
        return cursor.MoveNext() ? first[..first.AsSpan().CommonPrefixLength(cursor.Key)] : first;
    }

    /// <summary>Finds the bytes that follow a beginning, one look for each.</summary>
    private static int Part(ICursor cursor, byte[] beginning, SortedSet<byte[]> cuts, Queue<byte[]> open)
    {
        var looks = 0;
        var isFirst = true;
        byte[]? from = beginning;
        while (from is not null)
        {
            looks++;
            if (!cursor.Seek(from) || !cursor.Key.StartsWith(beginning))
                break;
            if (cursor.Key.Length == beginning.Length)
            {
                // The beginning is a key itself; it stays with what comes first.
                from = [.. beginning, 0];
                continue;
            }
            byte[] branch = [.. beginning, cursor.Key[beginning.Length]];
            if (!isFirst)
                cuts.Add(branch);
            isFirst = false;
            open.Enqueue(branch);
            from = branch[^1] == 0xFF ? null : [.. beginning, (byte)(branch[^1] + 1)];
        }
        return looks;
    }
}
