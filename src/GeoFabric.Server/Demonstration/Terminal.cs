namespace GeoFabric.Server.Demonstration;

/// <summary>Emphasis where it is seen: plain text when the output is a file or a pipe, or when NO_COLOR asks for it.</summary>
internal sealed class Terminal(bool hasColours)
{
    private const string Reset = "\e[0m";

    /// <summary>The standard output of this process.</summary>
    public static Terminal Standard { get; } = new(
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    public string Bold(string text) => Write("\e[1m", text);

    public string Faint(string text) => Write("\e[2m", text);

    /// <summary>Something to look into: amber.</summary>
    public string Warn(string text) => Write("\e[33m", text);

    public string Link(string address) => Write("\e[36m", address);

    private string Write(string sequence, string text) => hasColours ? sequence + text + Reset : text;
}
