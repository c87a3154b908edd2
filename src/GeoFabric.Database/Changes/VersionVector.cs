using System.Collections.Immutable;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Storage;

namespace GeoFabric.Database.Changes;

/// <summary>What a fabric's copy in this region holds: how far the log of each origin has been applied. Immutable.</summary>
/// <remarks>
/// Stored in the same transaction as the effects of the records, so a kill leaves both or neither, and a record is never applied twice. The own
/// origin's position tells the context its log has told so far.
/// </remarks>
public sealed class VersionVector
{
    private readonly ImmutableSortedDictionary<ushort, HybridTimestamp> _regions;

    private VersionVector(ulong version, ImmutableDictionary<ChangeOrigin, AppliedPosition> positions, bool isReceiving, SnapshotRanges? installed)
    {
        Version = version;
        IsReceiving = isReceiving;
        Installed = installed;
        Positions = positions;
        var regions = ImmutableSortedDictionary.CreateBuilder<ushort, HybridTimestamp>();
        foreach (var position in positions.Values)
        {
            if (!regions.TryGetValue(position.Origin.Region, out var timestamp) || timestamp < position.Timestamp)
                regions[position.Origin.Region] = position.Timestamp;
        }
        _regions = regions.ToImmutable();
    }

    public static VersionVector Empty { get; } = new(0, ImmutableDictionary<ChangeOrigin, AppliedPosition>.Empty, isReceiving: false, installed: null);

    /// <summary>Grows whenever records of other regions are applied, and with every step of a snapshot.</summary>
    internal ulong Version { get; }

    /// <summary>Whether a snapshot is under way: the present state stays as it is until that takes its place.</summary>
    internal bool IsReceiving { get; }

    /// <summary>The snapshot this copy was made from, until it has caught up with it; own records are replayed meanwhile and none is written.</summary>
    internal SnapshotRanges? Installed { get; }

    public ImmutableDictionary<ChangeOrigin, AppliedPosition> Positions { get; }

    /// <summary>The last timestamp applied of each region, over all its incarnations, by region.</summary>
    public IReadOnlyDictionary<ushort, HybridTimestamp> Regions => _regions;

    public AppliedPosition PositionOf(ChangeOrigin origin) => Positions.GetValueOrDefault(origin) ?? AppliedPosition.None(origin);

    /// <summary>What a record written now has to tell of other regions, given what the origin's log has told so far.</summary>
    internal List<ChangeDependency> DependenciesSince(AppliedPosition own)
    {
        var dependencies = new List<ChangeDependency>();
        foreach (var (region, timestamp) in _regions)
        {
            if (region != own.Origin.Region && own.Context.GetValueOrDefault(region) != timestamp)
                dependencies.Add(new ChangeDependency(region, timestamp));
        }
        return dependencies;
    }

    internal VersionVector With(IEnumerable<AppliedPosition> positions, ulong version) =>
        new(version, Positions.SetItems(positions.Select(position => KeyValuePair.Create(position.Origin, position))), IsReceiving, Installed);

    /// <summary>Reads the positions of a storage state.</summary>
    /// <param name="known">An earlier one, whose snapshot need not be read again.</param>
    internal static VersionVector Load(IStorageReader storage, ulong version, VersionVector? known = null)
    {
        var positions = ImmutableDictionary.CreateBuilder<ChangeOrigin, AppliedPosition>();
        using var cursor = storage.OpenCursor(KeyLayout.AllPositions);
        while (cursor.MoveNext())
        {
            var origin = KeyLayout.ReadOrigin(cursor.Key);
            positions[origin] = AppliedPosition.Read(origin, cursor.Value);
        }
        var isReceiving = storage.TryGet(KeyLayout.SnapshotKey(SnapshotRecordKind.Receiving), out _);
        return new VersionVector(version, positions.ToImmutable(), isReceiving, SnapshotRanges.Load(storage, known?.Installed));
    }
}
