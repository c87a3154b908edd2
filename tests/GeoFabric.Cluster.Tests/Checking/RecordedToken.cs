using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A session token, decoded: everything up to <paramref name="Floor"/> from every origin, and more from some.</summary>
/// <param name="Floor">Bits of a hybrid timestamp.</param>
/// <param name="Entries">By origin, the bits of the last timestamp covered beyond the floor.</param>
internal sealed record RecordedToken(ulong Floor, ImmutableSortedDictionary<ushort, ulong> Entries)
{
    public static RecordedToken Empty { get; } = new(0, ImmutableSortedDictionary<ushort, ulong>.Empty);

    /// <summary>Bits of the last timestamp covered from <paramref name="origin"/>.</summary>
    public ulong CoveredFrom(ushort origin) => Math.Max(Floor, Entries.GetValueOrDefault(origin));

    public bool Covers(RevisionStamp stamp) => stamp.Timestamp.Bits <= CoveredFrom(stamp.Origin);

    public bool Covers(RecordedToken other) => other.Floor <= Floor && other.Entries.All(entry => entry.Value <= CoveredFrom(entry.Key));

    public RecordedToken With(RevisionStamp stamp) => Covers(stamp) ? this : this with { Entries = Entries.SetItem(stamp.Origin, stamp.Timestamp.Bits) };

    /// <summary>The smallest token that covers both; nothing that only the higher floor implied is repeated.</summary>
    public RecordedToken Merge(RecordedToken other)
    {
        var floor = Math.Max(Floor, other.Floor);
        var entries = ImmutableSortedDictionary.CreateBuilder<ushort, ulong>();
        foreach (var origin in Entries.Keys.Union(other.Entries.Keys))
        {
            var covered = Math.Max(CoveredFrom(origin), other.CoveredFrom(origin));
            if (covered > floor)
                entries[origin] = covered;
        }
        return new RecordedToken(floor, entries.ToImmutable());
    }

    public override string ToString() => $"floor {Floor}{string.Concat(Entries.Select(entry => $", {entry.Key}:{entry.Value}"))}";
}
