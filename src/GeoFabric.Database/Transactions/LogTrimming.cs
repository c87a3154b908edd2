using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>What the logs of a fabric may lose.</summary>
/// <param name="ByAll">Of each region, how far every member has applied its log.</param>
/// <param name="ByMajority">How far more than half have; the others need a snapshot once that is gone.</param>
/// <param name="KeptFrom">Records from here on stay, unless there are too many.</param>
/// <param name="BytesMax">Of all logs together. Beyond it records go whatever their age, and those that only a majority has last.</param>
public sealed record LogLimits(IReadOnlyCollection<AppliedPosition> ByAll, IReadOnlyCollection<AppliedPosition> ByMajority, HybridTimestamp KeptFrom, ulong BytesMax);

/// <summary>Drops what the logs need not hold any more, oldest first, a bounded number of records in each turn.</summary>
internal static class LogTrimming
{
    private const int RecordsPerTurn = 1000;
    private const int RecordsPerStep = 50;

    /// <returns>The records dropped; 0 when there is nothing to do for now.</returns>
    public static int Trim(FabricTransaction transaction, LogLimits limits)
    {
        // Whatever a snapshot lacks has to come out of the logs.
        if (transaction.Vector.IsReceiving || transaction.Vector.Installed is not null)
            return 0;
        var dropped = 0;
        var origins = ReadOrigins(transaction.Storage);
        foreach (var origin in origins)
            dropped += transaction.TruncateLog(origin, LastDroppable(transaction, origin, limits.ByAll) + 1, RecordsPerTurn, limits.KeptFrom);
        return dropped + DropBeyond(transaction, origins, limits.ByAll, limits.BytesMax) + DropBeyond(transaction, origins, limits.ByMajority, limits.BytesMax);
    }

    /// <summary>The origins that have records.</summary>
    public static List<ChangeOrigin> ReadOrigins(IStorageReader storage)
    {
        var origins = new List<ChangeOrigin>();
        using var cursor = storage.OpenCursor(KeyLayout.AllChanges);
        for (var isPositioned = cursor.MoveNext(); isPositioned; isPositioned = cursor.Seek(KeyLayout.ChangeKey(origins[^1], ulong.MaxValue)))
            origins.Add(KeyLayout.ReadOrigin(cursor.Key));
        return origins;
    }

    private static int DropBeyond(FabricTransaction transaction, List<ChangeOrigin> origins, IReadOnlyCollection<AppliedPosition> through, ulong bytesMax)
    {
        var dropped = 0;
        while (transaction.LogBytes > bytesMax && dropped < RecordsPerTurn && FindOldest(transaction, origins, through) is { } oldest)
            dropped += transaction.TruncateLog(oldest, LastDroppable(transaction, oldest, through) + 1, RecordsPerStep, bytesMax: bytesMax);
        return dropped;
    }

    /// <summary>The origin whose first record is the oldest of those that may go.</summary>
    private static ChangeOrigin? FindOldest(FabricTransaction transaction, List<ChangeOrigin> origins, IReadOnlyCollection<AppliedPosition> through)
    {
        ChangeOrigin? oldest = null;
        var first = new HybridTimestamp(ulong.MaxValue);
        foreach (var origin in origins)
        {
            using var cursor = transaction.Storage.OpenCursor(new KeyRange(KeyLayout.ChangeKey(origin, 0), KeyLayout.ChangeKey(origin, LastDroppable(transaction, origin, through) + 1)));
            if (cursor.MoveNext() && ChangeRecordHeader.ReadUnchecked(cursor.Value).Timestamp is var timestamp && timestamp < first)
                (oldest, first) = (origin, timestamp);
        }
        return oldest;
    }

    private static ulong LastDroppable(FabricTransaction transaction, ChangeOrigin origin, IReadOnlyCollection<AppliedPosition> through)
    {
        var position = through.FirstOrDefault(position => position.Origin.Region == origin.Region);
        var last = position is null || position.Origin.Incarnation < origin.Incarnation ? 0
            : position.Origin.Incarnation > origin.Incarnation ? ulong.MaxValue - 1 : position.Sequence;
        // The last own record stays: it tells when this region last wrote.
        return origin == transaction.Origin ? Math.Min(last, Math.Max(transaction.LastSequence, 1) - 1) : last;
    }
}
