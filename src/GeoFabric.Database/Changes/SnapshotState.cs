using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Changes;

/// <summary>A snapshot that is being received, or that was installed and is not caught up with.</summary>
/// <param name="Number">Tells this snapshot's records from those of others of this fabric.</param>
/// <param name="NextToken">Where the next piece begins; empty at the start and behind the last.</param>
/// <param name="Pieces">How many are stored.</param>
/// <param name="KeptScopes">Collections of these scopes stay as they are: the donor does not hold them.</param>
/// <param name="KeptRegions">Regions that write to those: their logs go on from what is applied here when the snapshot is installed, if that is less.</param>
/// <param name="LostOrigins">Logs of those regions that have ended and of which no record comes any more: they go on from what the pieces had applied.</param>
/// <param name="KeptAt">What this copy had applied when the snapshot began; those collections stand there.</param>
/// <param name="Earlier">The snapshot that was installed and not caught up with when this one began: what was kept stands as that one left it.</param>
/// <param name="Target">What this copy had applied before, and once installed also what the pieces had: by region, with empty contexts.</param>
internal sealed record SnapshotState(
    ulong Number, ImmutableArray<byte> NextToken, int Pieces, ImmutableArray<ulong> KeptScopes, ImmutableArray<ushort> KeptRegions,
    ImmutableArray<ChangeOrigin> LostOrigins, ImmutableSortedDictionary<ushort, AppliedPosition> KeptAt, SnapshotState? Earlier, ImmutableSortedDictionary<ushort, AppliedPosition> Target)
{
    /// <summary>The numbers of this snapshot and the earlier ones it stands on.</summary>
    public IEnumerable<ulong> Numbers => Earlier is null ? [Number] : [Number, .. Earlier.Numbers];

    public static SnapshotState? Find(IStorageReader storage, SnapshotRecordKind kind)
    {
        var key = KeyLayout.SnapshotKey(kind);
        return storage.TryGet(key, out var record) ? Read(CatalogRecord.Read(key, record)) : null;
    }

    public void Store(IWriteTransaction storage, SnapshotRecordKind kind)
    {
        var key = KeyLayout.SnapshotKey(kind);
        using var builder = new ValueBuilder();
        Write(builder);
        storage.Put(key, CatalogRecord.Write(key, builder.Build()));
    }

    private void Write(ValueBuilder builder)
    {
        builder.BeginObject();
        builder.WriteInteger("number"u8, (long)Number);
        builder.WriteText("nextToken"u8, Convert.ToHexString(NextToken.AsSpan()));
        builder.WriteInteger("pieces"u8, Pieces);
        builder.WriteName("keptScopes"u8);
        builder.BeginArray();
        foreach (var scope in KeptScopes)
            builder.Write(Value.FromInteger(unchecked((long)scope)));
        builder.EndArray();
        builder.WriteName("keptAt"u8);
        StoredPiece.WritePositions(builder, KeptAt.Values);
        builder.WriteName("keptRegions"u8);
        builder.BeginArray();
        foreach (var region in KeptRegions)
            builder.Write(Value.FromInteger(region));
        builder.EndArray();
        builder.WriteName("lostOrigins"u8);
        builder.BeginArray();
        foreach (var origin in LostOrigins)
            builder.Write(Value.FromInteger((origin.Region << 8) | origin.Incarnation));
        builder.EndArray();
        builder.WriteName("target"u8);
        StoredPiece.WritePositions(builder, Target.Values);
        if (Earlier is not null)
        {
            builder.WriteName("earlier"u8);
            Earlier.Write(builder);
        }
        builder.EndObject();
    }

    /// <summary>The further of two positions of each region: what neither side may be behind.</summary>
    public static ImmutableSortedDictionary<ushort, AppliedPosition> Join(ImmutableSortedDictionary<ushort, AppliedPosition> target, IEnumerable<AppliedPosition> positions)
    {
        foreach (var position in positions)
        {
            var region = position.Origin.Region;
            if (position.Sequence == 0 && position.Origin.Incarnation == 0)
                continue;
            if (!target.TryGetValue(region, out var known) || known.IsBehind(position))
                target = target.SetItem(region, AppliedPosition.None(position.Origin) with { Sequence = position.Sequence, Timestamp = position.Timestamp });
        }
        return target;
    }

    private static SnapshotState Read(Value source) => new(
        (ulong)source.Integer("number"u8),
        [.. Convert.FromHexString(source.Text("nextToken"u8))],
        (int)source.Integer("pieces"u8),
        source.List("keptScopes"u8, scope => unchecked((ulong)scope.Integer)),
        source.List("keptRegions"u8, region => (ushort)region.Integer),
        source.List("lostOrigins"u8, origin => new ChangeOrigin((ushort)(origin.Integer >> 8), (byte)origin.Integer)),
        ByRegion(source.GetAttribute("keptAt"u8)),
        source.TryGetAttribute("earlier"u8, out var earlier) ? Read(earlier) : null,
        ByRegion(source.GetAttribute("target"u8)));

    private static ImmutableSortedDictionary<ushort, AppliedPosition> ByRegion(Value positions) =>
        StoredPiece.ReadPositions(positions).ToImmutableSortedDictionary(position => position.Origin.Region, position => position);
}
