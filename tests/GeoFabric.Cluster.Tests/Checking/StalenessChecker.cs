using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>How old answers were, and those that were older than allowed.</summary>
/// <param name="AgeMax">The longest time by which a write had been acknowledged before the call of a read that missed it; zero if none was missed.</param>
internal sealed record StalenessReport(CheckReport Anomalies, TimeSpan AgeMax);

/// <summary>Judges bounded staleness: whatever was acknowledged longer ago than the bound when a read was called, the read returns that or something newer.</summary>
/// <remarks>
/// The bound is on true time, so calls and returns have to come from one clock. Versions are ordered by stamps where they are known, else by what happened
/// before what, and by real time: a write called after the return of another replaces it.
/// </remarks>
internal sealed class StalenessChecker
{
    private readonly ReadsFrom _reads;
    private readonly VersionOrder _versions;
    private readonly TimeSpan _clockError;

    /// <summary>By key: the acknowledged writers.</summary>
    private readonly List<int>[] _writers;

    private readonly Dictionary<ExternalRead, TimeSpan?> _replacements = [];

    private StalenessChecker(History history, TimeSpan clockError)
    {
        _reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: true);
        _versions = new VersionOrder(_reads, new CausalOrder(_reads));
        _clockError = clockError;
        _writers = new List<int>[_reads.KeyCount];
        for (var key = 0; key < _writers.Length; key++)
            _writers[key] = [];
        for (var writer = 0; writer < _reads.Transactions.Count; writer++)
        {
            if (!_reads.IsAcknowledged(writer))
                continue;
            foreach (var key in _reads.WrittenKeysOf(writer))
                _writers[key].Add(writer);
        }
    }

    /// <param name="isBounded">Which transactions were read under the bound; all if left out.</param>
    /// <param name="clockError">The least time between two writes without stamps at which real time orders them.</param>
    public static StalenessReport Check(History history, TimeSpan bound, Func<HistoryTransaction, bool>? isBounded = null, TimeSpan clockError = default)
    {
        var checker = new StalenessChecker(history, clockError);
        var report = new CheckReport();
        var ageMax = TimeSpan.Zero;
        for (var reader = 0; reader < history.Transactions.Count; reader++)
        {
            var transaction = history.Transactions[reader];
            if (transaction.Outcome != TransactionOutcome.Ok || isBounded?.Invoke(transaction) == false)
                continue;
            foreach (var read in checker._reads.ReadsOf(reader))
            {
                if (transaction.Call - checker.ReplacedAt(read) is not { } age || age <= TimeSpan.Zero)
                    continue;
                ageMax = age > ageMax ? age : ageMax;
                if (age > bound)
                    report.Add(AnomalyKind.StaleRead, () => checker.Describe(transaction, read, age, bound));
            }
        }
        return new StalenessReport(report, ageMax);
    }

    /// <summary>When the first newer version of the key was acknowledged. It depends on the version alone, so it is found once for all of its readers.</summary>
    private TimeSpan? ReplacedAt(ExternalRead read)
    {
        if (_replacements.TryGetValue(read, out var known))
            return known;
        TimeSpan? first = null;
        foreach (var writer in _writers[read.Key])
        {
            var returned = _reads.Transactions[writer].Return;
            if ((first is null || returned < first) && IsReplaced(read.Writer, writer))
                first = returned;
        }
        return _replacements[read] = first;
    }

    private bool IsReplaced(int older, int newer)
    {
        if (_versions.IsOlder(older, newer))
            return true;
        if (older == ReadsFrom.Initial || older == newer || !_reads.IsAcknowledged(older))
            return false;
        var (first, second) = (_reads.Transactions[older], _reads.Transactions[newer]);
        return (first.Stamp is null || second.Stamp is null) && first.Return + _clockError < second.Call;
    }

    private string Describe(HistoryTransaction transaction, ExternalRead read, TimeSpan age, TimeSpan bound)
    {
        var missed = _writers[read.Key].Where(writer => IsReplaced(read.Writer, writer)).MinBy(writer => _reads.Transactions[writer].Return);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{transaction.Name} reads {_reads.Describe(read.Key, read.Writer)}, not {_reads.Describe(read.Key, missed)}, acknowledged {age.TotalMilliseconds} ms before; ")
            + string.Create(CultureInfo.InvariantCulture, $"{bound.TotalMilliseconds} ms are allowed\n    {_reads.Transactions[missed]}\n    {transaction}");
    }
}
