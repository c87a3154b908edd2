using System.Globalization;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>Clocks of processes that jump: by a library that stands between the process and the system's clock.</summary>
internal static class ClockFault
{
    /// <summary>libfaketime for several threads; null where it is not installed.</summary>
    public static string? LibraryPath { get; } = Environment.GetEnvironmentVariable("GEOFABRIC_FAKETIME") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>Sets a region's clock that much off; it is seen within a second.</summary>
    public static void Set(RegionProcess region, TimeSpan offset) =>
        File.WriteAllText(region.ClockPath, offset.TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture));
}
