namespace GeoFabric.Server.Demonstration;

/// <summary>Tells what a script does, and what came of it, with the seconds since it began.</summary>
internal sealed class DemoNarrator(Terminal terminal, TextWriter output, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Checks that held so far.</summary>
    public int Checks { get; private set; }

    /// <summary>Something is about to be done.</summary>
    public Task StepAsync(string what) => output.WriteLineAsync($"\n{terminal.Faint(Elapsed)}  {terminal.Bold(what)}");

    public Task SayAsync(string what) => output.WriteLineAsync($"        {what}");

    /// <exception cref="DemoFailure">It does not hold.</exception>
    public async Task CheckAsync(bool holds, string what, string found)
    {
        await output.WriteLineAsync($"        {(holds ? "ok  " : "NOT ")}  {what}: {found}");
        if (!holds)
            throw new DemoFailure($"{what}: {found}");
        Checks++;
    }

    private string Elapsed => FormattableString.Invariant($"{clock.GetElapsedTime(_began).TotalSeconds,5:F1} s");
}
