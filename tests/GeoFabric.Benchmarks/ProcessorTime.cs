using System.Diagnostics;

namespace GeoFabric.Benchmarks;

/// <summary>Time and processor time of the whole process since it was made.</summary>
internal sealed class ProcessorTime
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TimeSpan _before = Environment.CpuUsage.TotalTime;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    public TimeSpan Used => Environment.CpuUsage.TotalTime - _before;

    /// <summary>Microseconds of processor time for each of a number of operations.</summary>
    public double PerOperation(int operations) => Used.TotalMicroseconds / operations;
}
