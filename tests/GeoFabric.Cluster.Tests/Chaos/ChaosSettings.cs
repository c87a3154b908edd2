using System.Collections.Immutable;
using System.Globalization;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>What a run is to be like.</summary>
/// <param name="Load">How long clients write and faults happen; what comes before and after takes as long as it takes.</param>
/// <param name="Faults">The kinds that happen.</param>
internal sealed record ChaosSettings(TimeSpan Load, int Regions, int Seed, ImmutableArray<ChaosFault> Faults)
{
    private const int DefaultSeconds = 45;

    /// <summary>From GEOFABRIC_CHAOS_SECONDS, GEOFABRIC_CHAOS_REGIONS, GEOFABRIC_CHAOS_SEED and GEOFABRIC_CHAOS_FAULTS, kinds with commas between them.</summary>
    public static ChaosSettings FromEnvironment() => new(
        TimeSpan.FromSeconds(Number("SECONDS", DefaultSeconds)), Number("REGIONS", 3), Number("SEED", Environment.TickCount & int.MaxValue),
        Text("FAULTS") is { Length: > 0 } kinds ? [.. kinds.Split(',').Select(Enum.Parse<ChaosFault>)] : [.. Enum.GetValues<ChaosFault>()]);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"--seconds {Load.TotalSeconds:0} --regions {Regions} --seed {Seed}");

    private static int Number(string name, int otherwise) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string? Text(string name) => Environment.GetEnvironmentVariable($"GEOFABRIC_CHAOS_{name}");
}
