using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Explain;

/// <summary>A plan as shown to people and tools.</summary>
/// <param name="Nodes">The steps, first to last, as clients know them.</param>
/// <param name="Rules">Optimizer rules that changed the plan.</param>
/// <param name="Collections">Name and "read" or "write".</param>
/// <param name="Text">The plan as a tree, for terminals and tests.</param>
public sealed record ExplainedPlan(
    ImmutableArray<ExplainedNode> Nodes,
    ImmutableArray<string> Rules,
    ImmutableArray<(string Name, string Type)> Collections,
    ImmutableArray<(int Id, string Name, bool IsDocument)> Variables,
    ImmutableArray<(int Code, string Message)> Warnings,
    double EstimatedCost,
    double EstimatedRows,
    bool IsModification,
    int RulesExecuted,
    int RulesSkipped,
    string Text)
{
    /// <summary>The strictest level of consistency the query's operations ask for; null when none does.</summary>
    public ConsistencyLevel? Consistency { get; init; }
}

/// <param name="Id">Counts from 1 along the plan.</param>
/// <param name="Details">What is particular to the node: collection, index, condition.</param>
/// <param name="Subqueries">Plans of the subqueries in the node's expressions.</param>
public sealed record ExplainedNode(
    int Id,
    string Type,
    double EstimatedCost,
    double EstimatedRows,
    ImmutableArray<(string Name, Value Value)> Details,
    ImmutableArray<ImmutableArray<ExplainedNode>> Subqueries);
