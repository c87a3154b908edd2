using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>How many random histories the tests of the checkers look at.</summary>
internal static class SeedCount
{
    /// <summary>The number for every build, times GEOFABRIC_CHECKING_SCALE for a longer run.</summary>
    public static int Of(int count) =>
        int.TryParse(Environment.GetEnvironmentVariable("GEOFABRIC_CHECKING_SCALE"), NumberStyles.None, CultureInfo.InvariantCulture, out var scale) && scale > 0
            ? count * scale
            : count;
}
