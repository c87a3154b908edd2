using System.Collections.Immutable;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A map of values with a hash that is kept up to date by each change.</summary>
internal sealed class MapState(ImmutableDictionary<string, string> values, ulong hash) : IEquatable<MapState>
{
    public static MapState Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal), 0);

    private ImmutableDictionary<string, string> Values => values;

    private ulong Hash => hash;

    public string? Get(string key) => values.GetValueOrDefault(key);

    public MapState Set(string key, string? value)
    {
        var next = hash ^ HashOf(key, Get(key)) ^ HashOf(key, value);
        return new MapState(value is null ? values.Remove(key) : values.SetItem(key, value), next);
    }

    public bool Equals(MapState? other) =>
        other is not null && hash == other.Hash && values.Count == other.Values.Count && values.All(pair => other.Get(pair.Key) == pair.Value);

    public override bool Equals(object? obj) => Equals(obj as MapState);

    public override int GetHashCode() => hash.GetHashCode();

    public override string ToString() => $"{{{string.Join(", ", values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}}}";

    private static ulong HashOf(string key, string? value) =>
        value is null ? 0 : ((ulong)(uint)HashCode.Combine(key, value) << 32) | (uint)HashCode.Combine(value, key);
}

/// <summary>Judges whether transactions on several keys took effect one after the other, each between its call and its return.</summary>
/// <remarks>Keys that no chain of transactions connects are judged apart. The search may become long where hundreds of transactions overlap.</remarks>
internal sealed class StrictSerializabilityChecker : SequentialModel<MapState, HistoryTransaction>
{
    private StrictSerializabilityChecker()
    {
    }

    public override MapState Initial => MapState.Empty;

    /// <param name="isStrong">The transactions to judge; all if left out. The others must not write what these read.</param>
    public static CheckReport Check(History history, Func<HistoryTransaction, bool>? isStrong = null, int statesMax = LinearizabilityChecker.StatesMax)
    {
        var report = new CheckReport();
        var transactions = history.Transactions
            .Where(transaction => transaction.Operations.Count > 0 && transaction.Outcome != TransactionOutcome.Failed && isStrong?.Invoke(transaction) != false)
            .ToList();
        var seen = transactions.Where(transaction => transaction.Outcome == TransactionOutcome.Ok)
            .SelectMany(transaction => transaction.Operations.Where(operation => !operation.IsWrite))
            .ToHashSet();
        // An unknown one that wrote nothing anybody found explains nothing.
        transactions.RemoveAll(transaction => transaction.Outcome == TransactionOutcome.Unknown
            && !transaction.Operations.Any(operation => operation.IsWrite && seen.Contains(operation with { IsWrite = false })));
        foreach (var group in Connect(transactions))
        {
            var steps = group.Select(transaction => new TimedStep<HistoryTransaction>(
                transaction, transaction.Session, transaction.Call, transaction.Return, transaction.Outcome == TransactionOutcome.Ok, transaction.ToString));
            LinearizabilityChecker.Judge(new StrictSerializabilityChecker(), $"the group of {group.First().Operations[0].Key}", steps, report, statesMax);
        }
        return report;
    }

    public override bool TryApply(MapState state, HistoryTransaction step, out MapState next)
    {
        next = state;
        foreach (var operation in step.Operations)
        {
            if (operation.IsWrite)
                next = next.Set(operation.Key, operation.Value);
            else if (step.Outcome == TransactionOutcome.Ok && next.Get(operation.Key) != operation.Value)
                return false;
        }
        return true;
    }

    private static IEnumerable<IGrouping<string, HistoryTransaction>> Connect(List<HistoryTransaction> transactions)
    {
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var transaction in transactions)
        {
            foreach (var operation in transaction.Operations)
                parents[RootOf(operation.Key)] = RootOf(transaction.Operations[0].Key);
        }
        return transactions.GroupBy(transaction => RootOf(transaction.Operations[0].Key), StringComparer.Ordinal);

        string RootOf(string key)
        {
            while (parents.TryGetValue(key, out var parent) && parent != key)
            {
                parents[key] = parents.GetValueOrDefault(parent, parent);
                key = parents[key];
            }
            return key;
        }
    }
}
