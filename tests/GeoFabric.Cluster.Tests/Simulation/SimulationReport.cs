using System.Text;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Runs seeds and tells of the first that fails: its number, what does not hold, and the least that makes it fail.</summary>
internal static class SimulationReport
{
    private const int CrashLinesMax = 8;

    /// <summary>Runs a plan.</summary>
    /// <returns>What does not hold; null when everything does.</returns>
    public static SimulationFailure? Run(SimulationPlan plan, Mutation? mutation = null, SimulatedSystem? system = null) => Run(plan, mutation, system, out _);

    public static SimulationFailure? Run(SimulationPlan plan, Mutation? mutation, SimulatedSystem? system, out SimulationRun run) => Run(plan, mutation, system, out run, out _);

    /// <param name="standings">Where each region stood at the end, line by line; empty when everything holds.</param>
    private static SimulationFailure? Run(SimulationPlan plan, Mutation? mutation, SimulatedSystem? system, out SimulationRun run, out IReadOnlyList<string> standings)
    {
        standings = [];
        system ??= SimulatedSystem.Model;
        run = new SimulationRun(plan, mutation, (origin, known) => system.NewReplica(plan, origin, known));
        try
        {
            run.Execute();
            return null;
        }
        catch (SimulationFailure failure)
        {
            standings = [.. run.Regions.SelectMany(region => region.Describe())];
            return failure;
        }
        catch (Exception crash)
        {
            // A mistake may also show as a core or storage that breaks down.
            return new SimulationFailure("crash", string.Join('\n', crash.GetBaseException().ToString().Split('\n').Take(CrashLinesMax)));
        }
        finally
        {
            foreach (var replica in run.Regions.Select(region => region.Replica).OfType<IDisposable>())
                replica.Dispose();
        }
    }

    /// <summary>Runs seeds on all processors.</summary>
    /// <returns>A text about the first that fails; null when none does.</returns>
    public static string? RunSeeds(ulong first, int count, SimulatedSystem system)
    {
        var gate = new Lock();
        (ulong Seed, SimulationFailure Failure)? failed = null;
        var next = 0;
        // Threads of their own: real fabrics have background work, which a pool full of simulations would keep waiting.
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(RunNext)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return failed is { } found ? Describe(found.Seed, found.Failure, system: system) : null;

        void RunNext()
        {
            for (var index = Interlocked.Increment(ref next) - 1; index < count && failed is null; index = Interlocked.Increment(ref next) - 1)
            {
                var seed = first + (ulong)index;
                var failure = Run(system.Generate(seed), null, system);
                lock (gate)
                {
                    if (failure is not null && (failed is not { } earlier || seed < earlier.Seed))
                        failed = (seed, failure);
                }
            }
        }
    }

    public static string Describe(ulong seed, SimulationFailure failure, Mutation? mutation = null, SimulatedSystem? system = null)
    {
        system ??= SimulatedSystem.Model;
        var least = new PlanMinimizer(plan => Run(plan, mutation, system)?.Property == failure.Property, system.MinimizingRunsMax).Minimize(system.Generate(seed));
        var again = Run(least, mutation, system, out var run, out var standings);
        var text = new StringBuilder();
        text.AppendLine($"Seed {seed} of the {system.Name} fails. {failure.Message}");
        text.AppendLine($"The least that fails so: {again?.Message}");
        text.AppendLine($"regions {string.Join(' ', least.Regions)}, {least.Scopes.Count} scopes, {least.Network}, {least.Replica}");
        foreach (var fault in least.Faults)
            text.AppendLine($"  {fault}");
        foreach (var operation in least.Operations)
            text.AppendLine($"  {operation}");
        text.AppendLine("What happened:");
        foreach (var note in run.Notes.TakeLast(60))
            text.AppendLine($"  {note}");
        text.AppendLine("How the regions stood when it failed:");
        foreach (var line in standings)
            text.AppendLine($"  {line}");
        return text.ToString();
    }
}
