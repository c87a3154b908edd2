namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges session tokens: that they only grow, cover what the session did and saw, and are heeded by the region that gets one.</summary>
/// <remarks>Transactions without tokens, and versions whose writer's stamp is unknown, are left out.</remarks>
internal sealed class TokenChecker
{
    private readonly CheckReport _report;
    private readonly ReadsFrom _reads;

    /// <summary>By key and origin: the writers, by ascending stamp.</summary>
    private readonly Dictionary<(int Key, ushort Origin), List<int>> _writers = [];

    private readonly List<ushort> _origins;

    private TokenChecker(History history, CheckReport report)
    {
        _report = report;
        _reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: false);
        for (var writer = 0; writer < _reads.Transactions.Count; writer++)
        {
            if (!_reads.IsPresent(writer) || _reads.Transactions[writer].Stamp is not { } stamp)
                continue;
            foreach (var key in _reads.WrittenKeysOf(writer))
            {
                if (!_writers.TryGetValue((key, stamp.Origin), out var writers))
                    _writers[(key, stamp.Origin)] = writers = [];
                writers.Add(writer);
            }
        }
        foreach (var writers in _writers.Values)
            writers.Sort((left, right) => StampBits(left).CompareTo(StampBits(right)));
        _origins = [.. _writers.Keys.Select(place => place.Origin).Distinct()];
    }

    public static CheckReport Check(History history)
    {
        var report = new CheckReport();
        new TokenChecker(history, report).Run();
        return report;
    }

    private void Run()
    {
        var session = "";
        RecordedToken? held = null;
        for (var i = 0; i < _reads.Transactions.Count; i++)
        {
            var transaction = _reads.Transactions[i];
            if (session != transaction.Session)
                held = null;
            session = transaction.Session;
            if (held is not null && transaction.TokenSent is { } carried && !carried.Covers(held))
                _report.Add(AnomalyKind.TokenNotCarried, () => $"{transaction.Name} was sent with {carried}; the session held {held}");
            if (!_reads.IsAcknowledged(i))
                continue;
            if (transaction.TokenReturned is { } returned)
                CheckReturned(i, returned);
            if (transaction.TokenSent is { } sent)
                CheckHeeded(i, sent);
            held = transaction.TokenReturned ?? held;
        }
    }

    private void CheckReturned(int index, RecordedToken returned)
    {
        var transaction = _reads.Transactions[index];
        if (transaction.TokenSent is { } sent && !returned.Covers(sent))
            _report.Add(AnomalyKind.TokenShrank, () => $"{transaction.Name} was sent with {sent} and answered with {returned}");
        if (_reads.WrittenKeysOf(index).Length > 0 && transaction.Stamp is { } stamp && !returned.Covers(stamp))
            _report.Add(AnomalyKind.TokenIncomplete, () => $"{returned} does not cover the write itself, {stamp.Timestamp.Bits} of {stamp.Origin}\n    {transaction}");
        foreach (var read in _reads.ReadsOf(index))
        {
            if (read.Writer != ReadsFrom.Initial && _reads.Transactions[read.Writer].Stamp is { } seen && !returned.Covers(seen))
                _report.Add(AnomalyKind.TokenIncomplete, () => $"{returned} does not cover {_reads.Describe(read.Key, read.Writer)}, {seen.Timestamp.Bits} of {seen.Origin}\n    {transaction}");
        }
    }

    private void CheckHeeded(int index, RecordedToken sent)
    {
        foreach (var read in _reads.ReadsOf(index))
        {
            var stamp = read.Writer == ReadsFrom.Initial ? default : _reads.Transactions[read.Writer].Stamp;
            if (read.Writer != ReadsFrom.Initial && stamp is null)
                continue;
            foreach (var origin in _origins)
            {
                if (LastCovered(read.Key, origin, sent) is { } newest && newest != read.Writer && !(_reads.Transactions[newest].Stamp < stamp))
                {
                    _report.Add(AnomalyKind.TokenIgnored, () =>
                        $"sent with {sent} it reads {_reads.Describe(read.Key, read.Writer)}, not {_reads.Describe(read.Key, newest)}, which the token covers"
                        + $"\n    {_reads.Transactions[newest]}\n    {_reads.Transactions[index]}");
                }
            }
        }
    }

    private int? LastCovered(int key, ushort origin, RecordedToken token)
    {
        if (!_writers.TryGetValue((key, origin), out var writers))
            return null;
        var bound = token.CoveredFrom(origin);
        var low = 0;
        var high = writers.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (StampBits(writers[middle]) <= bound)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : writers[low - 1];
    }

    private ulong StampBits(int writer) => _reads.Transactions[writer].Stamp!.Value.Timestamp.Bits; // Only writers with a stamp are listed.
}
