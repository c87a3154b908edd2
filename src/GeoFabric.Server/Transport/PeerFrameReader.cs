using System.Buffers;

namespace GeoFabric.Server.Transport;

internal delegate ValueTask PeerMessageHandler(uint fabric, ReadOnlyMemory<byte> message);

/// <summary>Reads messages from a stream. Memory is taken for bytes that have come, never for bytes that were announced.</summary>
internal sealed class PeerFrameReader(Stream stream)
{
    private const int BufferSize = 2 * (PeerFrame.HeaderSize + PeerFrame.PayloadSizeMax);

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private ArrayBufferWriter<byte> _message = new();
    private uint? _openFabric;

    /// <summary>Reads until the stream ends between two messages.</summary>
    /// <exception cref="PeerFrameException">What came is no message.</exception>
    /// <exception cref="IOException">The stream broke, or ended inside a message.</exception>
    public async Task ReadAllAsync(PeerMessageHandler handler, CancellationToken cancellationToken)
    {
        while (true)
        {
            var size = PeerFrame.ReadSize(_buffer.AsSpan(_start, _end - _start));
            if (size > 0 && size <= _end - _start)
            {
                var frame = _buffer.AsMemory(_start, size);
                _start += size;
                await TakeAsync(frame, handler);
                continue;
            }
            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
            {
                if (_end > _start || _openFabric is not null)
                    throw new IOException("the stream ended inside a message");
                return;
            }
            _end += count;
        }
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame, PeerMessageHandler handler)
    {
        var (fabric, goesOn) = PeerFrame.Read(frame.Span);
        var payload = frame[PeerFrame.HeaderSize..];
        if (_openFabric is { } open && open != fabric)
            throw new PeerFrameException(PeerCloseReason.DamagedFrame, "a message is interrupted by another one");
        if (_openFabric is null && !goesOn)
        {
            await handler(fabric, payload);
            return;
        }
        if (_message.WrittenCount + payload.Length > PeerFrame.MessageSizeMax)
            throw new PeerFrameException(PeerCloseReason.OversizeFrame, $"a message is longer than {PeerFrame.MessageSizeMax} bytes");
        _message.Write(payload.Span);
        _openFabric = goesOn ? fabric : null;
        if (goesOn)
            return;
        await handler(fabric, _message.WrittenMemory);
        // A rare huge message does not keep its memory.
        if (_message.Capacity > BufferSize * 8)
            _message = new ArrayBufferWriter<byte>();
        else
            _message.ResetWrittenCount();
    }
}
