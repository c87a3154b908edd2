using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Explain;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>One page of results with what goes beside it in the answer.</summary>
/// <param name="ResultJson">The rows as a JSON array in UTF-8.</param>
/// <param name="CursorId">Handle of the next page; null when this is the last.</param>
/// <param name="Count">Rows of all pages, when asked for.</param>
public sealed record QueryPage(
    ReadOnlyMemory<byte> ResultJson,
    string? CursorId,
    long? Count,
    QueryStatistics Statistics,
    IReadOnlyList<BindingWarning> Warnings,
    QueryProfile? Profile)
{
    public bool HasMore => CursorId is not null;

    /// <summary>What to ask for the next page by, when the request may be repeated; null otherwise.</summary>
    public string? NextBatchId { get; init; }

    /// <summary>Where <see cref="ResultJson"/> lies when nobody asks for it again; null when it waits in a cursor.</summary>
    internal PooledBuffer? Buffer { get; init; }

    /// <summary>Gives the memory of the rows back, which must not be read afterwards. Pages that are not released are left to the collector.</summary>
    public void Release() => Buffer?.Dispose();
}

/// <summary>Where the time of one execution went.</summary>
/// <param name="Stages">Name and seconds of each stage, in order.</param>
/// <param name="Nodes">Per plan node, those of subqueries included, with profile 2; empty otherwise.</param>
/// <param name="Plan">The executed plan, with profile 2.</param>
public sealed record QueryProfile(IReadOnlyList<(string Stage, double Seconds)> Stages, IReadOnlyList<NodeProfile> Nodes, ExplainedPlan? Plan);

/// <summary>What one plan node did.</summary>
/// <param name="Id">The node's id in the plan.</param>
/// <param name="Seconds">Time in this node alone, and in the subqueries of its expressions.</param>
public sealed record NodeProfile(int Id, long Calls, long Rows, long Filtered, double Seconds);
