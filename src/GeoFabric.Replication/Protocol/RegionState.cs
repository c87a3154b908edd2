using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Protocol;

/// <summary>What a region's storage remembers, from which its core begins.</summary>
/// <param name="Origin">The region and the incarnation it writes under.</param>
/// <param name="Applied">Persisted in the storage transactions that apply records.</param>
/// <param name="LastSequence">Of its own log under this incarnation. It is further than <paramref name="Applied"/> says while own records are replayed on a snapshot.</param>
/// <param name="Stable">The last one handed out that something was forgotten under.</param>
/// <param name="IsEstablished">Whether this incarnation has been <see cref="RegionStanding.Live"/> and no snapshot was begun since.</param>
/// <param name="Target">What it has to catch up with, when a snapshot has been installed and is not caught up yet.</param>
/// <param name="SnapshotToken">Where an unfinished snapshot goes on; null when none is under way.</param>
public sealed record RegionState(
    ChangeOrigin Origin,
    AppliedVector Applied,
    ulong LastSequence,
    HybridTimestamp Stable,
    bool IsEstablished,
    AppliedVector? Target = null,
    byte[]? SnapshotToken = null);
