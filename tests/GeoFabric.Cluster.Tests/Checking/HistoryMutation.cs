namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Changes one read of a sound history so that it is no longer sound.</summary>
internal static class HistoryMutation
{
    /// <summary>Changes the operations of one acknowledged transaction, chosen by a random read of it.</summary>
    /// <param name="choose">Gets a transaction and the index of a read in it; returns the operations to have there instead, or <see langword="null"/> if it does not fit.</param>
    /// <returns>The changed history, or <see langword="null"/> if none of its reads fits.</returns>
    public static History? Apply(History history, Random random, Func<HistoryTransaction, int, IReadOnlyList<HistoryOperation>?> choose)
    {
        var places = history.Transactions
            .Where(transaction => transaction.Outcome == TransactionOutcome.Ok)
            .SelectMany(transaction => Enumerable.Range(0, transaction.Operations.Count).Where(index => IsExternalRead(transaction, index)).Select(index => (transaction, index)))
            .ToArray();
        random.Shuffle(places);
        foreach (var (transaction, index) in places)
        {
            if (choose(transaction, index) is { } operations)
                return new History(history.Transactions.Select(other => other == transaction ? other with { Operations = operations } : other));
        }
        return null;
    }

    public static IReadOnlyList<HistoryOperation> WithValue(HistoryTransaction transaction, int index, string? value) =>
        [.. transaction.Operations.Select((operation, at) => at == index || IsRepetition(transaction, at, index) ? operation with { Value = value } : operation)];

    /// <summary>A first read of a key that the transaction has not written before.</summary>
    private static bool IsExternalRead(HistoryTransaction transaction, int index) =>
        !transaction.Operations[index].IsWrite && transaction.Operations.Take(index).All(earlier => earlier.Key != transaction.Operations[index].Key);

    /// <summary>Whether this is a read that shows again what the one at <paramref name="first"/> showed.</summary>
    private static bool IsRepetition(HistoryTransaction transaction, int index, int first) =>
        index > first
        && !transaction.Operations[index].IsWrite
        && transaction.Operations[index].Key == transaction.Operations[first].Key
        && transaction.Operations.Take(index).All(earlier => !earlier.IsWrite || earlier.Key != transaction.Operations[index].Key);
}
