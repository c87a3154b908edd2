namespace GeoFabric.Benchmarks;

internal static class Medians
{
    public static double Of(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
