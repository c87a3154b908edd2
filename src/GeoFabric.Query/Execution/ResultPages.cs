using GeoFabric.Primitives.Values;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>Writes rows as JSON while the snapshot they point into is still open, cut into pages of a given number of rows.</summary>
internal sealed class ResultPages : IDisposable
{
    private readonly int _rowsPerPage;
    private readonly QueryContext _context;
    private readonly List<ReadOnlyMemory<byte>> _finished = [];
    private int _taken;
    private PooledBuffer? _page;
    private int _rowsInPage;

    /// <param name="bytesExpected">Room for the first rows.</param>
    public ResultPages(int rowsPerPage, QueryContext context, int bytesExpected)
    {
        _rowsPerPage = rowsPerPage;
        _context = context;
        _page = new PooledBuffer(bytesExpected);
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

    /// <summary>Ends the page under way, for who takes pages one by one.</summary>
    public void FinishRows()
    {
        if (_rowsInPage > 0 || _finished.Count == 0)
            FinishPage(_page!);
    }

    /// <summary>Whether there is a finished page that nobody has taken.</summary>
    public bool HasFinished => _taken < _finished.Count;

    /// <summary>Takes the next finished page out of what the query holds.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var page = _finished[_taken++];
        _context.ReleaseMemory(page.Length);
        if (_taken == _finished.Count)
        {
            _finished.Clear();
            _taken = 0;
        }
        return page;
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
