namespace GeoFabric.Query.Execution;

/// <summary>Measures one execution, and its stages for a profile.</summary>
/// <param name="tellsStages">False for a query without a profile: reading the time at each of its stages would take longer than some of them do.</param>
public sealed class StageClock(TimeProvider clock, bool tellsStages = false)
{
    /// <summary>As the profile calls them. It names them all: one that a cached plan passes over took no time.</summary>
    private static readonly string[] s_names =
    [
        "initializing", "parsing", "optimizing ast", "loading collections", "instantiating plan", "optimizing plan", "instantiating executors", "executing", "finalizing",
    ];

    private readonly double[] _seconds = tellsStages ? new double[s_names.Length] : [];
    private readonly long _start = clock.GetTimestamp();
    private QueryStage? _current;
    private long _entered;

    public IReadOnlyList<(string Stage, double Seconds)> Stages => [.. s_names.Zip(_seconds)];

    public double TotalSeconds => clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Ends the stage under way and begins the next; null begins none.</summary>
    public void Enter(QueryStage? stage)
    {
        if (!tellsStages)
            return;
        var now = clock.GetTimestamp();
        if (_current is { } ended)
            _seconds[(int)ended] += clock.GetElapsedTime(_entered, now).TotalSeconds;
        _current = stage;
        _entered = now;
    }
}
