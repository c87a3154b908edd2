namespace GeoFabric.Replication.Protocol;

/// <summary>Why something that came from a peer was not taken. Nothing is changed by what is refused.</summary>
public enum RefusalReason
{
    /// <summary>A frame is cut, too long, or fails its checksum.</summary>
    DamagedFrame,

    /// <summary>A frame has the right checksum, but not the structure of its kind.</summary>
    MalformedFrame,

    /// <summary>A kind of frame that this version does not know; skipped.</summary>
    UnknownKind,

    /// <summary>Something came before the peer said who it is.</summary>
    NotGreeted,

    /// <summary>The peer is not the region or incarnation it should be, or not a member.</summary>
    ForeignIdentity,

    /// <summary>The peer speaks another version of the protocol.</summary>
    UnknownVersion,

    /// <summary>The peer or its records are of a configuration that is not known here yet.</summary>
    UnknownEpoch,

    /// <summary>Records of an origin that the configuration does not have.</summary>
    UnknownOrigin,

    /// <summary>Records that this region is said to have written, and has not.</summary>
    ForgedOwnRecord,

    /// <summary>Records of an origin behind the end that the configuration gives it, or of a frozen region.</summary>
    ClosedOrigin,

    /// <summary>A record does not follow the one before it in time.</summary>
    OutOfOrder,

    /// <summary>A record at or before what everybody is said to have: it can only be forged, or stability is broken.</summary>
    BelowStable,

    /// <summary>The peer or a record is too far ahead of this region's clock.</summary>
    ClockAhead,

    /// <summary>No room for a record that has to wait; it is pulled again later.</summary>
    NoRoom,
}
