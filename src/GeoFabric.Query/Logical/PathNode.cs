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

    public override bool IsRowWise => true;
}
