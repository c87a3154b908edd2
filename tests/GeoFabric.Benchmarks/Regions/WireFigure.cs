using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Benchmarks.Regions;

/// <summary>Bytes on the wire for one small operation, in batches as they are shipped to one region.</summary>
internal static class WireFigure
{
    private const int Documents = 20_000;
    private const int Operations = 20_000;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var writer = await FigureFabric.OpenAsync(1, onDisk: false);
        await writer.FillAsync(Documents);
        var filled = writer.Database.Replica.ReadState().Own.Sequence;
        await writer.ChangeAllAsync(Documents, firstTurn: 0, Operations);
        var records = writer.Database.Replica.ReadLog(writer.Database.Replica.Origin, filled + 1, int.MaxValue);
        await output.WriteLineAsync($"wire: {records.Average(record => record.Length):0.0} bytes in the log for an operation");
        foreach (var count in (int[])[1, 10, 100, 1000])
        {
            var bytes = 0L;
            for (var i = 0; i + count <= records.Count; i += count)
                bytes += FrameCodec.Encode(BatchCodec.Encode([.. records.Skip(i).Take(count)], new ReplicationOptions().CompressionBytesMin, isPulled: false)).Length;
            await output.WriteLineAsync($"  {bytes / (double)(records.Count / count * count):0.0} bytes on the wire in batches of {count}");
        }
    }
}
