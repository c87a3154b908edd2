namespace GeoFabric.Tests.Database;

/// <summary>What a piece of work allocates.</summary>
internal static class Allocation
{
    private const int Rounds = 10;

    /// <summary>
    /// Bytes of the least of ten rounds, on this thread: what the work allocates itself, it allocates in each of them. A single round also shows what belongs to
    /// none of them, such as a pooled buffer that a garbage collection beside it has just let go.
    /// </summary>
    public static long LeastOf(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = long.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
