using System.Text;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Runs seeds and tells of the first that fails: its number, what does not hold, and the least that makes it fail.</summary>
internal static class SimulationReport
{
    /// <summary>Runs a plan.</summary>
    /// <returns>What does not hold; null when everything does.</returns>
    public static SimulationFailure? Run(SimulationPlan plan, Mutation? mutation = null) => Run(plan, mutation, out _);

    public static SimulationFailure? Run(SimulationPlan plan, Mutation? mutation, out SimulationRun run)
    {
        run = new SimulationRun(plan, mutation);
        try
        {
            run.Execute();
            return null;
        }
        catch (SimulationFailure failure)
        {
            return failure;
        }
        catch (Exception crash)
        {
            // A mistake may also show as a core or storage that breaks down.
            return new SimulationFailure("crash", crash.ToString());
        }
    }

    /// <summary>Runs seeds on all processors.</summary>
    /// <returns>A text about the first that fails; null when none does.</returns>
    public static string? RunSeeds(ulong first, int count, Action<int>? progress = null)
    {
        var gate = new Lock();
        (ulong Seed, SimulationFailure Failure)? failed = null;
        var done = 0;
        Parallel.For(0, count, (index, state) =>
        {
            var seed = first + (ulong)index;
            var failure = Run(PlanGenerator.Generate(seed));
            lock (gate)
            {
                progress?.Invoke(++done);
                if (failure is null || (failed is { } earlier && earlier.Seed < seed))
                    return;
                failed = (seed, failure);
                state.Stop();
            }
        });
        return failed is { } found ? Describe(found.Seed, found.Failure) : null;
    }

    public static string Describe(ulong seed, SimulationFailure failure, Mutation? mutation = null)
    {
        var least = new PlanMinimizer(plan => Run(plan, mutation)?.Property == failure.Property).Minimize(PlanGenerator.Generate(seed));
        var again = Run(least, mutation, out var run);
        var text = new StringBuilder();
        text.AppendLine($"Seed {seed} fails. {failure.Message}");
        text.AppendLine($"The least that fails so: {again?.Message}");
        text.AppendLine($"regions {string.Join(' ', least.Regions)}, {least.Scopes.Count} scopes, {least.Network}, {least.Replica}");
        foreach (var fault in least.Faults)
            text.AppendLine($"  {fault}");
        foreach (var operation in least.Operations)
            text.AppendLine($"  {operation}");
        text.AppendLine("What happened:");
        foreach (var note in run.Notes.TakeLast(60))
            text.AppendLine($"  {note}");
        return text.ToString();
    }
}
