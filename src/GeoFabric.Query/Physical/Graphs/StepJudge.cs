using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Evaluates what a traversal asks of its steps: the conditions pushed into it, and PRUNE. Both see the row the traversal started from.</summary>
internal sealed class StepJudge
{
    private readonly QueryContext _context;
    private readonly TraversalNode _node;
    private readonly GraphReader _graph;
    private readonly IReadOnlySet<Variable> _readByPrune;
    private readonly bool _conditionsReadEdges;
    private readonly bool _conditionsReadVertices;
    private Value[] _row = [];

    public StepJudge(QueryContext context, TraversalNode node, GraphReader graph)
    {
        _context = context;
        _node = node;
        _graph = graph;
        _readByPrune = node.Prune?.Variables() ?? new HashSet<Variable>();
        if (node.Conditions.IsEmpty)
            return;
        var read = node.Conditions.SelectMany(condition => condition.Condition.Variables()).ToHashSet();
        _conditionsReadEdges = node.Edge is not null && read.Contains(node.Edge);
        _conditionsReadVertices = read.Contains(node.Vertex);
    }

    /// <summary>What PRUNE said last.</summary>
    public Value Pruned { get; private set; }

    public void Begin(ReadOnlySpan<Value> row)
    {
        if (_node.Prune is not null || _node.Conditions.Length > 0)
            _row = row.ToArray();
        Pruned = default;
    }

    /// <summary>Whether a step to some depth meets the conditions.</summary>
    public bool Allows(Step step, int depth)
    {
        if (_node.Conditions.IsEmpty)
            return true;
        var isSet = false;
        foreach (var condition in _node.Conditions)
        {
            if ((condition.Depth ?? depth) != depth || (condition.IsOnEdge && condition.Depth is null && depth == 0))
                continue;
            if (!isSet)
                Set(step);
            isSet = true;
            if (!condition.Condition.Evaluate(_context, _row).IsTruthy)
                return false;
        }
        return true;
    }

    /// <summary>Whether the path to a node goes no further.</summary>
    public bool Prunes(PathTree tree, int node)
    {
        if (_node.Prune is null)
            return false;
        if (_readByPrune.Contains(_node.Vertex))
            _row[_node.Vertex.Slot] = _graph.Vertex(tree[node].Vertex);
        if (_node.Edge is not null && _readByPrune.Contains(_node.Edge))
            _row[_node.Edge.Slot] = _graph.Edge(tree[node].Edge);
        PathValues.Write(_row, _node.Parts with { Whole = _node.DeclaredPath }, _readByPrune, tree, node, _context, _node.Options);
        Pruned = _node.Prune.Evaluate(_context, _row);
        return Pruned.IsTruthy;
    }

    private void Set(Step step)
    {
        if (_conditionsReadVertices)
            _row[_node.Vertex.Slot] = _graph.Vertex(step.Vertex);
        if (_conditionsReadEdges)
            _row[_node.Edge!.Slot] = _graph.Edge(step.Edge);
    }
}
