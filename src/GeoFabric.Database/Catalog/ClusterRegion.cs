using System.Collections.Immutable;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Catalog;

/// <summary>What the operators say about a region. Persisted: append only.</summary>
public enum RegionState : byte
{
    /// <summary>It serves clients and exchanges changes.</summary>
    Live = 1,

    /// <summary>Taken out of service: it serves no clients and exchanges nothing, and the others wait for its return with forgetting metadata.</summary>
    Failed = 2,

    /// <summary>No member any more; only a new incarnation may come back.</summary>
    Removed = 3,
}

/// <summary>Where a region is, as people see it.</summary>
/// <param name="CountryCode">Two letters, or empty.</param>
public sealed record RegionPlace(string City, string CountryCode, string Country, double Latitude, double Longitude)
{
    public static RegionPlace Unknown { get; } = new("", "", "", 0, 0);
}

/// <summary>An incarnation of a region whose log has ended.</summary>
/// <param name="LastSequences">The last record of it that counts, by fabric: what any member holds. Nothing beyond is accepted from anybody.</param>
public sealed record ClosedIncarnation(byte Incarnation, ImmutableSortedDictionary<uint, ulong> LastSequences);

/// <summary>A member of a cluster.</summary>
/// <param name="Id">Its number in stamps and logs; given once, never reused.</param>
/// <param name="DisplayName">What people call it; its name when nobody said.</param>
/// <param name="PublicUrl">Where clients, and regions that forward for them, reach it; empty until it has said so.</param>
/// <param name="PeerUrl">Where the other regions reach it; empty until it has said so.</param>
/// <param name="IsSpot">Whether it may lead strongly consistent writes.</param>
/// <param name="CertificateSerials">Serial numbers of its certificates that count, the newest last; two while one replaces the other.</param>
/// <param name="AdmittedIn">The epoch that admitted this incarnation; none for the region that founded the cluster.</param>
/// <param name="IsFrozen">Its removal has begun: members accept nothing more that it writes, so that they can agree where its log ends.</param>
/// <param name="Closed">Its earlier incarnations, oldest first, and the last one too once it is removed.</param>
public sealed record ClusterRegion(
    ushort Id,
    RegionName Name,
    string DisplayName,
    RegionPlace Place,
    string PublicUrl,
    string PeerUrl,
    byte Incarnation,
    RegionState State,
    bool IsSpot,
    ImmutableArray<string> CertificateSerials,
    ClusterEpoch AdmittedIn,
    bool IsFrozen,
    ImmutableArray<ClosedIncarnation> Closed)
{
    /// <summary>A member that has not said yet where it can be reached.</summary>
    public static ClusterRegion Of(ushort id, RegionName name, byte incarnation = 0) => new(
        id, name, name.Text, RegionPlace.Unknown, "", "", incarnation, RegionState.Live, IsSpot: true, [], default, IsFrozen: false, []);

    /// <summary>Live or failed: whatever it wrote counts, and it may come back as it is.</summary>
    public bool IsMember => State != RegionState.Removed;

    /// <summary>The same with other ends of logs that have ended.</summary>
    internal ClusterRegion EndEarlier(IReadOnlyDictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>> ends) => this with
    {
        Closed = [.. Closed.Select(closed => ends.TryGetValue(new ChangeOrigin(Id, closed.Incarnation), out var changed)
            ? closed with { LastSequences = closed.LastSequences.SetItems(changed) }
            : closed)],
    };
}
