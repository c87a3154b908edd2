namespace GeoFabric.Query.Execution;

/// <summary>A query under way or just finished, as query/current and query/slow show it.</summary>
/// <param name="Text">Cut to the length that the fabric keeps.</param>
/// <param name="PeakMemoryBytes">The most it has held so far.</param>
/// <param name="ClientId">What the client calls it; null for nothing.</param>
public sealed record QueryInfo(
    string Id, QueryCaller Caller, string Text, string BindVarsJson, DateTimeOffset Started, double RunSeconds, string State, bool IsStream, long PeakMemoryBytes, string? ClientId);
