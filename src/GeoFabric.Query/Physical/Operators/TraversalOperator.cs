using System.Runtime.InteropServices;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Graphs;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>The paths from a vertex, found one by one as rows are asked for.</summary>
internal sealed class TraversalOperator : FanOutOperator
{
    private readonly TraversalNode _node;
    private readonly GraphReader _graph;
    private readonly StepJudge _judge;
    private readonly PathWalk _walk;

    /// <summary>The last vertices of the rows that are being filled, when their documents or names are asked for.</summary>
    private readonly List<int> _found = [];

    public TraversalOperator(QueryContext context, PhysicalOperator input, TraversalNode node)
        : base(context, input)
    {
        _node = node;
        _graph = new GraphReader(context, node.Graph, node.Options, NumbersEdges(node));
        _judge = new StepJudge(context, node, _graph);
        _walk = node.Options.Order switch
        {
            TraversalOrder.DepthFirst => new DepthFirstWalk(_graph, _judge, node.Options),
            TraversalOrder.BreadthFirst => new BreadthFirstWalk(_graph, _judge, node.Options),
            _ => new WeightedWalk(_graph, _judge, node.Options),
        };
    }

    protected override void DisposeCore()
    {
        base.DisposeCore();
        _graph.Dispose();
    }

    /// <summary>Reads a depth that was not known when the plan was made.</summary>
    public static long ReadDepth(Expression expression, EvaluationContext context, Span<Value> row)
    {
        var depth = expression.Evaluate(context, row);
        if (!depth.IsNumber || depth.Number < 0 || depth.Number != Math.Truncate(depth.Number))
            throw ErrorCodes.QueryParse.With($"the depth {depth} of a traversal is no integer from 0");
        return Casts.ToInteger(depth);
    }

    public static (long Least, long Most) ReadDepths(Expression least, Expression most, EvaluationContext context, Span<Value> row)
    {
        var first = ReadDepth(least, context, row);
        var last = ReferenceEquals(least, most) ? first : ReadDepth(most, context, row);
        return last >= first ? (first, last) : throw ErrorCodes.QueryParse.With($"the greatest depth of a traversal, {last}, is less than the least, {first}");
    }

    protected override void OpenSource(Span<Value> row)
    {
        var (least, most) = ReadDepths(_node.Least, _node.Most, Context, row);
        if (!_graph.TryFindVertex(_node.Start.Evaluate(Context, row), isTarget: false, out var start))
            return;
        _graph.LookForward();
        _judge.Begin(row);
        _walk.Begin(start, least, most);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        var first = batch.Count;
        var mayHaveMore = Walk(batch, row);
        var found = CollectionsMarshal.AsSpan(_found);
        if (_node.NeedsIdentity)
            _graph.WriteIdentities(batch, first, _node, found);
        if (_node.NeedsVertex)
        {
            _graph.ReadVertices(found);
            for (var i = 0; i < found.Length; i++)
                batch[first + i][_node.Vertex.Slot] = _graph.Vertex(found[i]);
        }
        _found.Clear();
        return mayHaveMore;
    }

    protected override void CloseSource()
    {
        _walk.Clear();
        _graph.Reset();
    }

    private bool Walk(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (!_walk.TryNext(out var last))
                return false;
            var found = batch.Append(row);
            if (_node.NeedsVertex || _node.NeedsIdentity)
                _found.Add(_walk.Tree[last].Vertex);
            if (_node.NeedsEdge && _node.Edge is not null)
                found[_node.Edge.Slot] = _graph.Edge(_walk.Tree[last].Edge);
            PathValues.Write(found, _node.Path, null, _walk.Tree, last, Context, _node.Options);
            if (_node.PruneVariable is not null)
                found[_node.PruneVariable.Slot] = _judge.Pruned;
        }
        return true;
    }

    /// <summary>Edges have to be told apart where they are shown, judged, weighed, or may not come twice.</summary>
    private static bool NumbersEdges(TraversalNode node)
    {
        var isShown = (node.NeedsEdge && node.Edge is not null) || node.Path.Whole is not null || node.Path.Edges is not null;
        var isUnique = node.Options is { HasUniqueEdges: true, UniqueVertices: VertexUniqueness.None } && node.Most is not ConstantExpression { Value: { IsNumber: true, Number: <= 1 } };
        return isShown || isUnique || node.Options.Order == TraversalOrder.Weighted || JudgesEdges(node);
    }

    private static bool JudgesEdges(TraversalNode node)
    {
        if (node.Conditions.IsEmpty && node.Prune is null)
            return false;
        var read = node.Conditions.Select(condition => condition.Condition).Append(node.Prune).OfType<Expression>().SelectMany(expression => expression.Variables()).ToHashSet();
        return (node.Edge is not null && read.Contains(node.Edge)) || (node.DeclaredPath is not null && read.Contains(node.DeclaredPath))
            || (node.Parts.Edges is not null && read.Contains(node.Parts.Edges));
    }
}
