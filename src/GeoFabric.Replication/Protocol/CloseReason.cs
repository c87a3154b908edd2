namespace GeoFabric.Replication.Protocol;

/// <summary>Why a link is closed. Travels in the last frame: append only.</summary>
public enum CloseReason : byte
{
    /// <summary>Nothing came for too long.</summary>
    Silent = 1,

    /// <summary>A frame was damaged or malformed.</summary>
    BadFrame = 2,

    /// <summary>The peer is not who it should be, or speaks another version.</summary>
    NotAccepted = 3,

    /// <summary>One of the two does not know the other's configuration yet.</summary>
    EpochUnknown = 4,

    /// <summary>The peer's clock is too far ahead.</summary>
    ClockAhead = 5,

    /// <summary>The peer served records that cannot exist.</summary>
    Forged = 6,

    /// <summary>Positions have changed; the link has to begin anew.</summary>
    Restarting = 7,
}
