namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What a checker can find. Names of the literature where there is one.</summary>
internal enum AnomalyKind
{
    /// <summary>A value was read that nobody wrote.</summary>
    ThinAirRead,

    /// <summary>A value was read whose transaction was refused.</summary>
    AbortedRead,

    /// <summary>A value was read that its own transaction overwrote.</summary>
    IntermediateRead,

    /// <summary>A value was read before it was written: later in the same transaction, or called after the reader had its answer.</summary>
    FutureRead,

    /// <summary>A transaction did not read what it had itself written before.</summary>
    OwnWriteMissed,

    /// <summary>A transaction read one key twice and found two versions.</summary>
    NonRepeatableRead,

    /// <summary>A transaction saw one write of another and missed a second one of it.</summary>
    FracturedRead,

    /// <summary>A session read from a transaction and in a later one missed a write of it. Inside one transaction this is a <see cref="FracturedRead"/>, in whatever order it read.</summary>
    NonMonotonicRead,

    /// <summary>No commit order agrees with what happened before what.</summary>
    CausalityViolation,

    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,

    /// <summary>The answer's token does not cover the request's.</summary>
    TokenShrank,

    /// <summary>The client sent a token older than the one it had got.</summary>
    TokenNotCarried,

    /// <summary>The answer's token does not cover what the transaction itself wrote or read.</summary>
    TokenIncomplete,

    /// <summary>A version was read that is older than one the request's token covered.</summary>
    TokenIgnored,

    /// <summary>An effect carries a stamp that is not larger than its cause's.</summary>
    StampInversion,

    /// <summary>A read missed a write that was acknowledged longer ago than allowed.</summary>
    StaleRead,

    /// <summary>An acknowledged write is nowhere: not present, overwritten, journalled or deleted.</summary>
    LostWrite,

    /// <summary>The final state holds the value of a refused write, or one that nobody wrote.</summary>
    UnwrittenValue,

    /// <summary>Two regions ended with different states.</summary>
    Divergence,

    /// <summary>A counter differs from what its increments allow.</summary>
    InexactCounter,

    /// <summary>No order of the operations within their calls explains the answers.</summary>
    NotLinearizable,
}
