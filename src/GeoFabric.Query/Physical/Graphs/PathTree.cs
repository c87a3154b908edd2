using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Paths that begin at one vertex, each a step behind another: node 0 is the start. Nodes come and go at the end only.</summary>
internal sealed class PathTree(GraphReader graph)
{
    private readonly NumberedList<int> _occurrences = new(graph.Memory);
    private Node[] _nodes = new Node[16];

    public int Count { get; private set; }

    public ref readonly Node this[int node] => ref _nodes[node];

    /// <param name="parent">-1 for the start.</param>
    public int Add(int parent, Step step, double weight)
    {
        if (Count == _nodes.Length)
        {
            graph.Memory.Reserve(_nodes.Length * 32L);
            Array.Resize(ref _nodes, 2 * _nodes.Length);
        }
        _nodes[Count] = new Node(parent, step.Vertex, step.Edge, parent < 0 ? 0 : _nodes[parent].Depth + 1, weight);
        _occurrences[step.Vertex]++;
        return Count++;
    }

    public void RemoveLast()
    {
        Count--;
        _occurrences[_nodes[Count].Vertex]--;
    }

    /// <summary>Whether the path to a node comes by a vertex.</summary>
    public bool PassesVertex(int node, int vertex)
    {
        if (!_occurrences.Reaches(vertex) || _occurrences[vertex] == 0)
            return false;
        for (var at = node; at >= 0; at = _nodes[at].Parent)
        {
            if (_nodes[at].Vertex == vertex)
                return true;
        }
        return false;
    }

    /// <summary>Whether the path to a node comes by an edge.</summary>
    public bool PassesEdge(int node, int edge)
    {
        // An edge at the last vertex can lie further back only where the path comes by that vertex a second time.
        if (_occurrences[_nodes[node].Vertex] == 1)
            return _nodes[node].Edge == edge;
        for (var at = node; at >= 0; at = _nodes[at].Parent)
        {
            if (_nodes[at].Edge == edge)
                return true;
        }
        return false;
    }

    public Value Vertices(int node) => Collect(node, _nodes[node].Depth + 1, static (graph, node) => graph.Vertex(node.Vertex));

    public Value Edges(int node) => Collect(node, _nodes[node].Depth, static (graph, node) => graph.Edge(node.Edge));

    /// <summary>The sums of weights up to each vertex.</summary>
    public Value Weights(int node) => Collect(node, _nodes[node].Depth + 1, static (_, node) => Value.FromDouble(node.Weight));

    public void Clear()
    {
        Count = 0;
        _nodes = _nodes.Length > 4096 ? new Node[16] : _nodes;
        _occurrences.Dispose();
    }

    /// <summary>What the last nodes of a path hold, first to last.</summary>
    private Value Collect(int node, int count, Func<GraphReader, Node, Value> read)
    {
        var items = new Value[count];
        for (var at = node; count > 0; at = _nodes[at].Parent)
            items[--count] = read(graph, _nodes[at]);
        return Value.FromList(items, items.Length);
    }

    public readonly record struct Node(int Parent, int Vertex, int Edge, int Depth, double Weight);
}
