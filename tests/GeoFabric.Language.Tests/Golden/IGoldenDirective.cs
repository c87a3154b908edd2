namespace GeoFabric.Language.Tests.Golden;

/// <summary>
/// What a directive line of a golden file does with its query. Every class of this assembly that implements it and has a constructor
/// without parameters is found by <see cref="GoldenDirectives"/>.
/// </summary>
public interface IGoldenDirective
{
    /// <summary>The word the directive line starts with.</summary>
    string Name { get; }

    /// <summary>Runs the case and returns what is compared with its expected text: lines without blank ones and without a line end at the end.</summary>
    /// <exception cref="Exception">Whatever else is wrong; xunit assertions are welcome.</exception>
    Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken);
}
