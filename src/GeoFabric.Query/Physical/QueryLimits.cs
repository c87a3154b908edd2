namespace GeoFabric.Query.Physical;

/// <summary>Limits of one execution; requests may only lower them.</summary>
/// <param name="MemoryBytes">Most bytes of rows and values kept at one time; 32 beyond it.</param>
/// <param name="Runtime">Longest run; 1500 beyond it.</param>
/// <param name="Warnings">Most warnings reported; more are only counted.</param>
public sealed record QueryLimits(long MemoryBytes, TimeSpan Runtime, int Warnings)
{
    /// <summary>From here on SORT and COLLECT put their rows into temporary files.</summary>
    public long SpillAtBytes { get; init; } = 128L << 20;

    /// <summary>Most bytes of temporary files at one time; 32 beyond it.</summary>
    public long SpillBytesMax { get; init; } = 8L << 30;

    public static QueryLimits Default { get; } = new(1L << 30, TimeSpan.FromMinutes(10), 10);
}
