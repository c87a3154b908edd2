namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Random histories, right and wrong, small enough for checkers that try everything.</summary>
internal static class SmallHistories
{
    /// <summary>Up to five transactions of up to three sessions; reads return anything that is written somewhere.</summary>
    public static History Draw(Random random)
    {
        var count = random.Next(2, 6);
        var drafts = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Key: random.Next(2) == 0 ? "x" : "y", IsWrite: random.Next(5) < 2)).ToList()).ToList();
        var deletes = random.Next(4) == 0;
        var number = 0;
        var written = new List<HistoryOperation>();
        var operations = drafts.Select(draft => draft.Select(operation =>
        {
            if (!operation.IsWrite)
                return HistoryOperation.Read(operation.Key, null);
            var write = new HistoryOperation(true, operation.Key, deletes && random.Next(4) == 0 ? null : $"{++number}");
            written.Add(write);
            return write;
        }).ToArray()).ToList();
        var places = new Dictionary<int, int>();
        return new History(operations.Select(list =>
        {
            var session = random.Next(3);
            var index = places.GetValueOrDefault(session);
            places[session] = index + 1;
            var reads = list.Select((operation, at) =>
            {
                if (operation.IsWrite)
                    return operation;
                // Own writes are read mostly, or hardly any history would be consistent.
                if (list.Take(at).LastOrDefault(earlier => earlier.Key == operation.Key) is { Key: not null } own && random.Next(20) != 0)
                    return own with { IsWrite = false };
                var values = written.Where(write => write.Key == operation.Key).Select(write => write.Value).Append(null).ToList();
                return operation with { Value = values[random.Next(values.Count)] };
            });
            var outcome = random.Next(12) switch { 0 => TransactionOutcome.Failed, 1 or 2 => TransactionOutcome.Unknown, _ => TransactionOutcome.Ok };
            return Histories.Transaction($"s{session}", index, [.. reads]) with { Outcome = outcome };
        }));
    }
}
