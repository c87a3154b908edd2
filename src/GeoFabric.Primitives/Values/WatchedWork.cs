namespace GeoFabric.Primitives.Values;

/// <summary>
/// Lets whoever gives a thread its work end it inside of a long walk. Comparing, hashing, copying and writing values happen in places that have nobody to ask,
/// and one value can hold more than all others: two arrays of thousands of items, or an array that has another one in it a million times.
/// </summary>
public static class WatchedWork
{
    private const int StepsBetweenLooks = 1 << 14;

    /// <summary>Buffers that grow beyond this are asked for.</summary>
    public const int AskedFrom = 1 << 20;

    [ThreadStatic]
    private static IWorkWatch? t_watch;

    [ThreadStatic]
    private static int t_steps;

    /// <summary>Watches what this thread does until the scope is disposed.</summary>
    public static Scope Begin(IWorkWatch watch)
    {
        var outer = t_watch;
        t_watch = watch;
        return new Scope(outer);
    }

    /// <summary>Counts values that a walk has come by.</summary>
    public static void Count(int steps)
    {
        t_steps += steps;
        if (t_steps < StepsBetweenLooks)
            return;
        t_steps = 0;
        t_watch?.ThrowIfStopped();
    }

    /// <summary>Asks for a buffer before it is made.</summary>
    public static void DemandMemory(long bytes)
    {
        if (bytes >= AskedFrom)
            t_watch?.DemandMemory(bytes);
    }

    /// <summary>Ends with the watch of whoever called this work.</summary>
    public readonly ref struct Scope
    {
        private readonly IWorkWatch? _outer;

        internal Scope(IWorkWatch? outer) => _outer = outer;

        public void Dispose() => t_watch = _outer;
    }
}
