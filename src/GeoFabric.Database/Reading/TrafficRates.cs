namespace GeoFabric.Database.Reading;

/// <summary>Documents read and written per second, of the last seconds.</summary>
public readonly record struct TrafficRates(double ReadsPerSecond, double WritesPerSecond)
{
    /// <summary>The whole seconds that rates are taken over.</summary>
    public const int SecondsCounted = 10;
}
