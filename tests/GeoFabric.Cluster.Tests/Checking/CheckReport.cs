namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What a checker found. The checker owns it until it returns it.</summary>
/// <param name="anomaliesMax">Anomalies to explain; more are only counted, since one fault of a database can spoil thousands of transactions.</param>
internal sealed class CheckReport(int anomaliesMax = 20)
{
    private readonly List<Anomaly> _anomalies = [];
    private readonly SortedDictionary<AnomalyKind, int> _counts = [];

    public bool IsClean => Count == 0;

    /// <summary>All of them, also those that are not explained.</summary>
    public int Count { get; private set; }

    /// <summary>Those that are explained.</summary>
    public IReadOnlyList<Anomaly> Anomalies => _anomalies;

    /// <summary>Reads and writes that the history does not tell enough of to be judged: those of deleted keys, mostly. They count as right.</summary>
    public int UndeterminedCount { get; set; }

    /// <param name="explain">Called only if there is room for one more.</param>
    public void Add(AnomalyKind kind, Func<string> explain)
    {
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (Count++ < anomaliesMax)
            _anomalies.Add(new Anomaly(kind, explain()));
    }

    /// <summary>Whether there is one of this kind, explained or not.</summary>
    public bool Has(AnomalyKind kind) => _counts.ContainsKey(kind);

    public override string ToString()
    {
        if (IsClean)
            return UndeterminedCount == 0 ? "clean" : $"clean, {UndeterminedCount} undetermined";
        var counts = _counts.Select(count => $"{count.Value} x {Anomaly.NameOf(count.Key)}");
        var more = Count > _anomalies.Count ? $"\nand {Count - _anomalies.Count} more" : "";
        return $"{string.Join(", ", counts)}\n{string.Join('\n', _anomalies)}{more}";
    }
}
