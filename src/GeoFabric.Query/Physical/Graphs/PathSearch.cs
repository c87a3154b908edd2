namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Finds paths between two vertices, one at each call, as far as it must go for that one.</summary>
internal abstract class PathSearch
{
    public abstract void Begin(int start, int target, long least, long most);

    public abstract bool TryNext(out FoundPath path);

    /// <summary>Forgets the search; the numbers of vertices and edges may then mean others.</summary>
    public abstract void Clear();
}
