using System.Collections.Immutable;
using System.Net;

namespace GeoFabric.Server.Options;

/// <summary>How this server talks to the other regions of its cluster: on a port of its own, which serves nobody else.</summary>
public sealed record PeerOptions
{
    public const int DefaultPort = 8530;

    public static readonly TimeSpan LinkDelayMax = TimeSpan.FromMinutes(1);

    /// <summary>Address to listen on for other regions.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Where other regions reach this one; null: at the address it listens on.</summary>
    public string? Url { get; init; }

    /// <summary>Without TLS: regions on one machine, for development. They still have to prove that they know the cluster's key.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Change records that every region has applied stay this long, for regions that are restored from a backup.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Bytes of change records a fabric keeps at most. Beyond it those go first that every region has, then those that more than half of them have: a region
    /// that is later than that gets a snapshot.
    /// </summary>
    public long LogBytesMax { get; init; } = 8L << 30;

    /// <summary>How often the logs are looked at.</summary>
    public TimeSpan LogTrimInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether links may be slowed down and cut by an administrator, for demonstrations.</summary>
    public bool AllowsFaults { get; init; }

    /// <summary>By name of region, how much later everything leaves for it: a wide area network on one machine.</summary>
    public IReadOnlyDictionary<string, TimeSpan> LinkDelays { get; init; } = ImmutableDictionary<string, TimeSpan>.Empty;

    internal IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    internal IEnumerable<string> Problems()
    {
        if (Port is < 0 or > 65535)
            yield return $"peer port {Port}: give a number from 0 to 65535";
        if (!IPAddress.TryParse(Host, out var address) && Host != "localhost")
            yield return $"peer host '{Host}': give an IP address or localhost";
        if (IsPlain && address is not null && !IPAddress.IsLoopback(address))
            yield return $"peer host '{Host}': links without TLS stay on this machine; give a loopback address";
        if (Url is null && address is not null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            yield return $"peer host '{Host}' is no address that others can reach; say with --peer-url where they find this region";
        foreach (var (region, delay) in LinkDelays.Where(entry => entry.Value < TimeSpan.Zero || entry.Value > LinkDelayMax))
            yield return $"delay of the link to '{region}' of {delay.TotalMilliseconds} ms: give 0 to {LinkDelayMax.TotalMilliseconds}";
        if (LinkDelays.Count > 0 && !AllowsFaults)
            yield return "links are delayed in demonstrations only; add --allow-faults";
        if (LogRetention < TimeSpan.Zero || LogBytesMax < 0)
            yield return $"log retention {LogRetention} and limit {LogBytesMax}: give no negative ones";
        if (LogTrimInterval <= TimeSpan.Zero)
            yield return $"log interval {LogTrimInterval}: give more than zero";
        var scheme = IsPlain ? "http" : "https";
        if (Url is not null && !(Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme == scheme && url.PathAndQuery == "/"))
            yield return $"peer URL '{Url}': give {scheme}://host:port";
    }
}
