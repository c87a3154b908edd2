using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges that counters are exact: each acknowledged increment counts once, each of unknown outcome once or not at all, refused ones never.</summary>
/// <remarks>Increments are told apart by their request ids, so retries of one are one. Clients may record from several threads.</remarks>
internal sealed class CounterLedger
{
    /// <summary>Sums kept while trying the subsets of unknown increments. Beyond, a value inside their range counts as undetermined.</summary>
    private const int SumsMax = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, Increment>> _counters = new(StringComparer.Ordinal);

    /// <summary>Records an attempt. Of several with one request id an acknowledgement settles it; a refusal settles it only if no attempt is unknown.</summary>
    public void Record(string counter, string requestId, long amount, TransactionOutcome outcome)
    {
        lock (_gate)
        {
            if (!_counters.TryGetValue(counter, out var increments))
                _counters[counter] = increments = new Dictionary<string, Increment>(StringComparer.Ordinal);
            if (!increments.TryGetValue(requestId, out var known))
            {
                increments[requestId] = new Increment(amount, outcome);
                return;
            }
            if (known.Amount != amount)
                throw new ArgumentException($"Request {requestId} was sent with {known.Amount} and again with {amount}.");
            increments[requestId] = known with { Outcome = (TransactionOutcome)Math.Min((int)known.Outcome, (int)outcome) };
        }
    }

    /// <summary>Records an attempt to add. One that was refused for the counter's bounds has failed; one without a request id is a request of its own.</summary>
    public void Record(ObjectOperation operation)
    {
        if (operation is not { Action: ObjectAction.Add, Argument: { } amount })
            throw new ArgumentException($"No increment: {operation}");
        var isRefused = operation is { Outcome: TransactionOutcome.Ok, Result: BoundedCounterModel.Refused };
        Record(
            operation.Key,
            operation.RequestId ?? string.Create(CultureInfo.InvariantCulture, $"{operation.Client} at {operation.Call}"),
            long.Parse(amount, CultureInfo.InvariantCulture),
            isRefused ? TransactionOutcome.Failed : operation.Outcome);
    }

    /// <summary>Judges values after everything was delivered. Counters without a value count as 0.</summary>
    public CheckReport CheckValues(IReadOnlyDictionary<string, long> values)
    {
        var report = new CheckReport();
        lock (_gate)
        {
            foreach (var counter in _counters.Keys.Union(values.Keys).Order(StringComparer.Ordinal))
                CheckValue(counter, values.GetValueOrDefault(counter), report);
        }
        return report;
    }

    /// <summary>Judges the requests that a counter says it has applied, where it can tell them: the exact form of the check.</summary>
    public CheckReport CheckApplied(string counter, IEnumerable<string> requestIds)
    {
        var report = new CheckReport();
        lock (_gate)
        {
            var increments = _counters.GetValueOrDefault(counter) ?? [];
            var applied = requestIds.CountBy(id => id).ToDictionary(StringComparer.Ordinal);
            foreach (var (id, count) in applied)
            {
                if (count > 1)
                    report.Add(AnomalyKind.InexactCounter, () => $"{counter}: request {id} was applied {count} times");
                if (!increments.TryGetValue(id, out var increment))
                    report.Add(AnomalyKind.InexactCounter, () => $"{counter}: request {id} was applied, but nobody sent it");
                else if (increment.Outcome == TransactionOutcome.Failed)
                    report.Add(AnomalyKind.InexactCounter, () => $"{counter}: request {id} was applied, though it was refused");
            }
            foreach (var (id, increment) in increments)
            {
                if (increment.Outcome == TransactionOutcome.Ok && !applied.ContainsKey(id))
                    report.Add(AnomalyKind.InexactCounter, () => $"{counter}: request {id} of {increment.Amount} was acknowledged, but not applied");
            }
        }
        return report;
    }

    private void CheckValue(string counter, long value, CheckReport report)
    {
        var increments = _counters.GetValueOrDefault(counter) ?? [];
        var acknowledged = increments.Values.Where(increment => increment.Outcome == TransactionOutcome.Ok).Sum(increment => increment.Amount);
        var unknown = increments.Values.Where(increment => increment.Outcome == TransactionOutcome.Unknown).Select(increment => increment.Amount).ToList();
        var sums = SubsetSums(unknown);
        var isPossible = sums is null
            ? value >= acknowledged + unknown.Where(amount => amount < 0).Sum() && value <= acknowledged + unknown.Where(amount => amount > 0).Sum()
            : sums.Contains(value - acknowledged);
        if (!isPossible)
            report.Add(AnomalyKind.InexactCounter, () =>
                $"{counter} is {value}; acknowledged increments make {acknowledged}, and {unknown.Count} are unknown.{Guess(increments, value - acknowledged, sums)}");
        else if (sums is null)
            report.UndeterminedCount++;
    }

    private static HashSet<long>? SubsetSums(List<long> amounts)
    {
        var sums = new HashSet<long> { 0 };
        foreach (var amount in amounts)
        {
            sums.UnionWith(sums.Select(sum => sum + amount).ToArray());
            if (sums.Count > SumsMax)
                return null;
        }
        return sums;
    }

    /// <summary>The single mistakes that would explain the value. Distinct amounts make the guess a good one.</summary>
    private static string Guess(Dictionary<string, Increment> increments, long difference, HashSet<long>? sums)
    {
        const int guessesMax = 3;
        var guesses = new List<string>();
        foreach (var (id, increment) in increments)
        {
            if (increment.Outcome == TransactionOutcome.Ok && sums?.Contains(difference + increment.Amount) == true)
                guesses.Add($"acknowledged request {id} of {increment.Amount} may be lost");
            if (sums?.Contains(difference - increment.Amount) == true)
                guesses.Add(increment.Outcome == TransactionOutcome.Failed ? $"refused request {id} of {increment.Amount} may count" : $"request {id} of {increment.Amount} may count twice");
        }
        return string.Concat(guesses.Take(guessesMax).Select(guess => $"\n    {guess}"));
    }

    private readonly record struct Increment(long Amount, TransactionOutcome Outcome);
}
