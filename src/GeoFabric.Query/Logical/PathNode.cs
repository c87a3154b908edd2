using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>A loop over paths of a graph.</summary>
public abstract record PathNode(GraphSource Graph, TraversalOptions Options) : LogicalNode
{
    /// <summary>The variable of the whole path as written; null when there was none.</summary>
    public Variable? DeclaredPath { get; init; }

    /// <summary>What of the path has to be made for each row.</summary>
    public PathVariables Path { get; init; } = PathVariables.None;

    /// <summary>Variables that may stand for parts of the path, whether they do or not.</summary>
    public PathVariables Parts { get; init; } = PathVariables.None;

    /// <summary>The <c>_id</c> of the vertex, when it is all, or with <see cref="VertexKey"/> all, that is read of it: edges tell it.</summary>
    public Variable? VertexId { get; init; }

    /// <summary>The <c>_key</c> of the vertex.</summary>
    public Variable? VertexKey { get; init; }

    /// <summary>Whether a name of the vertex is read.</summary>
    public bool NeedsIdentity => VertexId is not null || VertexKey is not null;

    public override bool IsRowWise => true;
}
