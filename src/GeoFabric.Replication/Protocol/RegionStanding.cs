namespace GeoFabric.Replication.Protocol;

/// <summary>What a region may do.</summary>
public enum RegionStanding
{
    /// <summary>It has not caught up with what others may rely on it to have seen: no writes, and reads are of an unfinished state.</summary>
    CatchingUp,

    /// <summary>Reads and writes.</summary>
    Live,

    /// <summary>Its clock is away from its peers': reads only.</summary>
    ClockAway,

    /// <summary>Its origin is being closed, or it is no member: reads only.</summary>
    Frozen,
}
