using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Finds the paths from one vertex, one at each call, as far as it must go for that one.</summary>
internal abstract class PathWalk(GraphReader graph, StepJudge judge, TraversalOptions options)
{
    private readonly NumberedList<bool> _visited = new(graph.Memory);

    protected GraphReader Graph { get; } = graph;

    protected StepJudge Judge { get; } = judge;

    public PathTree Tree { get; } = new(graph);

    protected long Least { get; private set; }

    protected long Most { get; private set; }

    /// <summary>Begins with the empty path at a vertex.</summary>
    public void Begin(int start, long least, long most)
    {
        Least = least;
        Most = most;
        var step = new Step(start, -1);
        if (Judge.Allows(step, 0))
            BeginCore(Tree.Add(-1, step, 0));
    }

    /// <summary>Moves to the next path that is long enough.</summary>
    /// <param name="node">Its last node in <see cref="Tree"/>, good until the next call.</param>
    public abstract bool TryNext(out int node);

    public virtual void Clear()
    {
        Tree.Clear();
        _visited.Dispose();
    }

    protected abstract void BeginCore(int root);

    /// <summary>Whether a path may go on by a step.</summary>
    protected bool Admits(int node, Step step)
    {
        if (!Graph.IsAllowed(step.Vertex))
            return false;
        switch (options.UniqueVertices)
        {
            case VertexUniqueness.Global when _visited[step.Vertex]:
            case VertexUniqueness.Path when Tree.PassesVertex(node, step.Vertex):
            // A path without a vertex twice has no edge twice.
            case VertexUniqueness.None when options.HasUniqueEdges && step.Edge >= 0 && Tree.PassesEdge(node, step.Edge):
                return false;
        }
        return Judge.Allows(step, Tree[node].Depth + 1);
    }

    protected void MarkVisited(int vertex)
    {
        if (options.UniqueVertices == VertexUniqueness.Global)
            _visited[vertex] = true;
    }

    protected bool IsVisited(int vertex) => options.UniqueVertices == VertexUniqueness.Global && _visited[vertex];
}
