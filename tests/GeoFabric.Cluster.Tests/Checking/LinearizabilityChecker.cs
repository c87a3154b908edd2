namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges whether objects behave as if each operation took effect at one instant between its call and its return.</summary>
internal static class LinearizabilityChecker
{
    /// <summary>Enough for thousands of operations of a dozen clients on one object; about 200 MB at most.</summary>
    public const int StatesMax = 2_000_000;

    /// <param name="statesMax">States to look at per object. If they do not suffice, the object counts as undetermined.</param>
    public static CheckReport Check<TState, TStep>(ObjectModel<TState, TStep> model, IEnumerable<ObjectOperation> operations, int statesMax = StatesMax)
        where TState : IEquatable<TState>
        where TStep : notnull
    {
        var report = new CheckReport();
        foreach (var group in model.Partition(operations.Where(operation => operation.Outcome != TransactionOutcome.Failed)))
        {
            var steps = group.Select(operation => new TimedStep<TStep>(
                model.Parse(operation), operation.Client, operation.Call, operation.Return, operation.Outcome == TransactionOutcome.Ok, operation.ToString));
            Judge(model, group[0].Key, steps, report, statesMax);
        }
        return report;
    }

    internal static void Judge<TState, TStep>(SequentialModel<TState, TStep> model, string name, IEnumerable<TimedStep<TStep>> steps, CheckReport report, int statesMax)
        where TState : IEquatable<TState>
        where TStep : notnull
    {
        var search = new LinearizationSearch<TState, TStep>(model, steps, statesMax);
        switch (search.Run())
        {
            case LinearizationVerdict.Undecided:
                report.UndeterminedCount++;
                break;
            case LinearizationVerdict.NotLinearizable:
                report.Add(AnomalyKind.NotLinearizable, () => Explain(name, search));
                break;
        }
    }

    private static string Explain<TState, TStep>(string name, LinearizationSearch<TState, TStep> search)
        where TState : IEquatable<TState>
        where TStep : notnull
    {
        const int lastMax = 8;
        var longest = search.Longest.ToList();
        var text = $"{name}: an order of {longest.Count} operations is the longest that fits; it leaves {search.LongestState}. It ends with";
        foreach (var step in longest.TakeLast(lastMax))
            text += $"\n    {step.Text()}";
        text += "\n  The next would have to be one of these, called before the first of them returned, and none fits";
        foreach (var step in search.Blocked.Take(lastMax))
            text += $"\n    {step.Text()}";
        return text;
    }
}
