namespace GeoFabric.Query.Physical.Parallel;

/// <summary>When and how several threads read a collection for one query.</summary>
/// <param name="Threads">Where the threads come from.</param>
/// <param name="DocumentsFrom">Collections with fewer documents are read by the query's own thread.</param>
/// <param name="DocumentsPerPart">About how many documents a thread takes at a time.</param>
public sealed record ParallelScanSettings(SpareThreads Threads, long DocumentsFrom, int DocumentsPerPart);
