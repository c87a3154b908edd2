namespace GeoFabric.Query.Physical.Graphs;

/// <summary>What one walk has taken of its query's memory, given back at once when it ends.</summary>
internal sealed class MemoryShare(QueryContext context)
{
    private long _bytes;

    /// <exception cref="Primitives.Errors.GeoFabricException">32 when the query would use more than it may.</exception>
    public void Reserve(long bytes)
    {
        _bytes += bytes;
        context.ReserveMemory(bytes);
    }

    public void ReleaseAll()
    {
        context.ReleaseMemory(_bytes);
        _bytes = 0;
    }
}
