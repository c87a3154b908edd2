namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The session checker against the guarantees' definitions, tried on every pair of transactions.</summary>
public sealed class SessionDefinitionTests(ITestOutputHelper output)
{
    [Fact]
    public void Small_histories_break_the_guarantees_that_the_definitions_say()
    {
        var histories = SeedCount.Of(6000);
        var found = new Dictionary<AnomalyKind, int>();
        for (var seed = 0; seed < histories; seed++)
        {
            var history = SmallHistories.Draw(new Random(seed));
            if (new Definition(history).Broken() is not { } broken)
                continue;

            var report = SessionChecker.Check(history);

            Assert.True(broken.SetEquals(report.Anomalies.Select(anomaly => anomaly.Kind)), $"seed {seed}: {string.Join(", ", broken)} expected\n{report}\n{string.Join('\n', history.Transactions)}");
            foreach (var kind in broken)
                found[kind] = found.GetValueOrDefault(kind) + 1;
        }
        output.WriteLine(string.Join(", ", found));
        Assert.Equal(4, found.Count);
    }

    private sealed class Definition
    {
        private readonly HistoryTransaction[] _all;
        private readonly bool[,] _before;

        /// <summary>By reader, who reads what from whom; a writer of -1 is nobody.</summary>
        private readonly List<(int Reader, string Key, int Writer)> _reads = [];

        public Definition(History history)
        {
            _all = [.. history.Transactions];
            var present = _all.Select(transaction => transaction.Outcome == TransactionOutcome.Ok).ToArray();
            for (var round = 0; round < _all.Length; round++)
            {
                _reads.Clear();
                for (var reader = 0; reader < _all.Length; reader++)
                {
                    if (present[reader])
                        AddReads(reader);
                }
                foreach (var (_, _, writer) in _reads.Where(read => read.Writer >= 0))
                    present[writer] = true;
            }
            _before = new bool[_all.Length, _all.Length];
            for (var i = 0; i < _all.Length; i++)
            {
                for (var j = 0; j < _all.Length; j++)
                    _before[i, j] = present[j] && IsEarlier(i, j);
            }
            foreach (var (reader, _, writer) in _reads)
            {
                if (writer >= 0)
                    _before[writer, reader] = true;
            }
            for (var k = 0; k < _all.Length; k++)
            {
                for (var i = 0; i < _all.Length; i++)
                {
                    for (var j = 0; j < _all.Length; j++)
                        _before[i, j] |= _before[i, k] && _before[k, j];
                }
            }
        }

        /// <summary>The guarantees that do not hold, or <see langword="null"/> where causes and effects are a circle and nothing is older than anything.</summary>
        public HashSet<AnomalyKind>? Broken()
        {
            if (Enumerable.Range(0, _all.Length).Any(i => _before[i, i]))
                return null;
            var broken = new HashSet<AnomalyKind>();
            foreach (var (reader, key, writer) in _reads.Where(read => _all[read.Reader].Outcome == TransactionOutcome.Ok))
            {
                for (var other = 0; other < _all.Length; other++)
                {
                    if (other == writer || !Writes(other, key) || (writer >= 0 && !_before[writer, other]))
                        continue;
                    if (IsEarlier(other, reader))
                        broken.Add(AnomalyKind.ReadYourWrites);
                    if (_reads.Any(read => read.Writer == other && IsEarlier(read.Reader, reader)))
                        broken.Add(AnomalyKind.MonotonicReads);
                    foreach (var observed in _reads.Where(read => read.Writer >= 0 && (read.Reader == reader || IsEarlier(read.Reader, reader))).Select(read => read.Writer))
                    {
                        if (_all[observed].Session == _all[reader].Session)
                            continue;
                        if (IsEarlier(other, observed))
                            broken.Add(AnomalyKind.MonotonicWrites);
                        if (_reads.Any(read => read.Writer == other && _all[read.Reader].Outcome == TransactionOutcome.Ok && (read.Reader == observed || IsEarlier(read.Reader, observed))))
                            broken.Add(AnomalyKind.WritesFollowReads);
                    }
                }
            }
            return broken;
        }

        private void AddReads(int reader)
        {
            var touched = new HashSet<string>();
            foreach (var operation in _all[reader].Operations)
            {
                if (!touched.Add(operation.Key) || operation.IsWrite)
                    continue;
                var writer = operation.Value is null ? -1 : Array.FindIndex(_all, transaction => transaction.Operations.Contains(operation with { IsWrite = true }));
                var isDeleted = _all.Any(transaction => transaction.Outcome != TransactionOutcome.Failed && transaction.Operations.Contains(HistoryOperation.Delete(operation.Key)));
                if (operation.Value is null ? !isDeleted : writer >= 0 && writer != reader && _all[writer].Outcome != TransactionOutcome.Failed)
                    _reads.Add((reader, operation.Key, writer));
            }
        }

        private bool Writes(int transaction, string key) => _all[transaction].Operations.Any(operation => operation.IsWrite && operation.Key == key);

        private bool IsEarlier(int first, int second) =>
            _all[first].Session == _all[second].Session && _all[first].Index < _all[second].Index && _all[first].Outcome == TransactionOutcome.Ok;
    }
}
