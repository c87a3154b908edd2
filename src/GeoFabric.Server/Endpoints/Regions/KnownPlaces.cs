using GeoFabric.Database.Catalog;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>Where cities are, and names of regions that say a city without naming it, so that a map has a pin before anybody has told it coordinates.</summary>
internal static class KnownPlaces
{
    private static readonly RegionPlace[] s_cities =
    [
        new("Amsterdam", "NL", "Netherlands", 52.37, 4.90),
        new("Ashburn", "US", "United States", 39.04, -77.49),
        new("Athens", "GR", "Greece", 37.98, 23.73),
        new("Atlanta", "US", "United States", 33.75, -84.39),
        new("Auckland", "NZ", "New Zealand", -36.85, 174.76),
        new("Bangkok", "TH", "Thailand", 13.76, 100.50),
        new("Beijing", "CN", "China", 39.90, 116.41),
        new("Berlin", "DE", "Germany", 52.52, 13.41),
        new("Bogota", "CO", "Colombia", 4.71, -74.07),
        new("Boston", "US", "United States", 42.36, -71.06),
        new("Brussels", "BE", "Belgium", 50.85, 4.35),
        new("Buenos Aires", "AR", "Argentina", -34.60, -58.38),
        new("Cairo", "EG", "Egypt", 30.04, 31.24),
        new("Cape Town", "ZA", "South Africa", -33.92, 18.42),
        new("Chennai", "IN", "India", 13.08, 80.27),
        new("Chicago", "US", "United States", 41.88, -87.63),
        new("Columbus", "US", "United States", 39.96, -83.00),
        new("Copenhagen", "DK", "Denmark", 55.68, 12.57),
        new("Dallas", "US", "United States", 32.78, -96.80),
        new("Delhi", "IN", "India", 28.61, 77.21),
        new("Denver", "US", "United States", 39.74, -104.99),
        new("Doha", "QA", "Qatar", 25.29, 51.53),
        new("Dubai", "AE", "United Arab Emirates", 25.20, 55.27),
        new("Dublin", "IE", "Ireland", 53.35, -6.26),
        new("Frankfurt", "DE", "Germany", 50.11, 8.68),
        new("Helsinki", "FI", "Finland", 60.17, 24.94),
        new("Hong Kong", "HK", "Hong Kong", 22.32, 114.17),
        new("Istanbul", "TR", "Turkey", 41.01, 28.98),
        new("Jakarta", "ID", "Indonesia", -6.21, 106.85),
        new("Johannesburg", "ZA", "South Africa", -26.20, 28.05),
        new("Lagos", "NG", "Nigeria", 6.52, 3.38),
        new("Lima", "PE", "Peru", -12.05, -77.04),
        new("Lisbon", "PT", "Portugal", 38.72, -9.14),
        new("London", "GB", "United Kingdom", 51.51, -0.13),
        new("Los Angeles", "US", "United States", 34.05, -118.24),
        new("Madrid", "ES", "Spain", 40.42, -3.70),
        new("Manila", "PH", "Philippines", 14.60, 120.98),
        new("Melbourne", "AU", "Australia", -37.81, 144.96),
        new("Mexico City", "MX", "Mexico", 19.43, -99.13),
        new("Miami", "US", "United States", 25.76, -80.19),
        new("Milan", "IT", "Italy", 45.46, 9.19),
        new("Montreal", "CA", "Canada", 45.50, -73.57),
        new("Mumbai", "IN", "India", 19.08, 72.88),
        new("Nairobi", "KE", "Kenya", -1.29, 36.82),
        new("New York", "US", "United States", 40.71, -74.01),
        new("Osaka", "JP", "Japan", 34.69, 135.50),
        new("Oslo", "NO", "Norway", 59.91, 10.75),
        new("Paris", "FR", "France", 48.86, 2.35),
        new("Perth", "AU", "Australia", -31.95, 115.86),
        new("Portland", "US", "United States", 45.52, -122.68),
        new("Prague", "CZ", "Czechia", 50.08, 14.44),
        new("Riyadh", "SA", "Saudi Arabia", 24.71, 46.68),
        new("Rome", "IT", "Italy", 41.90, 12.50),
        new("San Francisco", "US", "United States", 37.77, -122.42),
        new("Santiago", "CL", "Chile", -33.45, -70.67),
        new("Sao Paulo", "BR", "Brazil", -23.55, -46.63),
        new("Seattle", "US", "United States", 47.61, -122.33),
        new("Seoul", "KR", "South Korea", 37.57, 126.98),
        new("Shanghai", "CN", "China", 31.23, 121.47),
        new("Singapore", "SG", "Singapore", 1.35, 103.82),
        new("Stockholm", "SE", "Sweden", 59.33, 18.07),
        new("Sydney", "AU", "Australia", -33.87, 151.21),
        new("Taipei", "TW", "Taiwan", 25.03, 121.57),
        new("Tel Aviv", "IL", "Israel", 32.09, 34.78),
        new("Tokyo", "JP", "Japan", 35.68, 139.69),
        new("Toronto", "CA", "Canada", 43.65, -79.38),
        new("Vancouver", "CA", "Canada", 49.28, -123.12),
        new("Vienna", "AT", "Austria", 48.21, 16.37),
        new("Warsaw", "PL", "Poland", 52.23, 21.01),
        new("Zurich", "CH", "Switzerland", 47.37, 8.54),
    ];

    /// <summary>Customary names of regions; a number or letter behind one, as in eu-west-1, is left out.</summary>
    private static readonly (string Region, string City)[] s_regions =
    [
        ("us-east", "Ashburn"), ("us-west", "San Francisco"), ("us-central", "Chicago"), ("us-south", "Dallas"), ("ca-central", "Montreal"), ("ca-west", "Vancouver"),
        ("sa-east", "Sao Paulo"), ("eu-west", "Dublin"), ("eu-central", "Frankfurt"), ("eu-north", "Stockholm"), ("eu-south", "Milan"), ("uk-south", "London"),
        ("af-south", "Cape Town"), ("me-south", "Dubai"), ("me-central", "Dubai"), ("ap-south", "Mumbai"), ("ap-southeast", "Singapore"), ("ap-northeast", "Tokyo"),
        ("ap-east", "Hong Kong"), ("au-east", "Sydney"),
    ];

    /// <summary>The place a region was said to be at, else that of its city, else what its name tells; null when nothing does.</summary>
    public static RegionPlace? PlaceOf(ClusterRegion region)
    {
        if (region.Place is not { Latitude: 0, Longitude: 0 })
            return region.Place;
        return FindCity(region.Place.City) ?? FindCity(region.DisplayName) ?? FindCity(region.Name.Text) ?? FindByRegion(region.Name.Text);
    }

    private static RegionPlace? FindCity(string name) => Array.Find(s_cities, city => Plain(city.City) == Plain(name));

    private static RegionPlace? FindByRegion(string name)
    {
        var plain = name.ToLowerInvariant().TrimEnd('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Array.Find(s_regions, region => region.Region == plain) is { City: { } city } ? FindCity(city) : null;
    }

    private static string Plain(string name) => name.Replace(' ', '-').Replace('_', '-').ToLowerInvariant();
}
