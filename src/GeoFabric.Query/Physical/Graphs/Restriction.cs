namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Vertices and edges that a search may not use.</summary>
internal sealed class Restriction
{
    public HashSet<int> Vertices { get; } = [];

    public HashSet<int> Edges { get; } = [];

    public bool Forbids(Step step) => Vertices.Contains(step.Vertex) || Edges.Contains(step.Edge);

    public void Clear()
    {
        Vertices.Clear();
        Edges.Clear();
    }
}
