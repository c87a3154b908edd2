namespace GeoFabric.Replication.Protocol;

/// <summary>What an operator should hear of. Raised when it begins, once.</summary>
public enum AlarmKind
{
    /// <summary>A peer's clock is too far ahead; nothing is taken from it until that ends.</summary>
    ClockQuarantine,

    /// <summary>This region's clock is away from those of its peers; it accepts no writes.</summary>
    ClockAway,

    /// <summary>A peer served records that cannot exist.</summary>
    ForgedRecords,

    /// <summary>This region applied more of an origin than the configuration lets it have; it has to be rebuilt.</summary>
    AppliedBeyondEnd,

    /// <summary>No peer can serve what this region lacks, and none can give it a snapshot.</summary>
    NoDonor,

    /// <summary>This region was removed, or another incarnation of it was admitted.</summary>
    NotAMember,
}
