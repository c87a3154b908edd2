using GeoFabric.Primitives.Clocks;
using GeoFabric.Server.Cluster;

namespace GeoFabric.Server.Consistency;

/// <summary>Whether a region can serve what it is asked for.</summary>
internal enum RegionReadiness
{
    Ready,

    /// <summary>It has not caught up with what others rely on it to have seen: reads are of an unfinished state, and nothing is written.</summary>
    CatchingUp,

    /// <summary>Its clock is away from those of the others: it reads, and writes nothing.</summary>
    ClockAway,

    /// <summary>It is being removed: it reads, and writes nothing.</summary>
    Frozen,

    /// <summary>The others have removed it: it reads, and writes nothing any more.</summary>
    Removed,
}

/// <summary>What replication tells the rest of the server.</summary>
/// <remarks>Thread-safe. Replication itself implements it; a server without regions has <see cref="NoReplication"/>.</remarks>
internal interface IReplicationView
{
    RegionReadiness Readiness { get; }

    FabricPositions ReadPositions(uint fabricId);

    /// <summary>Waits until the positions of a fabric are others than <paramref name="seen"/>; ends at once when they are already.</summary>
    Task WaitForChangeAsync(uint fabricId, FabricPositions seen, CancellationToken cancellationToken);

    /// <summary>How far this region's copies are behind a region: the longest of all fabrics; null when nothing was heard of it.</summary>
    TimeSpan? LagBehind(ushort region);

    /// <summary>Every fabric that is replicated, with its links, in the order of their ids.</summary>
    Task<IReadOnlyList<FabricLinks>> ReadLinksAsync();

    /// <summary>Whether a region has what was written here at a timestamp, and since when.</summary>
    Arrival FindArrival(uint fabricId, ushort region, HybridTimestamp written);

    /// <summary>Waits until another region has applied all that this one has written, so that it can go on in its place.</summary>
    /// <exception cref="OperationCanceledException">It did not come to that.</exception>
    Task DrainAsync(ushort target, CancellationToken cancellationToken);

    /// <summary>Accepts no more writes here for a while and waits until every other region in service has applied what was written: before this one leaves.</summary>
    /// <exception cref="OperationCanceledException">It did not come to that.</exception>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>Waits until this region holds all that one that is about to leave has of logs that have ended: there may be no other copy.</summary>
    /// <exception cref="OperationCanceledException">It did not come to that.</exception>
    Task TakeOverAsync(ushort region, CancellationToken cancellationToken);

    /// <summary>Agrees with the members where the log of a frozen region ends.</summary>
    /// <param name="isGone">The region itself cannot be asked any more.</param>
    Task<LogEnds> CloseAsync(ushort region, bool isGone, CancellationToken cancellationToken);
}
