namespace GeoFabric.Query.Execution;

/// <summary>Measures the stages of one execution for its profile.</summary>
public sealed class StageClock(TimeProvider clock)
{
    private readonly List<(string Stage, double Seconds)> _stages = [];
    private readonly long _start = clock.GetTimestamp();
    private string? _current;
    private long _entered = clock.GetTimestamp();

    public IReadOnlyList<(string Stage, double Seconds)> Stages => _stages;

    public double TotalSeconds => clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Ends the stage under way and begins the next.</summary>
    public void Enter(string? stage)
    {
        if (_current is not null)
            _stages.Add((_current, clock.GetElapsedTime(_entered).TotalSeconds));
        _current = stage;
        _entered = clock.GetTimestamp();
    }
}
