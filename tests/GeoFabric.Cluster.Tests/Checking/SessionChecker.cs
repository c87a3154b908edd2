namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges the four session guarantees, in whatever regions a session's transactions ran (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994).</summary>
/// <remarks>
/// A read breaks a guarantee if the version it returned is older than one the guarantee entitles it to. A concurrent version that won by its stamp is
/// never older; without stamps only what happened before the other is. What follows from several guarantees in a row is <see cref="CausalChecker"/>'s to find.
/// </remarks>
internal sealed class SessionChecker
{
    private readonly CheckReport _report;
    private readonly ReadsFrom _reads;
    private readonly VersionOrder _versions;
    private readonly SessionPast _past;

    private SessionChecker(History history, CheckReport report)
    {
        _report = report;
        // Reads that are wrong by themselves are the causal checker's to name.
        _reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: false);
        _versions = new VersionOrder(_reads, new CausalOrder(_reads));
        _past = new SessionPast(_reads, _versions);
    }

    public static CheckReport Check(History history)
    {
        var report = new CheckReport();
        new SessionChecker(history, report).Run();
        return report;
    }

    private void Run()
    {
        // By the first transaction of another session: the last one of it that this session has read from.
        var observed = new Dictionary<int, int>();
        for (var reader = 0; reader < _reads.Transactions.Count; reader++)
        {
            if (_past.SessionStart(reader) == reader)
                observed.Clear();
            if (!_reads.IsAcknowledged(reader))
                continue;
            foreach (var read in _reads.ReadsOf(reader))
                Observe(reader, read.Writer, observed);
            foreach (var read in _reads.ReadsOf(reader))
                Check(reader, read, observed);
        }
    }

    private void Observe(int reader, int writer, Dictionary<int, int> observed)
    {
        if (writer == ReadsFrom.Initial || _past.SessionStart(writer) == _past.SessionStart(reader))
            return;
        var session = _past.SessionStart(writer);
        observed[session] = Math.Max(observed.GetValueOrDefault(session, -1), writer);
    }

    private void Check(int reader, ExternalRead read, Dictionary<int, int> observed)
    {
        Demand(AnomalyKind.ReadYourWrites, reader, read, _past.LastWriterBefore(reader, read.Key), "which its session wrote");
        foreach (var writer in _past.MetBefore(reader, read.Key))
            Demand(AnomalyKind.MonotonicReads, reader, read, writer, $"although its session had read from {NameOf(writer)}");
        foreach (var last in observed.Values)
        {
            Demand(AnomalyKind.MonotonicWrites, reader, read, _past.LastWriterBefore(last, read.Key), $"written in one session before {NameOf(last)}, which it had read from", last);
            foreach (var writer in _past.MetWith(last, read.Key))
                Demand(AnomalyKind.WritesFollowReads, reader, read, writer, $"read from in one session before {NameOf(last)}, which it had read from", last);
        }
    }

    private void Demand(AnomalyKind kind, int reader, ExternalRead read, int writer, string reason, int witness = -1)
    {
        if (writer < 0 || !_versions.IsOlder(read.Writer, writer))
            return;
        _report.Add(kind, () =>
        {
            var transactions = new[] { writer, read.Writer, witness, reader }.Where(transaction => transaction >= 0).Distinct();
            return $"{NameOf(reader)} reads {_reads.Describe(read.Key, read.Writer)}, not {_reads.Describe(read.Key, writer)}, {reason}"
                + string.Concat(transactions.Select(transaction => $"\n    {_reads.Transactions[transaction]}"));
        });
    }

    private string NameOf(int transaction) => _reads.Transactions[transaction].Name;
}
