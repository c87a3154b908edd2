namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What a region holds when a run is over and everything has been delivered; absent keys are left out.</summary>
internal sealed record FinalState(string Region, IReadOnlyDictionary<string, string> Values);
