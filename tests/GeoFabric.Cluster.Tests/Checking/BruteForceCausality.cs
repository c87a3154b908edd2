namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The definition of transactional causal consistency, tried on every order of commits: right by reading, and only for a handful of transactions.</summary>
internal static class BruteForceCausality
{
    /// <summary>Whether some choice of unknown transactions, together with the acknowledged ones, has a fitting order of commits.</summary>
    public static bool IsConsistent(History history)
    {
        var unknown = history.Transactions.Where(transaction => transaction.Outcome == TransactionOutcome.Unknown).ToList();
        for (var choice = 0; choice < 1 << unknown.Count; choice++)
        {
            var present = history.Transactions.Where(transaction =>
                transaction.Outcome == TransactionOutcome.Ok
                || (transaction.Outcome == TransactionOutcome.Unknown && (choice & (1 << unknown.IndexOf(transaction))) != 0));
            if (IsConsistent([.. present], history))
                return true;
        }
        return false;
    }

    private static bool IsConsistent(HistoryTransaction[] present, History history)
    {
        // By key, reader and writer; a writer of -1 is the absent version.
        var reads = new List<(string Key, int Reader, int Writer)>();
        for (var reader = 0; reader < present.Length; reader++)
        {
            var known = new Dictionary<string, string?>();
            foreach (var operation in present[reader].Operations)
            {
                if (operation.IsWrite || known.ContainsKey(operation.Key))
                {
                    if (!operation.IsWrite && known[operation.Key] != operation.Value)
                        return false;
                    known[operation.Key] = operation.Value;
                    continue;
                }
                known[operation.Key] = operation.Value;
                var isDeleted = history.Transactions.Any(transaction => transaction.Outcome != TransactionOutcome.Failed
                    && transaction.Operations.Any(other => other.IsDelete && other.Key == operation.Key));
                if (operation.Value is null && isDeleted)
                    continue;
                var writer = operation.Value is null ? -1 : Array.FindIndex(present, transaction => FinalWrite(transaction, operation.Key) == operation);
                if (writer == reader || (writer < 0 && operation.Value is not null))
                    return false;
                reads.Add((operation.Key, reader, writer));
            }
        }
        var before = Closure(present, reads);
        return Enumerable.Range(0, present.Length).All(i => !before[i, i]) && HasOrder(present, reads, before, [], new bool[present.Length]);
    }

    /// <summary>The last write of a key, written as the read that would see it.</summary>
    private static HistoryOperation? FinalWrite(HistoryTransaction transaction, string key) =>
        transaction.Operations.Any(operation => operation.IsWrite && operation.Key == key)
            ? transaction.Operations.Last(operation => operation.IsWrite && operation.Key == key) with { IsWrite = false }
            : null;

    private static bool[,] Closure(HistoryTransaction[] present, List<(string Key, int Reader, int Writer)> reads)
    {
        var before = new bool[present.Length, present.Length];
        for (var i = 0; i < present.Length; i++)
        {
            for (var j = 0; j < present.Length; j++)
                before[i, j] = present[i].Session == present[j].Session && present[i].Index < present[j].Index && present[i].Outcome == TransactionOutcome.Ok;
        }
        foreach (var (_, reader, writer) in reads)
        {
            if (writer >= 0)
                before[writer, reader] = true;
        }
        for (var k = 0; k < present.Length; k++)
        {
            for (var i = 0; i < present.Length; i++)
            {
                for (var j = 0; j < present.Length; j++)
                    before[i, j] |= before[i, k] && before[k, j];
            }
        }
        return before;
    }

    private static bool HasOrder(HistoryTransaction[] present, List<(string Key, int Reader, int Writer)> reads, bool[,] before, List<int> order, bool[] isPlaced)
    {
        if (order.Count == present.Length)
            return Fits(present, reads, before, order);
        for (var next = 0; next < present.Length; next++)
        {
            if (isPlaced[next] || Enumerable.Range(0, present.Length).Any(other => before[other, next] && !isPlaced[other]))
                continue;
            order.Add(next);
            isPlaced[next] = true;
            var isFound = HasOrder(present, reads, before, order, isPlaced);
            order.RemoveAt(order.Count - 1);
            isPlaced[next] = false;
            if (isFound)
                return true;
        }
        return false;
    }

    /// <summary>Whoever wrote the key and happened before the reader commits before the version that was read.</summary>
    private static bool Fits(HistoryTransaction[] present, List<(string Key, int Reader, int Writer)> reads, bool[,] before, List<int> order) =>
        reads.All(read => Enumerable.Range(0, present.Length).All(other =>
            other == read.Writer || !before[other, read.Reader] || FinalWrite(present[other], read.Key) is null
            || (read.Writer >= 0 && order.IndexOf(other) < order.IndexOf(read.Writer))));
}
