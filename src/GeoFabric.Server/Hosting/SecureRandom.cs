using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GeoFabric.Server.Hosting;

/// <summary>Random numbers from the system's generator: RANDOM_TOKEN and UUID become secrets and must not be guessable.</summary>
/// <remarks>Not thread-safe: one per query. Costs nothing until the first number is asked for, then one call of the generator per 256 bytes.</remarks>
internal sealed class SecureRandom : Random
{
    private const int BufferSizeBytes = 256;

    private byte[]? _buffer;
    private int _used = BufferSizeBytes;

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        if (buffer.Length >= BufferSizeBytes)
        {
            RandomNumberGenerator.Fill(buffer);
            return;
        }
        Take(buffer.Length).CopyTo(buffer);
    }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = (ulong)(maxValue - minValue);
        // The high half of a 64 x 64 bit product is uniform to within range / 2^64.
        return range == 0 ? minValue : minValue + (long)Math.BigMul(NextUInt64(), range, out _);
    }

    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1U << 24));

    protected override double Sample() => NextDouble();

    private ulong NextUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    private ReadOnlySpan<byte> Take(int length)
    {
        _buffer ??= new byte[BufferSizeBytes];
        if (length > BufferSizeBytes - _used)
        {
            RandomNumberGenerator.Fill(_buffer);
            _used = 0;
        }
        _used += length;
        return _buffer.AsSpan(_used - length, length);
    }
}
