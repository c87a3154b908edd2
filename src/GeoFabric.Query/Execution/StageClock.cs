namespace GeoFabric.Query.Execution;

/// <summary>Measures the stages of one execution for its profile.</summary>
public sealed class StageClock(TimeProvider clock)
{
    /// <summary>As the profile calls them. It names them all: one that a cached plan passes over took no time.</summary>
    private static readonly string[] s_names =
    [
        "initializing", "parsing", "optimizing ast", "loading collections", "instantiating plan", "optimizing plan", "instantiating executors", "executing", "finalizing",
    ];

    private readonly double[] _seconds = new double[s_names.Length];
    private readonly long _start = clock.GetTimestamp();
    private QueryStage? _current;
    private long _entered = clock.GetTimestamp();

    public IReadOnlyList<(string Stage, double Seconds)> Stages => [.. s_names.Zip(_seconds)];

    public double TotalSeconds => clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Ends the stage under way and begins the next; null begins none.</summary>
    public void Enter(QueryStage? stage)
    {
        var now = clock.GetTimestamp();
        if (_current is { } ended)
            _seconds[(int)ended] += clock.GetElapsedTime(_entered, now).TotalSeconds;
        _current = stage;
        _entered = now;
    }
}
