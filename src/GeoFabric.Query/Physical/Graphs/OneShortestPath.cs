namespace GeoFabric.Query.Physical.Graphs;

/// <summary>SHORTEST_PATH: one path, or none.</summary>
internal sealed class OneShortestPath(IShortestPath search) : PathSearch
{
    private FoundPath? _path;

    public override void Begin(int start, int target, long least, long most) => _path = search.Find(start, target, null);

    public override bool TryNext(out FoundPath path)
    {
        path = _path!;
        _path = null;
        return path is not null;
    }

    public override void Clear()
    {
        _path = null;
        search.Clear();
    }
}
