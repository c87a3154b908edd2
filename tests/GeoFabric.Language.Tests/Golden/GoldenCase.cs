namespace GeoFabric.Language.Tests.Golden;

/// <summary>One case of a golden file: what to do, with which query, and what must come out.</summary>
/// <param name="Title">The comment lines above the case, joined; empty when there are none.</param>
/// <param name="Directive">First word of the directive line; <see cref="IGoldenDirective.Name"/> of what runs it.</param>
/// <param name="Arguments">The rest of the directive line.</param>
/// <param name="Settings">Lines <c>% name value</c> after the directive line, after those at the top of the file.</param>
/// <param name="Line">Line of the directive in the file, from 1.</param>
public sealed record GoldenCase(
    string Title, string Directive, string Arguments, IReadOnlyList<(string Name, string Value)> Settings, string Query, string Expected, string File, int Line)
{
    /// <summary>Every value of a setting, in order.</summary>
    public IEnumerable<string> SettingsOf(string name) => Settings.Where(setting => setting.Name == name).Select(setting => setting.Value);

    /// <summary>The last value of a setting, so that a case overrides its file; null without one.</summary>
    public string? Setting(string name) => SettingsOf(name).LastOrDefault();

    /// <summary>The value of an argument written as <c>name=value</c>, or null.</summary>
    public string? Argument(string name) =>
        Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(argument => argument.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
