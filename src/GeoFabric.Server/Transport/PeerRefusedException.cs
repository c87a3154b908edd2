namespace GeoFabric.Server.Transport;

/// <summary>A region does not deal with another one, and says why.</summary>
/// <param name="reason">A short word for counting.</param>
internal sealed class PeerRefusedException(string reason, string detail) : Exception(detail)
{
    public string Reason => reason;

    /// <summary>Whether the region that is refused has been removed from the cluster.</summary>
    public bool SaysRemoved { get; init; }
}
