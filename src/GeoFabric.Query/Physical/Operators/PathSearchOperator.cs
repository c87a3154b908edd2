using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Graphs;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Paths between two vertices: a row for each path, or, with SHORTEST_PATH, for each vertex of the path.</summary>
internal sealed class PathSearchOperator : FanOutOperator
{
    private readonly PathSearchNode _node;
    private readonly GraphReader _graph;
    private readonly PathSearch _search;
    private FoundPath? _path;
    private int _position;
    private bool _isSearching;

    public PathSearchOperator(QueryContext context, PhysicalOperator input, PathSearchNode node)
        : base(context, input)
    {
        _node = node;
        var hasWeights = node.Options.WeightAttribute is not null;
        var numbersEdges = hasWeights || node.Kind == PathSearchKind.KShortestPaths || (node.NeedsEdge && node.Edge is not null) || node.Path.Whole is not null || node.Path.Edges is not null;
        _graph = new GraphReader(context, node.Graph, node.Options, numbersEdges);
        _search = node.Kind switch
        {
            PathSearchKind.ShortestPath => new OneShortestPath(Shortest(hasWeights)),
            PathSearchKind.KShortestPaths => new KShortestPaths(_graph, Shortest(hasWeights), hasWeights, weightOfEdge: 1),
            PathSearchKind.AllShortestPaths => new AllShortestPaths(_graph),
            _ => new KPaths(_graph),
        };
    }

    protected override void DisposeCore()
    {
        base.DisposeCore();
        _graph.Dispose();
    }

    protected override void OpenSource(Span<Value> row)
    {
        var (least, most) = TraversalOperator.ReadDepths(_node.Least, _node.Most, Context, row);
        // Both ends are looked at, so that each that is no vertex warns.
        var hasStart = _graph.TryFindVertex(_node.Start.Evaluate(Context, row), isTarget: false, out var start);
        var hasTarget = _graph.TryFindVertex(_node.Target.Evaluate(Context, row), isTarget: true, out var target);
        if (!hasStart || !hasTarget)
            return;
        _search.Begin(start, target, least, most);
        _isSearching = true;
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (_path is null)
            {
                if (!_isSearching || !_search.TryNext(out var path))
                    return false;
                _path = path;
                _position = 0;
            }
            if (_node.Vertex is null)
                WritePath(batch.Append(row), _path);
            else
                WriteVertex(batch.Append(row), _path);
            if (_node.Vertex is null || ++_position == _path.Vertices.Length)
                _path = null;
        }
        return true;
    }

    protected override void CloseSource()
    {
        _path = null;
        _isSearching = false;
        _search.Clear();
        _graph.Reset();
    }

    private IShortestPath Shortest(bool hasWeights) => hasWeights ? new LeastWeight(_graph) : new FewestEdges(_graph, weightOfEdge: 1);

    private void WriteVertex(Span<Value> row, FoundPath path)
    {
        if (_node.NeedsVertex)
            row[_node.Vertex!.Slot] = _graph.Vertex(path.Vertices[_position]);
        _graph.WriteIdentity(row, _node, path.Vertices[_position]);
        if (_node.NeedsEdge && _node.Edge is not null)
            row[_node.Edge.Slot] = _position == 0 ? default : _graph.Edge(path.Edges[_position - 1]);
    }

    private void WritePath(Span<Value> row, FoundPath path)
    {
        var vertices = _node.Path.Whole is null && _node.Path.Vertices is null ? default : Value.FromList([.. path.Vertices.Select(_graph.Vertex)]);
        var edges = _node.Path.Whole is null && _node.Path.Edges is null ? default : Value.FromList([.. path.Edges.Select(_graph.Edge)]);
        // Paths that are not ranked by weight have none.
        var weight = _node.Kind == PathSearchKind.KShortestPaths ? Weight(path) : default;
        if (_node.Path.Vertices is not null)
            row[_node.Path.Vertices.Slot] = vertices;
        if (_node.Path.Edges is not null)
            row[_node.Path.Edges.Slot] = edges;
        if (_node.Path.Weights is not null)
            row[_node.Path.Weights.Slot] = weight;
        if (_node.Path.Whole is not null)
            row[_node.Path.Whole.Slot] = PathValues.Build(Context, vertices, edges, "weight"u8, weight);
    }

    private Value Weight(FoundPath path) => _node.Options.WeightAttribute is null ? Value.FromInteger(path.Edges.Length) : Value.FromDouble(path.Weight);
}
