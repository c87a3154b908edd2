namespace GeoFabric.Query.Physical.Graphs;

/// <summary>A path between two vertices, by the numbers of its vertices and of the edges between them.</summary>
internal sealed record FoundPath(int[] Vertices, int[] Edges, double Weight);
