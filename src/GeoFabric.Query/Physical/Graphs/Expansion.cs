namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// The steps from one vertex, read page by page: a vertex with a million edges costs one page until more are asked for, and no cursor stays open
/// for it in between.
/// </summary>
internal sealed class Expansion
{
    /// <summary>Steps of the first page; each further page is twice as long, up to <see cref="PageMax"/>.</summary>
    private const int PageFirst = 16;
    public const int PageMax = 1024;

    private byte[] _position = [];
    private int _positionLength;
    private Step[] _steps = new Step[PageFirst];
    private int _count;
    private int _next;

    public int Vertex { get; private set; }

    /// <summary>The leg of the graph that is being read.</summary>
    public int Leg { get; private set; }

    public int PageSize { get; private set; }

    public bool IsPageFull => _count == PageSize;

    /// <summary>Where to go on in the present leg; empty at its start.</summary>
    public ReadOnlySpan<byte> Position => _position.AsSpan(0, _positionLength);

    public void Begin(int vertex)
    {
        Vertex = vertex;
        Leg = 0;
        PageSize = PageFirst;
        _positionLength = 0;
        _count = 0;
        _next = 0;
    }

    public bool TryNext(GraphReader graph, out Step step)
    {
        if (_next == _count)
        {
            _next = 0;
            _count = 0;
            if (!graph.ReadPage(this))
            {
                step = default;
                return false;
            }
        }
        step = _steps[_next++];
        return true;
    }

    public bool HasSteps => _count > 0;

    public void Add(Step step, MemoryShare memory)
    {
        if (_count == _steps.Length)
        {
            memory.Reserve(_steps.Length * 8L);
            Array.Resize(ref _steps, Math.Min(PageMax, 2 * _steps.Length));
        }
        _steps[_count++] = step;
    }

    /// <summary>The page is full; the next one goes on behind this place.</summary>
    public void Pause(ReadOnlySpan<byte> position)
    {
        if (_position.Length < position.Length)
            _position = new byte[Math.Max(64, position.Length)];
        position.CopyTo(_position);
        _positionLength = position.Length;
        PageSize = Math.Min(PageMax, 2 * PageSize);
    }

    public void EndLeg()
    {
        Leg++;
        _positionLength = 0;
    }
}
