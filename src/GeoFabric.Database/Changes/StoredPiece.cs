using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Changes;

/// <summary>What is kept of a stored piece beside its contents.</summary>
/// <param name="Through">The last position it covers; empty for the last piece, which covers all that is left.</param>
internal sealed record StoredPiece(byte[] Through, HybridTimestamp Stable, IReadOnlyList<AppliedPosition> Positions)
{
    public static List<StoredPiece> ReadAll(IStorageReader storage, ulong snapshot)
    {
        var pieces = new List<StoredPiece>();
        using var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.Piece, snapshot));
        while (cursor.MoveNext())
        {
            var source = CatalogRecord.Read(cursor.Key, cursor.Value);
            pieces.Add(new StoredPiece(
                Convert.FromHexString(source.Text("through"u8)),
                new HybridTimestamp(unchecked((ulong)source.Integer("stable"u8))),
                ReadPositions(source.GetAttribute("positions"u8))));
        }
        return pieces;
    }

    public void Store(IWriteTransaction storage, ulong snapshot, int index)
    {
        Span<byte> number = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(number, index);
        var key = KeyLayout.SnapshotKey(SnapshotRecordKind.Piece, snapshot, number);
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("through"u8, Convert.ToHexString(Through));
        builder.WriteInteger("stable"u8, unchecked((long)Stable.Bits));
        builder.WriteName("positions"u8);
        WritePositions(builder, Positions);
        builder.EndObject();
        storage.Put(key, CatalogRecord.Write(key, builder.Build()));
    }

    /// <summary>The position of the latest incarnation of a region; none when nothing of it had been applied.</summary>
    public AppliedPosition PositionOf(ushort region) => Positions.LastOrDefault(position => position.Origin.Region == region) ?? AppliedPosition.None(new ChangeOrigin(region, 0));

    public static void WritePositions(ValueBuilder builder, IEnumerable<AppliedPosition> positions)
    {
        builder.BeginArray();
        foreach (var position in positions)
        {
            builder.BeginObject();
            builder.WriteInteger("region"u8, position.Origin.Region);
            builder.WriteInteger("incarnation"u8, position.Origin.Incarnation);
            builder.WriteText("position"u8, Convert.ToHexString(position.Write()));
            builder.EndObject();
        }
        builder.EndArray();
    }

    /// <summary>By region and incarnation.</summary>
    public static List<AppliedPosition> ReadPositions(Value source)
    {
        var positions = new List<AppliedPosition>();
        foreach (var item in source.Items)
        {
            var origin = new ChangeOrigin((ushort)item.Integer("region"u8), (byte)item.Integer("incarnation"u8));
            positions.Add(AppliedPosition.Read(origin, Convert.FromHexString(item.Text("position"u8))));
        }
        return positions;
    }
}
