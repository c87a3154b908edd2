using System.Globalization;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Times in answers: ISO 8601 in UTC, to the millisecond.</summary>
internal static class TimeValue
{
    /// <param name="time">In UTC; null stays null.</param>
    public static Value Of(DateTimeOffset? time) =>
        time is { } at ? Value.FromString(at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) : Value.Null;

    /// <summary>Null for none at all.</summary>
    public static Value Of(HybridTimestamp time) => time == default ? Value.Null : Of(DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds));
}
