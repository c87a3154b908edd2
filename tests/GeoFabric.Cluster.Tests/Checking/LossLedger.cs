namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>
/// Accounts for every acknowledged write when a run is over: it is present, or a causally later or larger-stamped write replaced it, or the conflict journal
/// names it as a loser, or the key was deleted by somebody who need not have known it.
/// </summary>
/// <remarks>Writes that only a deletion explains which is not surely later, or a concurrent write without a stamp, count as undetermined.</remarks>
internal sealed class LossLedger
{
    private readonly ReadsFrom _reads;
    private readonly CausalOrder _order;
    private readonly VersionOrder _versions;
    private readonly IReadOnlySet<(string Key, string Value)> _journal;
    private readonly CheckReport _report = new();

    /// <summary>By key and lane: the last writer, which all others of the lane happened before.</summary>
    private readonly Dictionary<int, int>[] _lastWriters;

    /// <summary>By key: the present writer with the largest stamp.</summary>
    private readonly Dictionary<int, int> _largest = [];

    /// <summary>By key: all that may have deleted it, also those of unknown outcome.</summary>
    private readonly Dictionary<int, List<int>> _deleters = [];

    private LossLedger(History history, IReadOnlySet<(string Key, string Value)> journal)
    {
        _journal = journal;
        _reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: false);
        _order = new CausalOrder(_reads);
        _versions = new VersionOrder(_reads, _order);
        _lastWriters = [.. Enumerable.Range(0, _reads.KeyCount).Select(_ => new Dictionary<int, int>())];
        foreach (var writer in _order.Order)
        {
            foreach (var key in _reads.WrittenKeysOf(writer))
            {
                _lastWriters[key][_order.LaneOf(writer)] = writer;
                if (_reads.Transactions[writer].Stamp is { } stamp && (!_largest.TryGetValue(key, out var largest) || _reads.Transactions[largest].Stamp < stamp))
                    _largest[key] = writer;
            }
        }
        for (var writer = 0; writer < _reads.Transactions.Count; writer++)
        {
            if (_reads.Transactions[writer].Outcome == TransactionOutcome.Failed)
                continue;
            foreach (var key in _reads.WrittenKeysOf(writer))
            {
                if (_reads.FinalValue(writer, key) is null)
                    (_deleters.TryGetValue(key, out var deleters) ? deleters : _deleters[key] = []).Add(writer);
            }
        }
    }

    /// <param name="states">Of each region, after everything was delivered.</param>
    /// <param name="journal">The losing values of all regions' conflict journals.</param>
    public static CheckReport Check(History history, IReadOnlyList<FinalState> states, IReadOnlySet<(string Key, string Value)> journal)
    {
        var ledger = new LossLedger(history, journal);
        ledger.CheckStates(states);
        for (var writer = 0; writer < history.Transactions.Count; writer++)
        {
            if (history.Transactions[writer].Outcome != TransactionOutcome.Ok)
                continue;
            foreach (var key in ledger._reads.WrittenKeysOf(writer))
                ledger.CheckWrite(writer, key, states);
        }
        return ledger._report;
    }

    /// <summary>Each value was written and not refused, and regions agree.</summary>
    private void CheckStates(IReadOnlyList<FinalState> states)
    {
        foreach (var state in states)
        {
            foreach (var (key, value) in state.Values)
            {
                if (!_reads.TryGetKey(key, out var number) || !_reads.TryGetWriter(number, value, out var writer))
                    _report.Add(AnomalyKind.UnwrittenValue, () => $"{state.Region} holds {key}={value}, which nobody wrote");
                else if (_reads.Transactions[writer].Outcome == TransactionOutcome.Failed)
                    _report.Add(AnomalyKind.UnwrittenValue, () => $"{state.Region} holds {key}={value} of a refused transaction\n    {_reads.Transactions[writer]}");
                else if (_reads.FinalValue(writer, number) != value)
                    _report.Add(AnomalyKind.UnwrittenValue, () => $"{state.Region} holds {key}={value}, which its transaction overwrote\n    {_reads.Transactions[writer]}");
            }
            foreach (var key in state.Values.Keys.Union(states[0].Values.Keys))
            {
                if (state.Values.GetValueOrDefault(key) is var here && states[0].Values.GetValueOrDefault(key) is var there && here != there)
                    _report.Add(AnomalyKind.Divergence, () => $"{states[0].Region} holds {key}={there ?? "none"}, {state.Region} {here ?? "none"}");
            }
        }
    }

    private void CheckWrite(int writer, int key, IReadOnlyList<FinalState> states)
    {
        if (_reads.FinalValue(writer, key) is not { } value || IsReplaced(writer, key) || _journal.Contains((_reads.KeyOf(key), value)))
            return;
        var isUndetermined = false;
        foreach (var state in states)
        {
            var present = state.Values.GetValueOrDefault(_reads.KeyOf(key));
            if (present == value)
                continue;
            if (MayBeDeleted(writer, key) || (present is not null && _reads.TryGetWriter(key, present, out var winner) && MayReplace(winner, writer)))
            {
                isUndetermined = true;
                continue;
            }
            _report.Add(AnomalyKind.LostWrite, () =>
                $"{_reads.Describe(key, writer)} was acknowledged; {state.Region} holds {present ?? "nothing"}, and nothing newer, no deletion and no journal entry explains that"
                + $"\n    {_reads.Transactions[writer]}");
            return;
        }
        _report.UndeterminedCount += isUndetermined ? 1 : 0;
    }

    private bool IsReplaced(int writer, int key) =>
        (_largest.TryGetValue(key, out var largest) && _versions.IsOlder(writer, largest))
        || _lastWriters[key].Values.Any(last => _order.HappenedBefore(writer, last));

    /// <summary>Deletions may win over what they did not know, whatever the stamps; the client cannot tell what they knew.</summary>
    private bool MayBeDeleted(int writer, int key) =>
        _deleters.TryGetValue(key, out var deleters) && deleters.Exists(deleter => deleter != writer && !_order.HappenedBefore(deleter, writer));

    /// <summary>Concurrent, and a stamp is missing to tell which one wins.</summary>
    private bool MayReplace(int winner, int writer) =>
        (_reads.Transactions[winner].Stamp is null || _reads.Transactions[writer].Stamp is null) && !_order.HappenedBefore(winner, writer);
}
