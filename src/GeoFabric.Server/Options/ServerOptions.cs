namespace GeoFabric.Server.Options;

/// <summary>Settings of one server process.</summary>
public sealed record ServerOptions
{
    public const int DefaultPort = 8529;

    /// <summary>Where everything is kept; null keeps it in memory, for tests.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Address to listen on. Plain HTTP is meant for this machine, so the default is loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Password of root at the first start; null makes one up and prints it once.</summary>
    public string? RootPassword { get; init; }

    /// <summary>Name of this region in headers and in the list of data centers.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Largest request body in bytes.</summary>
    public long RequestBodyBytesMax { get; init; } = 64L << 20;

    /// <summary>Life of a session token; at most 24 hours.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>What is wrong with the settings, all of it at once.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Port is < 0 or > 65535)
            problems.Add($"port {Port}: give a number from 0 to 65535");
        if (!System.Net.IPAddress.TryParse(Host, out _) && Host != "localhost")
            problems.Add($"host '{Host}': give an IP address or localhost");
        if (RootPassword is { Length: < 4 })
            problems.Add("the root password is shorter than 4 characters");
        if (TokenLifetime <= TimeSpan.Zero || TokenLifetime > TimeSpan.FromHours(24))
            problems.Add($"token lifetime {TokenLifetime}: give more than zero and at most 24 hours");
        return problems;
    }
}
