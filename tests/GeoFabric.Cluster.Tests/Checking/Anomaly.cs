namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>One finding.</summary>
/// <param name="Explanation">Several lines: why it is one, and the transactions it takes to see that.</param>
internal sealed record Anomaly(AnomalyKind Kind, string Explanation)
{
    public override string ToString() => $"{NameOf(Kind)}: {Explanation}";

    /// <summary>The name people write: "thin-air read", "read your writes".</summary>
    public static string NameOf(AnomalyKind kind)
    {
        if (kind == AnomalyKind.ThinAirRead)
            return "thin-air read";
        var words = kind.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}");
        return string.Concat(words).Replace("non ", "non-", StringComparison.Ordinal);
    }
}
