namespace GeoFabric.Cluster.Tests.Simulation;

internal enum Continent
{
    Africa,
    America,
    Asia,
    Europe,
    Oceania,
}

/// <summary>A place where a region may be; its number is its place in the list, from 1.</summary>
internal sealed record City(string Name, double Latitude, double Longitude, Continent Continent)
{
    private const double EarthRadius = 6371;

    /// <summary>Kilometres a millisecond in fibre.</summary>
    private const double Speed = 200;

    /// <summary>How much longer cables are than great circles.</summary>
    private const double Detour = 1.5;

    /// <summary>Those that come first lie far apart, so that any number of them from the start spans the world.</summary>
    public static IReadOnlyList<City> All { get; } =
    [
        new("New York", 40.7, -74.0, Continent.America),
        new("London", 51.5, -0.1, Continent.Europe),
        new("Singapore", 1.3, 103.8, Continent.Asia),
        new("Frankfurt", 50.1, 8.7, Continent.Europe),
        new("Tokyo", 35.7, 139.7, Continent.Asia),
        new("Sydney", -33.9, 151.2, Continent.Oceania),
        new("Sao Paulo", -23.6, -46.6, Continent.America),
        new("San Francisco", 37.8, -122.4, Continent.America),
        new("Mumbai", 19.1, 72.9, Continent.Asia),
        new("Johannesburg", -26.2, 28.0, Continent.Africa),
        new("Dublin", 53.3, -6.3, Continent.Europe),
        new("Toronto", 43.7, -79.4, Continent.America),
        new("Seoul", 37.6, 127.0, Continent.Asia),
        new("Stockholm", 59.3, 18.1, Continent.Europe),
        new("Dallas", 32.8, -96.8, Continent.America),
        new("Hong Kong", 22.3, 114.2, Continent.Asia),
        new("Madrid", 40.4, -3.7, Continent.Europe),
        new("Chicago", 41.9, -87.6, Continent.America),
        new("Dubai", 25.2, 55.3, Continent.Asia),
        new("Paris", 48.9, 2.4, Continent.Europe),
        new("Santiago", -33.4, -70.7, Continent.America),
        new("Jakarta", -6.2, 106.8, Continent.Asia),
        new("Milan", 45.5, 9.2, Continent.Europe),
        new("Lagos", 6.5, 3.4, Continent.Africa),
        new("Seattle", 47.6, -122.3, Continent.America),
        new("Amsterdam", 52.4, 4.9, Continent.Europe),
        new("Los Angeles", 34.1, -118.2, Continent.America),
        new("Osaka", 34.7, 135.5, Continent.Asia),
        new("Warsaw", 52.2, 21.0, Continent.Europe),
        new("Bogota", 4.7, -74.1, Continent.America),
        new("Delhi", 28.6, 77.2, Continent.Asia),
        new("Nairobi", -1.3, 36.8, Continent.Africa),
        new("Melbourne", -37.8, 145.0, Continent.Oceania),
        new("Zurich", 47.4, 8.5, Continent.Europe),
        new("Miami", 25.8, -80.2, Continent.America),
        new("Bangkok", 13.8, 100.5, Continent.Asia),
        new("Vienna", 48.2, 16.4, Continent.Europe),
        new("Mexico City", 19.4, -99.1, Continent.America),
        new("Cairo", 30.0, 31.2, Continent.Africa),
        new("Taipei", 25.0, 121.6, Continent.Asia),
        new("Oslo", 59.9, 10.8, Continent.Europe),
        new("Denver", 39.7, -105.0, Continent.America),
        new("Manila", 14.6, 121.0, Continent.Asia),
        new("Lisbon", 38.7, -9.1, Continent.Europe),
        new("Buenos Aires", -34.6, -58.4, Continent.America),
        new("Auckland", -36.8, 174.8, Continent.Oceania),
        new("Copenhagen", 55.7, 12.6, Continent.Europe),
        new("Atlanta", 33.7, -84.4, Continent.America),
        new("Chennai", 13.1, 80.3, Continent.Asia),
        new("Helsinki", 60.2, 24.9, Continent.Europe),
        new("Lima", -12.0, -77.0, Continent.America),
        new("Istanbul", 41.0, 29.0, Continent.Europe),
        new("Kuala Lumpur", 3.1, 101.7, Continent.Asia),
        new("Cape Town", -33.9, 18.4, Continent.Africa),
        new("Montreal", 45.5, -73.6, Continent.America),
        new("Berlin", 52.5, 13.4, Continent.Europe),
        new("Perth", -31.9, 115.9, Continent.Oceania),
        new("Prague", 50.1, 14.4, Continent.Europe),
        new("Phoenix", 33.4, -112.1, Continent.America),
        new("Hanoi", 21.0, 105.8, Continent.Asia),
        new("Rome", 41.9, 12.5, Continent.Europe),
        new("Vancouver", 49.3, -123.1, Continent.America),
        new("Riyadh", 24.7, 46.7, Continent.Asia),
        new("Athens", 38.0, 23.7, Continent.Europe),
        new("Caracas", 10.5, -66.9, Continent.America),
        new("Accra", 5.6, -0.2, Continent.Africa),
        new("Brisbane", -27.5, 153.0, Continent.Oceania),
        new("Brussels", 50.8, 4.4, Continent.Europe),
        new("Boston", 42.4, -71.1, Continent.America),
        new("Karachi", 24.9, 67.0, Continent.Asia),
        new("Bucharest", 44.4, 26.1, Continent.Europe),
        new("Minneapolis", 45.0, -93.3, Continent.America),
        new("Dhaka", 23.8, 90.4, Continent.Asia),
        new("Budapest", 47.5, 19.0, Continent.Europe),
        new("Quito", -0.2, -78.5, Continent.America),
        new("Tel Aviv", 32.1, 34.8, Continent.Asia),
        new("Manchester", 53.5, -2.2, Continent.Europe),
        new("Salt Lake City", 40.8, -111.9, Continent.America),
        new("Colombo", 6.9, 79.9, Continent.Asia),
        new("Barcelona", 41.4, 2.2, Continent.Europe),
        new("Rio de Janeiro", -22.9, -43.2, Continent.America),
        new("Casablanca", 33.6, -7.6, Continent.Africa),
        new("Adelaide", -34.9, 138.6, Continent.Oceania),
        new("Kyiv", 50.5, 30.5, Continent.Europe),
        new("Philadelphia", 40.0, -75.2, Continent.America),
        new("Bengaluru", 13.0, 77.6, Continent.Asia),
        new("Marseille", 43.3, 5.4, Continent.Europe),
        new("Portland", 45.5, -122.7, Continent.America),
        new("Fukuoka", 33.6, 130.4, Continent.Asia),
        new("Munich", 48.1, 11.6, Continent.Europe),
        new("Panama City", 9.0, -79.5, Continent.America),
        new("Tunis", 36.8, 10.2, Continent.Africa),
        new("Christchurch", -43.5, 172.6, Continent.Oceania),
        new("Hamburg", 53.6, 10.0, Continent.Europe),
        new("Houston", 29.8, -95.4, Continent.America),
        new("Hyderabad", 17.4, 78.5, Continent.Asia),
        new("Edinburgh", 56.0, -3.2, Continent.Europe),
        new("Washington", 38.9, -77.0, Continent.America),
        new("Tallinn", 59.4, 24.7, Continent.Europe),
        new("Riga", 56.9, 24.1, Continent.Europe),
    ];

    /// <summary>One way: the cable, and a millisecond of equipment.</summary>
    public TimeSpan DelayTo(City other)
    {
        var (latitude, longitude) = (Radians(other.Latitude - Latitude) / 2, Radians(other.Longitude - Longitude) / 2);
        var chord = Math.Pow(Math.Sin(latitude), 2) + (Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Math.Pow(Math.Sin(longitude), 2));
        var kilometres = 2 * EarthRadius * Math.Asin(Math.Sqrt(chord));
        return TimeSpan.FromMilliseconds((Detour * kilometres / Speed) + 1);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
