using System.Globalization;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A transaction as its client saw it.</summary>
internal sealed record HistoryTransaction
{
    /// <summary>The client. Its transactions follow one another.</summary>
    public required string Session { get; init; }

    /// <summary>The place in the session; ascending, gaps are allowed.</summary>
    public required int Index { get; init; }

    /// <summary>The region that was asked.</summary>
    public required string Region { get; init; }

    /// <summary>In the order the client did them.</summary>
    public required IReadOnlyList<HistoryOperation> Operations { get; init; }

    /// <summary>True time of the call, since the run began.</summary>
    public required TimeSpan Call { get; init; }

    /// <summary>True time of the answer, or of giving up.</summary>
    public required TimeSpan Return { get; init; }

    public required TransactionOutcome Outcome { get; init; }

    /// <summary>The stamp its writes carry, where the answer told it. It orders versions exactly; without it only causality does.</summary>
    public RevisionStamp? Stamp { get; init; }

    /// <summary>The token that came with the request.</summary>
    public RecordedToken? TokenSent { get; init; }

    /// <summary>The token that came with the answer.</summary>
    public RecordedToken? TokenReturned { get; init; }

    public string Name => $"{Session}#{Index}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}@{Region} {Outcome.ToString().ToLowerInvariant()} [{Call.TotalSeconds:0.000###}..{Return.TotalSeconds:0.000###} s] {string.Join(' ', Operations)}");
}
