using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Binding;

/// <summary>A collection a query touches, and how. Checked against the caller's rights at every execution.</summary>
public sealed record CollectionAccess(string Name, bool IsWrite);

/// <summary>A query with all names resolved against one catalog, before optimization.</summary>
/// <param name="SlotCount">Width of its rows.</param>
/// <param name="Parameters">Value parameters read while running, by position.</param>
/// <param name="DeclaredParameters">Every key that bindVars may and must have, collection parameters as <c>@name</c>.</param>
/// <param name="StructuralParameters">Those whose values shape the plan: another value needs another plan.</param>
/// <param name="Warnings">Found while binding; part of every execution's warnings.</param>
/// <param name="Variables">All variables, for plans shown to people.</param>
public sealed record BoundQuery(
    LogicalPlan Plan,
    int SlotCount,
    ImmutableArray<string> Parameters,
    ImmutableArray<string> DeclaredParameters,
    ImmutableArray<string> StructuralParameters,
    ImmutableArray<CollectionAccess> Collections,
    ImmutableArray<BindingWarning> Warnings,
    ImmutableArray<Expressions.Variable> Variables)
{
    /// <summary>The strictest level of consistency its operations ask for; null when none does. Whoever runs the query sees to it.</summary>
    public ConsistencyLevel? Consistency { get; init; }
}

/// <param name="Detail">What was wrong, or the whole message where the user wrote it.</param>
public sealed record BindingWarning(Primitives.Errors.ErrorCode Code, string Detail)
{
    /// <summary>The text clients see. What WARN() was told to say stands alone.</summary>
    public string Message => Code == Primitives.Errors.ErrorCodes.UserWarn ? Detail : Code.Describe(Detail);
}
