namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>
/// Takes away from a failing plan what it does not need to fail: faults first, then operations, in halves, quarters and so on (delta debugging:
/// Zeller and Hildebrandt, 2002).
/// </summary>
/// <param name="runsMax">Runs that may be spent; what is left then is not the least, but less.</param>
internal sealed class PlanMinimizer(Func<SimulationPlan, bool> fails, int runsMax = 600)
{
    private int _runsLeft = runsMax;

    public SimulationPlan Minimize(SimulationPlan plan)
    {
        plan = plan with { Faults = Reduce(plan.Faults, faults => plan with { Faults = faults }) };
        plan = plan with { Operations = Reduce(plan.Operations, operations => plan with { Operations = operations }) };
        return plan with { Faults = Reduce(plan.Faults, faults => plan with { Faults = faults }) };
    }

    private IReadOnlyList<T> Reduce<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, SimulationPlan> with)
    {
        for (var size = (items.Count + 1) / 2; size >= 1; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var from = 0; from < items.Count && _runsLeft > 0;)
            {
                IReadOnlyList<T> fewer = [.. items.Take(from), .. items.Skip(from + size)];
                _runsLeft--;
                if (fails(with(fewer)))
                    items = fewer;
                else
                    from += size;
            }
        }
        return items;
    }
}
