using System.Diagnostics;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Times work on a machine that does other work too.</summary>
internal static class BestTime
{
    /// <summary>The result, and the least time of three runs, the first of which is compiled on the way.</summary>
    public static (T Result, TimeSpan Elapsed) Of<T>(Func<T> work)
    {
        var best = TimeSpan.MaxValue;
        var result = default(T)!; // Set by the first run.
        for (var run = 0; run < 3; run++)
        {
            var start = Stopwatch.GetTimestamp();
            result = work();
            var elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }
        return (result, best);
    }
}
