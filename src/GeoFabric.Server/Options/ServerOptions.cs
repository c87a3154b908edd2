using System.Net;

namespace GeoFabric.Server.Options;

/// <summary>Settings of one server process. Checked as a whole before anything starts, so all mistakes are reported together.</summary>
public sealed record ServerOptions
{
    public const int DefaultPort = 8529;

    /// <summary>Where everything is kept; null keeps it in memory, for tests.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Address to listen on. Plain HTTP is meant for this machine, so the default is loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Name of this region in headers and in the list of data centers.</summary>
    public string Region { get; init; } = "local";

    public LoginOptions Login { get; init; } = new();

    public HttpLimits Limits { get; init; } = new();

    /// <summary>What is wrong with the settings, all of it at once; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Port is < 0 or > 65535)
            problems.Add($"port {Port}: give a number from 0 to 65535");
        if (!IPAddress.TryParse(Host, out _) && Host != "localhost")
            problems.Add($"host '{Host}': give an IP address or localhost");
        if (Region.Length is 0 or > 63 || !Region.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            problems.Add($"region '{Region}': give 1 to 63 letters, digits, '-', '_' or '.'");
        problems.AddRange(Login.Problems());
        problems.AddRange(Limits.Problems());
        return problems;
    }
}
