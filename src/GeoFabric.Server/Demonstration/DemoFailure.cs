namespace GeoFabric.Server.Demonstration;

/// <summary>Something the demonstration asserts does not hold.</summary>
internal sealed class DemoFailure(string what) : Exception(what);
