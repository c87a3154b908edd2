namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A way in which <see cref="SimulatedStore"/> can be wrong, to see that the checkers notice.</summary>
internal enum SimulatedFault
{
    None,

    /// <summary>Records are applied as they come, before what they depend on.</summary>
    IgnoreDependencies,

    /// <summary>The writes of a transaction become visible one by one in other regions.</summary>
    TearTransactions,

    /// <summary>A session moves to a region that has not got its past yet.</summary>
    IgnoreTokens,

    /// <summary>The last write to arrive wins, whatever its stamp.</summary>
    ApplyByArrival,

    /// <summary>Refused transactions stay visible in their region.</summary>
    KeepRefused,

    /// <summary>Some acknowledged records reach no other region.</summary>
    DropRecords,

    /// <summary>A region's clock does not heed the stamps it has applied.</summary>
    ForgetClock,
}
