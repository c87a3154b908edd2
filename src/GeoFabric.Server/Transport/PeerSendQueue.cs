using System.Buffers;
using System.Threading.Channels;

namespace GeoFabric.Server.Transport;

/// <summary>What waits to leave on a lane. Writers never wait; the one loop that empties it gathers what is there into large writes.</summary>
internal sealed class PeerSendQueue(PeerLinkOptions options, TimeProvider clock)
{
    private const int WriteBytes = 128 << 10;

    private readonly Channel<Item> _items = Channel.CreateBounded<Item>(new BoundedChannelOptions(options.QueueMessagesMax) { SingleReader = true });
    private long _bytes;

    /// <summary>Bytes that wait, simulated delay included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <param name="delay">How much later it leaves.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(uint fabric, ReadOnlyMemory<byte> message, TimeSpan delay)
    {
        if (Interlocked.Add(ref _bytes, message.Length) <= options.QueueBytesMax
            && _items.Writer.TryWrite(new Item(fabric, message, delay > TimeSpan.Zero ? clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency) : 0)))
            return true;
        Interlocked.Add(ref _bytes, -message.Length);
        return false;
    }

    /// <summary>Nothing is added any more; what waits still leaves.</summary>
    public void Complete() => _items.Writer.TryComplete();

    /// <summary>Writes messages as they come, until the queue is complete and empty.</summary>
    public async Task WriteAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(WriteBytes);
        while (await _items.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_items.Reader.TryRead(out var item))
            {
                if (WaitFor(item) is { Ticks: > 0 } wait)
                {
                    await FlushAsync(stream, buffer, cancellationToken);
                    await Task.Delay(wait, clock, cancellationToken);
                }
                var rest = item.Message;
                do
                {
                    rest = PeerFrame.WriteNext(buffer, item.Fabric, rest);
                    if (buffer.WrittenCount >= WriteBytes)
                        await FlushAsync(stream, buffer, cancellationToken);
                }
                while (!rest.IsEmpty);
                Interlocked.Add(ref _bytes, -item.Message.Length);
            }
            await FlushAsync(stream, buffer, cancellationToken);
        }
    }

    private static async ValueTask FlushAsync(Stream stream, ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.WrittenCount == 0)
            return;
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        buffer.ResetWrittenCount();
    }

    private TimeSpan WaitFor(Item item) => item.DueTimestamp == 0 ? TimeSpan.Zero : clock.GetElapsedTime(clock.GetTimestamp(), item.DueTimestamp);

    private readonly record struct Item(uint Fabric, ReadOnlyMemory<byte> Message, long DueTimestamp);
}
