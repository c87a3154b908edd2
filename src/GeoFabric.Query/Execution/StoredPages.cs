namespace GeoFabric.Query.Execution;

/// <summary>
/// Pages of a query that has ended. They are finished text, so a waiting cursor holds no snapshot: an open one would pin every page of the store freed since.
/// </summary>
/// <param name="first">What goes beside each page.</param>
/// <param name="pages">All pages; the first one has been handed out.</param>
internal sealed class StoredPages(QueryPage first, IReadOnlyList<ReadOnlyMemory<byte>> pages) : IPageSource
{
    private int _next = 1;

    public long Bytes { get; } = pages.Skip(1).Sum(page => (long)page.Length);

    public bool IsOver => false;

    public (QueryPage Page, bool HasMore) Next(CancellationToken cancellationToken)
    {
        var page = first with { ResultJson = pages[_next++] };
        return (page, _next < pages.Count);
    }

    public void Kill()
    {
        // Nothing runs.
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
