namespace GeoFabric.Query.Physical.Graphs;

/// <summary>A way on from a vertex: the edge and the vertex it leads to, by their numbers.</summary>
/// <param name="Edge">-1 when the walk has no use for edges.</param>
internal readonly record struct Step(int Vertex, int Edge);
