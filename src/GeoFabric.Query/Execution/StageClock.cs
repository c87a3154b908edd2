namespace GeoFabric.Query.Execution;

/// <summary>Measures the stages of one execution for its profile.</summary>
public sealed class StageClock(TimeProvider clock)
{
    /// <summary>The stages in the order of the profile, which names them all: one that a cached plan passes over took no time.</summary>
    private static readonly string[] Names =
    [
        "initializing", "parsing", "optimizing ast", "loading collections", "instantiating plan", "optimizing plan", "instantiating executors", "executing", "finalizing",
    ];

    private readonly double[] _seconds = new double[Names.Length];
    private readonly long _start = clock.GetTimestamp();
    private int _current = -1;
    private long _entered = clock.GetTimestamp();

    public IReadOnlyList<(string Stage, double Seconds)> Stages => [.. Names.Zip(_seconds)];

    public double TotalSeconds => clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Ends the stage under way and begins the next; null begins none.</summary>
    public void Enter(string? stage)
    {
        if (_current >= 0)
            _seconds[_current] += clock.GetElapsedTime(_entered).TotalSeconds;
        _current = Array.IndexOf(Names, stage);
        _entered = clock.GetTimestamp();
    }
}
