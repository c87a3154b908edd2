namespace GeoFabric.Benchmarks.Regions;

/// <summary>What regions cost, measured side by side in one process: on a busy machine only ratios and processor time mean something.</summary>
internal static class RegionFigures
{
    private static readonly (string Name, Func<TextWriter, Task> PrintAsync)[] s_figures =
    [
        ("apply", ApplyFigure.PrintAsync),
        ("write", WriteFigure.PrintAsync),
        ("wire", WireFigure.PrintAsync),
        ("read", ReadFigure.PrintAsync),
        ("visibility", VisibilityFigure.PrintAsync),
    ];

    /// <param name="names">Which; all when there are none.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> PrintAsync(TextWriter output, IReadOnlyList<string> names)
    {
        if (names.Except(s_figures.Select(figure => figure.Name)).FirstOrDefault() is { } unknown)
        {
            await output.WriteLineAsync($"there is no figure '{unknown}', only {string.Join(", ", s_figures.Select(figure => figure.Name))}");
            return 2;
        }
        foreach (var (name, print) in s_figures)
        {
            if (names.Count == 0 || names.Contains(name))
                await print(output);
        }
        return 0;
    }
}
