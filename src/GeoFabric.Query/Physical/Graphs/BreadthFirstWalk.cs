using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Paths by depth. The tree's nodes are the queue: they are expanded in the order they were found.</summary>
internal sealed class BreadthFirstWalk(GraphReader graph, StepJudge judge, TraversalOptions options) : PathWalk(graph, judge, options)
{
    private readonly Expansion _expansion = new();
    private int _expanded = -1;
    private bool _lastEnds;
    private bool _isAtStart;

    public override bool TryNext(out int node)
    {
        if (_isAtStart)
        {
            _isAtStart = false;
            MarkVisited(Tree[0].Vertex);
            if (Enter(0, out node))
                return true;
        }
        while (Tree.Count > 0)
        {
            // A path that ends is no longer needed once it has been handed on; so the longest paths take no memory.
            if (_lastEnds)
            {
                _lastEnds = false;
                Tree.RemoveLast();
            }
            if (_expanded >= 0 && _expansion.TryNext(Graph, out var step))
            {
                if (!Admits(_expanded, step))
                    continue;
                MarkVisited(step.Vertex);
                if (Enter(Tree.Add(_expanded, step, 0), out node))
                    return true;
                continue;
            }
            if (_expanded + 1 >= Tree.Count)
                break;
            _expansion.Begin(Tree[++_expanded].Vertex);
        }
        node = -1;
        return false;
    }

    public override void Clear()
    {
        _expanded = -1;
        _lastEnds = false;
        base.Clear();
    }

    protected override void BeginCore(int root) => _isAtStart = true;

    private bool Enter(int entered, out int node)
    {
        node = entered;
        var depth = Tree[entered].Depth;
        _lastEnds = Judge.Prunes(Tree, entered) || depth >= Most;
        return depth >= Least;
    }
}
