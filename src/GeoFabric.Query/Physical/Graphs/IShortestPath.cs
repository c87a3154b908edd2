namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Finds one shortest path, again and again on the same graph.</summary>
internal interface IShortestPath
{
    /// <summary>A shortest path that keeps to the restriction, or null when there is none.</summary>
    FoundPath? Find(int start, int target, Restriction? restriction);

    void Clear();
}
