using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Paths in pre-order. The tree holds the present path only, node by depth, and so do the expansions.</summary>
internal sealed class DepthFirstWalk(GraphReader graph, StepJudge judge, TraversalOptions options) : PathWalk(graph, judge, options)
{
    private readonly List<Expansion> _expansions = [];
    private int _open;
    private bool _isAtStart;

    public override bool TryNext(out int node)
    {
        if (_isAtStart)
        {
            _isAtStart = false;
            if (Enter(0, out node))
                return true;
        }
        while (Tree.Count > 0)
        {
            // A node that is not expanded has been handed on, or was too short.
            if (_open < Tree.Count)
            {
                Tree.RemoveLast();
                continue;
            }
            var last = Tree.Count - 1;
            if (!_expansions[last].TryNext(Graph, out var step))
                _open--;
            else if (Admits(last, step) && Enter(Tree.Add(last, step, 0), out node))
                return true;
        }
        node = -1;
        return false;
    }

    public override void Clear()
    {
        _open = 0;
        base.Clear();
        if (_expansions.Count > 64)
            _expansions.Clear();
    }

    protected override void BeginCore(int root) => _isAtStart = true;

    /// <summary>Opens a new node's steps unless the path ends there.</summary>
    /// <returns>Whether the path is to be handed on.</returns>
    private bool Enter(int entered, out int node)
    {
        node = entered;
        var depth = Tree[entered].Depth;
        if (!Judge.Prunes(Tree, entered) && depth < Most)
        {
            if (_open == _expansions.Count)
            {
                Graph.Memory.Reserve(512);
                _expansions.Add(new Expansion());
            }
            _expansions[_open++].Begin(Tree[entered].Vertex);
        }
        return depth >= Least;
    }
}
