namespace GeoFabric.Server.Transport;

/// <summary>Why a link went down, or was never up.</summary>
public enum PeerCloseReason
{
    /// <summary>This server stops.</summary>
    Stopped,

    /// <summary>The receiver of the messages asked for it.</summary>
    Requested,

    /// <summary>The other side ended it.</summary>
    EndedByPeer,

    /// <summary>The connection broke, or could not be made.</summary>
    Broken,

    /// <summary>The other side refused it.</summary>
    Refused,

    /// <summary>A newer session of the same peer took its place.</summary>
    Replaced,

    /// <summary>A frame is longer than frames are; nothing was allocated for it.</summary>
    OversizeFrame,

    /// <summary>A frame fails its checksum or does not follow the one before it.</summary>
    DamagedFrame,

    /// <summary>The peer takes messages too slowly, and there is no room for more.</summary>
    QueueFull,

    /// <summary>A demonstration cut it.</summary>
    Cut,

    /// <summary>One of the two regions has failed or is no member.</summary>
    NotLive,

    /// <summary>Taking a message failed on this side.</summary>
    ReceiverFailed,
}
