using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Frames;

namespace GeoFabric.Cluster.Tests.Simulation;

public sealed class BatchCodecTests(ITestOutputHelper output)
{
    [Fact]
    public void Records_come_back_byte_for_byte()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = new SeededRandom(seed);
            var records = RandomRecords(random, random.Between(1, 40));

            var batch = (BatchFrame)FrameCodec.Decode(FrameCodec.Encode(BatchCodec.Encode(records, random.Pick([0, 512, int.MaxValue]), random.Chance(0.5))))!;
            var restored = BatchCodec.Decode(batch, out var checksum);

            Assert.Equal(batch.Checksum, checksum);
            Assert.Equal(records.Select(record => Convert.ToHexString(record.Span)), restored.Select(entry => Convert.ToHexString(entry.Record.Span)));
        }
    }

    /// <summary>Counted increments of a hit counter, as three busy regions write them: one in three has seen something new of another region.</summary>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(10, 60)]
    [InlineData(100, 25)]
    [InlineData(1000, 22)]
    public void Small_operations_are_short_in_batches(int count, int bytesMax)
    {
        var random = new SeededRandom(1);
        var records = HitCounterRecords(random, count);

        var bytes = FrameCodec.Encode(BatchCodec.Encode(records, 512, false)).Length / (double)count;

        output.WriteLine($"{count} operations: {bytes:0.0} bytes for each, {records.Average(record => record.Length):0.0} in the log");
        Assert.True(bytes <= bytesMax, $"{bytes:0.0} bytes");
    }

    private static List<ReadOnlyMemory<byte>> HitCounterRecords(SeededRandom random, int count)
    {
        var origin = new ChangeOrigin(1, 0);
        var clock = 1_767_225_600_000UL << 16;
        var seen = clock - (80UL << 16);
        var stable = clock - (400UL << 16);
        var records = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < count; i++)
        {
            clock += (ulong)random.Between(1, 1 << 17);
            var context = new FrameWriter(16);
            context.Byte(ChangeRecordHeader.ChangedDependencies);
            if (i % 3 == 0)
            {
                seen += (ulong)random.Between(1, 1 << 18);
                context.Number(1);
                context.Number(2);
                context.Number(clock - seen);
            }
            else
            {
                context.Number(0);
            }
            if (i % 50 == 0)
                stable += 50UL << 16;
            var operations = new FrameWriter(64);
            operations.Number(1);
            operations.Number(0x9E3779B97F4A7C15);
            operations.Number(0);
            operations.Number(1);
            operations.Bytes(Encoding.UTF8.GetBytes($"10.{random.Below(4)}.{random.Below(256)}.{random.Below(256)}"));
            operations.Number(1);
            operations.Byte(6);
            operations.Bytes("\u0004hits"u8);
            operations.Bytes([0, 1, 2]);
            var header = new ChangeRecordHeader { Origin = origin, Sequence = (ulong)i + 1000, LastSequence = (ulong)i + 1000, Timestamp = new HybridTimestamp(clock), StableDistance = clock - stable, Epoch = 3 };
            records.Add(ChangeRecordHeader.Assemble(header, context.Written, operations.Written));
        }
        return records;
    }

    private static List<ReadOnlyMemory<byte>> RandomRecords(SeededRandom random, int count)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        var sequence = random.Bits() >> random.Between(2, 60);
        var clock = random.Bits() >> 2;
        for (var i = 0; i < count; i++)
        {
            clock += (ulong)random.Below(1 << 20);
            var span = random.Chance(0.1) ? (ulong)random.Below(100) : 0;
            var flags = random.Chance(0.2) ? ChangeFlags.HasRequestId : random.Chance(0.2) ? ChangeFlags.MoreFollows : ChangeFlags.None;
            var context = new FrameWriter(64);
            context.Byte(ChangeRecordHeader.ChangedDependencies);
            var dependencies = random.Below(4);
            context.Number((ulong)dependencies);
            for (var other = 0; other < dependencies; other++)
            {
                context.Number((ulong)random.Below(100));
                context.Number((ulong)random.Below(1 << 30));
            }
            if (flags == ChangeFlags.HasRequestId)
                context.Raw(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef").ToByteArray());
            var operations = new byte[random.Between(1, 300)];
            for (var at = 0; at < operations.Length; at++)
                operations[at] = (byte)random.Below(3);
            var header = new ChangeRecordHeader
            {
                Flags = flags,
                Origin = new ChangeOrigin(7, 2),
                Sequence = sequence,
                LastSequence = sequence + span,
                Timestamp = new HybridTimestamp(clock),
                StableDistance = random.Bits() >> random.Between(10, 60),
                Epoch = (ulong)random.Below(300),
            };
            records.Add(ChangeRecordHeader.Assemble(header, context.Written, operations));
            sequence += span + 1;
        }
        return records;
    }
}
