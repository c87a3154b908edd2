using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Catalog;

/// <summary>
/// The regions of a cluster and which of them is home, where configuration is written. Immutable and pure: every change gives the next state, with a
/// later epoch, or a refusal.
/// </summary>
/// <param name="ClusterId">Stands in certificates, so that regions of two clusters never take each other for members.</param>
/// <param name="Home">The region that writes configuration and leads strongly consistent writes of fabrics that name no other.</param>
/// <param name="LastRegionId">Largest number ever given to a region.</param>
/// <param name="Regions">By number, also removed ones, whose numbers stay theirs.</param>
public sealed record ClusterConfiguration(
    string ClusterId, ClusterEpoch Epoch, ushort Home, ushort LastRegionId, ImmutableSortedDictionary<ushort, ClusterRegion> Regions)
{
    /// <summary>
    /// A region that takes over by force may not have heard of the last regions its predecessor admitted. Their numbers are skipped: given twice,
    /// two regions would write the same stamps.
    /// </summary>
    private const int RegionIdsSkipped = 16;

    private const int GroupsMax = 1000;

    /// <summary>Named sets of regions, by name. They never change: what a collection was promised stays so.</summary>
    public ImmutableSortedDictionary<string, ChangeScope> Groups { get; init; } = ImmutableSortedDictionary.Create<string, ChangeScope>(StringComparer.Ordinal);

    public ClusterRegion HomeRegion => Regions[Home];

    /// <summary>Live and failed regions, by number.</summary>
    public IEnumerable<ClusterRegion> Members => Regions.Values.Where(region => region.IsMember);

    /// <summary>A cluster of one region, its home.</summary>
    public static ClusterConfiguration Found(string clusterId, ClusterRegion home) =>
        new(clusterId, ClusterEpoch.First, home.Id, home.Id, ImmutableSortedDictionary<ushort, ClusterRegion>.Empty.Add(home.Id, home));

    public bool TryGetRegion(string name, [MaybeNullWhen(false)] out ClusterRegion region)
    {
        region = Regions.Values.FirstOrDefault(candidate => candidate.Name.Text == name);
        return region is not null;
    }

    /// <exception cref="GeoFabricException">102024.</exception>
    public ClusterRegion GetRegion(string name) => TryGetRegion(name, out var region)
        ? region
        : throw ErrorCodes.DatacenterNotFound.With($"'{name}'; the regions are {string.Join(", ", Members.Select(member => member.Name))}");

    /// <summary>Admits a region under a new number, or one that was removed under its old number and a new incarnation.</summary>
    /// <exception cref="GeoFabricException">1207 when a member has the name, 32 when the numbers are used up.</exception>
    public ClusterConfiguration Admit(RegionName name, Func<ClusterRegion, ClusterRegion> describe)
    {
        if (TryGetRegion(name.Text, out var known))
        {
            if (known.IsMember)
                throw ErrorCodes.DuplicateName.With($"region '{name}' is a member already; remove it first if its data is lost");
            if (known.Incarnation == byte.MaxValue)
                throw ErrorCodes.ResourceLimit.With($"region '{name}' has come back {byte.MaxValue} times; give it another name");
            return With(describe(ClusterRegion.Of(known.Id, name, (byte)(known.Incarnation + 1))) with { AdmittedIn = Epoch.Next(), Closed = known.Closed });
        }
        if (LastRegionId == ushort.MaxValue)
            throw ErrorCodes.ResourceLimit.With("all region numbers have been given out");
        var id = (ushort)(LastRegionId + 1);
        return With(describe(ClusterRegion.Of(id, name)) with { AdmittedIn = Epoch.Next() }) with { LastRegionId = id };
    }

    /// <summary>Changes what is said about a member, but not who it is or what state it is in.</summary>
    public ClusterConfiguration Describe(string name, Func<ClusterRegion, ClusterRegion> change)
    {
        var region = GetMember(name);
        var changed = change(region) with { Id = region.Id, Name = region.Name, Incarnation = region.Incarnation, State = region.State };
        changed = changed with { AdmittedIn = region.AdmittedIn, IsFrozen = region.IsFrozen, Closed = region.Closed };
        return changed == region ? this : With(changed);
    }

    /// <summary>Takes a live region out of service.</summary>
    public ClusterConfiguration Fail(string name) => Move(name, RegionState.Live, RegionState.Failed, "has failed already");

    /// <summary>Takes a failed region back into service.</summary>
    public ClusterConfiguration Heal(string name) => Move(name, RegionState.Failed, RegionState.Live, "is live");

    /// <summary>Begins a region's removal: from this epoch on members accept nothing more that it writes, so what they hold of it is final.</summary>
    /// <exception cref="GeoFabricException">1454 for the home and for a region that is no member.</exception>
    public ClusterConfiguration Freeze(string name)
    {
        var region = GetMember(name);
        if (region.Id == Home)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' is the home region; promote another region first");
        return region.IsFrozen ? this : With(region with { IsFrozen = true });
    }

    /// <summary>Ends a frozen region's membership.</summary>
    /// <param name="lastSequences">The last record of its log that any member holds, by fabric.</param>
    /// <param name="earlier">Logs that had ended before and end earlier now, since the last copy of their last records is lost with this region; by fabric.</param>
    public ClusterConfiguration Remove(
        string name, ImmutableSortedDictionary<uint, ulong> lastSequences, IReadOnlyDictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>>? earlier = null)
    {
        var region = GetMember(name);
        if (!region.IsFrozen)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' is not frozen; what it still writes would be lost");
        var removed = With(region with
        {
            State = RegionState.Removed,
            CertificateSerials = [],
            Closed = region.Closed.Add(new ClosedIncarnation(region.Incarnation, lastSequences)),
        });
        return earlier is null ? removed : removed with { Regions = removed.Regions.SetItems(removed.Regions.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.EndEarlier(earlier)))) };
    }

    /// <summary>Names a set of regions.</summary>
    /// <exception cref="GeoFabricException">1208 for a bad name, 1207 when it is taken, 102024 for an unknown region, 1454 for one that cannot be in a set.</exception>
    public ClusterConfiguration AddGroup(string name, IReadOnlyCollection<string> regions)
    {
        if (!RegionName.TryParse(name, out _))
            throw ErrorCodes.IllegalName.With($"group '{name}'; give a letter or digit, then up to {RegionName.LengthMax - 1} letters, digits, '-', '_' or '.'");
        if (Groups.ContainsKey(name))
            throw ErrorCodes.DuplicateName.With($"group '{name}' is there already, and a group never changes; give it another name");
        if (Groups.Count == GroupsMax)
            throw ErrorCodes.ResourceLimit.With($"there are {GroupsMax} groups already");
        if (regions.Count == 0)
            throw ErrorCodes.BadParameter.With($"group '{name}' has no regions");
        return this with { Epoch = Epoch.Next(), Groups = Groups.Add(name, ScopeOf(regions)) };
    }

    /// <summary>The scope of some regions.</summary>
    /// <exception cref="GeoFabricException">102024 for an unknown one, 1454 for one that cannot be in a set.</exception>
    public ChangeScope ScopeOf(IEnumerable<string> regions) => ChangeScope.Of(regions.Select(text => GetMember(text) is { Id: <= ChangeScope.RegionMax } region
        ? region.Id
        : throw ErrorCodes.RegionStateConflict.With($"'{text}' has a number above {ChangeScope.RegionMax}; only regions up to that number can be named one by one")));

    /// <summary>Makes a live region the home. Its reign is a new term, so nothing written under the old one counts against it.</summary>
    /// <exception cref="GeoFabricException">1454 unless it is live and may lead strong writes.</exception>
    public ClusterConfiguration Promote(string name)
    {
        var region = GetMember(name);
        if (region.Id == Home)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' is the home region already");
        if (region.State != RegionState.Live)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' has failed; heal it before it becomes the home");
        if (region.IsFrozen)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' is being removed");
        if (!region.IsSpot)
            throw ErrorCodes.RegionStateConflict.With($"'{name}' may not lead strong writes; make it a spot region first");
        return this with { Home = region.Id, Epoch = Epoch.NextTerm(), LastRegionId = (ushort)Math.Min(LastRegionId + RegionIdsSkipped, ushort.MaxValue) };
    }

    /// <summary>Members and home make sense together. Checked on whatever comes from outside.</summary>
    internal bool IsSound() =>
        ClusterId.Length > 0
        && Epoch.Term > 0
        && Regions.TryGetValue(Home, out var home)
        && home.IsMember
        && Regions.All(entry => entry.Key == entry.Value.Id && entry.Key <= LastRegionId)
        && Regions.Values.Select(region => region.Name).Distinct().Count() == Regions.Count;

    private ClusterRegion GetMember(string name)
    {
        var region = GetRegion(name);
        return region.IsMember ? region : throw ErrorCodes.RegionStateConflict.With($"'{name}' was removed; add it again to let it come back");
    }

    private ClusterConfiguration Move(string name, RegionState from, RegionState to, string otherwise)
    {
        var region = GetMember(name);
        return region.State == from ? With(region with { State = to }) : throw ErrorCodes.RegionStateConflict.With($"'{name}' {otherwise}");
    }

    private ClusterConfiguration With(ClusterRegion region) => this with { Epoch = Epoch.Next(), Regions = Regions.SetItem(region.Id, region) };
}
