using System.Buffers;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class PeerFrameTests
{
    [Fact]
    public async Task Any_flipped_bit_is_seen_before_the_message_is_passed_on()
    {
        var frame = Frame();

        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            var passed = 0;
            // A longer length makes the reader wait for more, and the stream ends.
            await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(frame, () => passed++));
            Assert.Equal(0, passed);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task Messages_arrive_however_the_stream_is_cut()
    {
        var bytes = Enumerable.Repeat(Frame(), 20).SelectMany(frame => frame).ToArray();

        foreach (var piece in new[] { 1, 2, 7, 11, 12, 13, 500 })
        {
            var passed = 0;
            await new PeerFrameReader(new PiecewiseStream(bytes, piece)).ReadAllAsync((fabric, message) =>
            {
                passed += fabric == 3 && message.Length == 40 ? 1 : -1000;
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
            Assert.Equal(20, passed);
        }
    }

    [Fact]
    public async Task The_layout_is_fixed()
    {
        var frame = Frame();

        Assert.Equal("28000000" + "4316C982" + "03000000", Convert.ToHexString(frame.AsSpan(0, 12)));
        await ReadAsync(frame, () => { });
    }

    private static byte[] Frame()
    {
        var buffer = new ArrayBufferWriter<byte>();
        PeerFrame.WriteNext(buffer, 3, Enumerable.Range(0, 40).Select(i => (byte)i).ToArray());
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task ReadAsync(byte[] bytes, Action passed) => await new PeerFrameReader(new MemoryStream(bytes)).ReadAllAsync((_, _) =>
    {
        passed();
        return ValueTask.CompletedTask;
    }, CancellationToken.None);

    private sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
