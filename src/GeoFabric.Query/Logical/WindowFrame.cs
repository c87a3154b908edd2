using System.Globalization;
using GeoFabric.Query.Builtins.Dates;

namespace GeoFabric.Query.Logical;

/// <summary>How far the frame of a WINDOW reaches on one side of the current row.</summary>
/// <param name="Amount">Rows, or units of the range value; not used with a duration. Infinite for "unbounded".</param>
/// <param name="Duration">The ISO 8601 duration as written, in frames over dates; null otherwise.</param>
public sealed record WindowBound(double Amount, string? Duration)
{
    public static WindowBound Current { get; } = new(0, null);

    public static WindowBound Unbounded { get; } = new(double.PositiveInfinity, null);

    public bool IsUnbounded => double.IsPositiveInfinity(Amount);

    internal DateDuration ParsedDuration { get; } = Duration is not null && DateDuration.TryParse(System.Text.Encoding.UTF8.GetBytes(Duration), out var parsed) ? parsed : default;

    public override string ToString() =>
        IsUnbounded ? "\"unbounded\"" : Duration is not null ? $"\"{Duration}\"" : Amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The rows around each row that a WINDOW aggregates.</summary>
/// <param name="IsDuration">Bounds are durations, and the range value is a date.</param>
public sealed record WindowFrame(WindowBound Preceding, WindowBound Following, bool IsDuration)
{
    public override string ToString() => $"{{preceding: {Preceding}, following: {Following}}}";
}
