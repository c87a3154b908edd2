using System.Net;
using GeoFabric.Primitives.Names;

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

    /// <summary>Name of this region. A data directory keeps the first one it is given and refuses another; null takes the one it has.</summary>
    public string? Region { get; init; }

    /// <summary>Number of this region in stamps and logs, for the first region of a cluster; the others are given theirs. Null: 1 with <see cref="Peers"/>, 0 on its own.</summary>
    public ushort? RegionId { get; init; }

    /// <summary>
    /// The file of <c>geofabric region add</c> that makes an empty data directory that of a region; null for a server on its own. Once it has, the file
    /// only matters when its certificate is newer.
    /// </summary>
    public string? JoinFile { get; init; }

    /// <summary>How it talks to other regions; null for a server on its own. The first region to start with it founds a cluster.</summary>
    public PeerOptions? Peers { get; init; }

    /// <summary>Where clients reach this region; null: at the address it listens on.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Threads that queries may use together, beside their own, to read big collections; null for all processors but one, 0 for none.</summary>
    public int? ScanHelpersMax { get; init; }

    public EnvironmentMark Environment { get; init; } = EnvironmentMark.None;

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
        if (Region is not null && !RegionName.TryParse(Region, out _))
            problems.Add($"region '{Region}': give a letter or digit, then up to {RegionName.LengthMax - 1} letters, digits, '-', '_' or '.'");
        if (ScanHelpersMax is < 0 or > 1024)
            problems.Add($"{ScanHelpersMax} threads to help queries: give a number from 0 (none) to 1024");
        if (RegionId == 0)
            problems.Add("region number 0: give a number from 1 to 65535");
        if (PublicUrl is not null && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"))
            problems.Add($"public URL '{PublicUrl}': give http://host:port or https://host:port");
        if (Peers is null && JoinFile is not null)
            problems.Add("a region of a cluster needs a port for the others; give --peer-port");
        if (Peers is not null && PublicUrl is null && Host is "0.0.0.0" or "::")
            problems.Add($"host '{Host}' is no address that clients can reach; say with --public-url where they find this region");
        problems.AddRange(Peers?.Problems() ?? []);
        problems.AddRange(Environment.Problems());
        problems.AddRange(Login.Problems());
        problems.AddRange(Limits.Problems());
        return problems;
    }
}
