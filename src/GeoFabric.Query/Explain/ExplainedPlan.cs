using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

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
    ImmutableArray<ExplainedVariable> Variables,
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

    /// <summary>By plan, of the query and each subquery, the number that the ids of its steps count on from.</summary>
    internal IReadOnlyDictionary<LogicalPlan, int> IdsBefore { get; init; } = ImmutableDictionary<LogicalPlan, int>.Empty;

    /// <summary>Indexes that would make the query quicker.</summary>
    public ImmutableArray<IndexAdvice> Advice { get; init; } = [];
}

/// <param name="IsDocument">Whether it holds whole documents of a collection.</param>
public sealed record ExplainedVariable(int Id, string Name, bool IsDocument);

/// <summary>An index that a plan would use if it were there.</summary>
/// <param name="Type">As clients name it when they create it.</param>
/// <param name="Fields">Attribute paths, in their order.</param>
/// <param name="Reason">What is done without it, for people.</param>
public sealed record IndexAdvice(string Collection, string Type, ImmutableArray<string> Fields, string Reason);

/// <summary>A variable that a step sets or takes.</summary>
/// <param name="Role">The name clients know it by; steps with several sort keys, groups or aggregates have each of those as a list.</param>
/// <param name="Result">In a list, the variable that is made of the one taken; null for none.</param>
/// <param name="Detail">In a list, what else is to be said of the entry; null for nothing.</param>
public sealed record ExplainedRole(string Role, ExplainedVariable Variable, ExplainedVariable? Result = null, (string Name, Value Value)? Detail = null);

/// <param name="Id">
/// Steps that run count from 1 along the plan, as in profiles. Calculations of expressions, which clients know as steps of their own, come behind all of
/// those, and the steps of subqueries behind them: no two steps of a query have the same.
/// </param>
/// <param name="Dependency">Id of the step whose rows it takes; null for the first.</param>
/// <param name="Variables">Those it sets or takes.</param>
/// <param name="Details">What is particular to the node: collection, index, condition.</param>
/// <param name="Subqueries">Plans of the subqueries in the node's expressions.</param>
public sealed record ExplainedNode(
    int Id,
    int? Dependency,
    string Type,
    double EstimatedCost,
    double EstimatedRows,
    ImmutableArray<(string Name, Value Value)> Details,
    ImmutableArray<ExplainedRole> Variables,
    ImmutableArray<ImmutableArray<ExplainedNode>> Subqueries);
