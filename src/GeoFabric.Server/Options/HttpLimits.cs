namespace GeoFabric.Server.Options;

/// <summary>What one client may send.</summary>
public sealed record HttpLimits
{
    /// <summary>Largest request body; more answers 413.</summary>
    public long RequestBodyBytesMax { get; init; } = 64L << 20;

    public int RequestLineBytesMax { get; init; } = 16 << 10;

    public int HeaderBytesMax { get; init; } = 32 << 10;

    /// <summary>Connections at once; fewer when the process may not open so many files. More are closed at once.</summary>
    public long ConnectionsMax { get; init; } = 10_000;

    internal IEnumerable<string> Problems()
    {
        if (RequestBodyBytesMax is < 1024 or > 1L << 30)
            yield return $"largest request body {RequestBodyBytesMax}: give 1 KiB to 1 GiB";
        if (RequestLineBytesMax < 1024 || HeaderBytesMax < 1024)
            yield return "request line and headers need at least 1 KiB each";
        if (ConnectionsMax < 1)
            yield return "at least one connection is needed";
    }
}
