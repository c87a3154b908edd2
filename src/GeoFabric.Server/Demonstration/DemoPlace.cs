namespace GeoFabric.Server.Demonstration;

/// <summary>Where a region of the demonstration is said to be, and how far it is from the others.</summary>
/// <param name="OneWayDelays">Milliseconds from here to the regions before it in <see cref="All"/>: half of what the internet takes there and back.</param>
internal sealed record DemoPlace(string Region, string City, string CountryCode, string Country, double Latitude, double Longitude, IReadOnlyDictionary<string, int> OneWayDelays)
{
    /// <summary>The first one is the home.</summary>
    public static IReadOnlyList<DemoPlace> All { get; } =
    [
        new("us-east", "Ashburn", "US", "United States", 39.04, -77.49, new Dictionary<string, int>()),
        new("eu-west", "Dublin", "IE", "Ireland", 53.35, -6.26, new Dictionary<string, int> { ["us-east"] = 35 }),
        new("ap-southeast", "Singapore", "SG", "Singapore", 1.35, 103.82, new Dictionary<string, int> { ["us-east"] = 108, ["eu-west"] = 87 }),
    ];

    public int DelayTo(DemoPlace other) => OneWayDelays.TryGetValue(other.Region, out var delay) ? delay : other.OneWayDelays.GetValueOrDefault(Region);
}
