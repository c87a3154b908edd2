namespace GeoFabric.Server.Consistency;

/// <summary>Whether a region has something that this one wrote.</summary>
/// <param name="After">
/// From the commit here until word of the region having it was here, so the way back is in it; null when it is not there, or was noted too long ago.
/// </param>
internal readonly record struct Arrival(bool HasArrived, TimeSpan? After);
