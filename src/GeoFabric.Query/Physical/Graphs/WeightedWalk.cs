using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Paths by the sum of their weights; those of equal weight in the order they were found.</summary>
internal sealed class WeightedWalk(GraphReader graph, StepJudge judge, TraversalOptions options) : PathWalk(graph, judge, options)
{
    private readonly PriorityQueue<int, (double Weight, int Node)> _queue = new();
    private readonly Expansion _expansion = new();

    public override bool TryNext(out int node)
    {
        while (_queue.TryDequeue(out node, out _))
        {
            if (IsVisited(Tree[node].Vertex))
                continue;
            MarkVisited(Tree[node].Vertex);
            var depth = Tree[node].Depth;
            if (!Judge.Prunes(Tree, node) && depth < Most)
                Expand(node);
            if (depth >= Least)
                return true;
        }
        node = -1;
        return false;
    }

    public override void Clear()
    {
        _queue.Clear();
        base.Clear();
    }

    protected override void BeginCore(int root) => _queue.Enqueue(root, (0, root));

    private void Expand(int node)
    {
        _expansion.Begin(Tree[node].Vertex);
        while (_expansion.TryNext(Graph, out var step))
        {
            if (!Admits(node, step))
                continue;
            Graph.Memory.Reserve(24);
            var weight = Tree[node].Weight + Graph.Weight(step.Edge);
            var found = Tree.Add(node, step, weight);
            _queue.Enqueue(found, (weight, found));
        }
    }
}
