namespace GeoFabric.Server.Options;

/// <summary>What the console shows beside the region on every page, so that nobody takes production for a test.</summary>
/// <param name="Label">Such as "production"; empty for none.</param>
/// <param name="Color">One of <see cref="Colors"/>.</param>
public sealed record EnvironmentMark(string Label, string Color)
{
    public const string DefaultColor = "grey";

    private const int LabelLengthMax = 24;

    /// <summary>The colours there are; the console has a tone of each for light and for dark.</summary>
    public static readonly IReadOnlyList<string> Colors = ["red", "orange", "green", "blue", DefaultColor];

    public static EnvironmentMark None { get; } = new("", DefaultColor);

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public IEnumerable<string> Problems()
    {
        if (Label.Length > LabelLengthMax || Label.Any(char.IsControl))
            yield return $"label '{Label}': give up to {LabelLengthMax} characters on one line";
        if (!Colors.Contains(Color))
            yield return $"colour '{Color}' of the label: give one of {string.Join(", ", Colors)}";
        else if (Label.Length == 0 && Color != DefaultColor)
            yield return $"colour '{Color}' of the label: there is no label; give one with --label";
    }
}
