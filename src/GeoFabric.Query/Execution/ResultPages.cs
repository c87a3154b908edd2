using System.Buffers;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>Writes rows as JSON while the snapshot they point into is still open, cut into pages of a given number of rows.</summary>
internal sealed class ResultPages(int rowsPerPage, QueryContext context)
{
    private readonly List<ReadOnlyMemory<byte>> _finished = [];
    private ArrayBufferWriter<byte> _page = NewPage();
    private int _rowsInPage;

    public long Rows { get; private set; }

    public void Add(Value value)
    {
        if (_rowsInPage == rowsPerPage)
            FinishPage();
        if (_rowsInPage > 0)
            _page.Write(","u8);
        JsonValueWriter.Write(_page, value);
        _rowsInPage++;
        Rows++;
    }

    /// <summary>All pages; there is always at least one.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Finish()
    {
        if (_rowsInPage > 0 || _finished.Count == 0)
            FinishPage();
        return _finished;
    }

    private static ArrayBufferWriter<byte> NewPage()
    {
        var page = new ArrayBufferWriter<byte>(1024);
        page.Write("["u8);
        return page;
    }

    private void FinishPage()
    {
        _page.Write("]"u8);
        context.ReserveMemory(_page.WrittenCount);
        _finished.Add(_page.WrittenMemory);
        _page = NewPage();
        _rowsInPage = 0;
    }
}
