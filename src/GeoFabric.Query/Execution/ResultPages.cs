using GeoFabric.Primitives.Values;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>Writes rows as JSON while the snapshot they point into is still open, cut into pages of a given number of rows.</summary>
internal sealed class ResultPages : IDisposable
{
    private readonly int _rowsPerPage;
    private readonly QueryContext _context;
    private readonly List<ReadOnlyMemory<byte>> _finished = [];
    private PooledBuffer? _page = new();
    private int _rowsInPage;

    public ResultPages(int rowsPerPage, QueryContext context)
    {
        _rowsPerPage = rowsPerPage;
        _context = context;
        _page.Write((byte)'[');
    }

    public long Rows { get; private set; }

    public void Add(Value value)
    {
        var page = _page!;
        if (_rowsInPage == _rowsPerPage)
            FinishPage(page);
        if (_rowsInPage > 0)
            page.Write((byte)',');
        JsonValueWriter.Write(page, value);
        _rowsInPage++;
        Rows++;
    }

    /// <summary>
    /// All pages; there is always at least one. A single one comes in a pooled buffer, which is the caller's from now on. Those of several may wait for
    /// long and are as large as they have to be.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Finish(out PooledBuffer? buffer)
    {
        buffer = null;
        var page = _page!;
        if (_finished.Count == 0)
        {
            page.Write((byte)']');
            _context.ReserveMemory(page.WrittenCount);
            buffer = page;
            _page = null;
            return [page.WrittenMemory];
        }
        if (_rowsInPage > 0)
            FinishPage(page);
        return _finished;
    }

    public void Dispose() => _page?.Dispose();

    private void FinishPage(PooledBuffer page)
    {
        page.Write((byte)']');
        _context.ReserveMemory(page.WrittenCount);
        _finished.Add(page.WrittenSpan.ToArray());
        page.Clear();
        page.Write((byte)'[');
        _rowsInPage = 0;
    }
}
