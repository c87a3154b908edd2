namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Everything the clients of one run did and saw.</summary>
internal sealed class History
{
    private readonly HistoryTransaction[] _transactions;

    /// <exception cref="ArgumentException">
    /// No checker could judge it: a session overlaps itself, or a value was written twice to a key. That is a fault of the workload, not of the database.
    /// </exception>
    public History(IEnumerable<HistoryTransaction> transactions)
    {
        _transactions = [.. transactions.OrderBy(transaction => transaction.Session, StringComparer.Ordinal).ThenBy(transaction => transaction.Index)];
        CheckSessions();
        CheckValues();
    }

    /// <summary>By session, then by index.</summary>
    public IReadOnlyList<HistoryTransaction> Transactions => _transactions;

    private void CheckSessions()
    {
        for (var i = 0; i < _transactions.Length; i++)
        {
            var transaction = _transactions[i];
            if (transaction.Return < transaction.Call)
                throw new ArgumentException($"{transaction} returns before it is called.");
            if (i == 0 || _transactions[i - 1].Session != transaction.Session)
                continue;
            var previous = _transactions[i - 1];
            if (previous.Index == transaction.Index)
                throw new ArgumentException($"{transaction.Name} is there twice.");
            if (transaction.Call < previous.Return)
                throw new ArgumentException($"A session does one thing after the other, but {transaction} begins before the end of {previous}.");
        }
    }

    private void CheckValues()
    {
        var writers = new Dictionary<(string Key, string Value), HistoryTransaction>();
        foreach (var transaction in _transactions)
        {
            foreach (var operation in transaction.Operations)
            {
                if (operation is { IsWrite: true, Value: { } value } && !writers.TryAdd((operation.Key, value), transaction))
                    throw new ArgumentException($"{operation.Key}={value} is written by {writers[(operation.Key, value)].Name} and again by {transaction.Name}; values must be unique per key.");
            }
        }
    }
}
