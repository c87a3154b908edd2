using System.Numerics;
using System.Text;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Tests.Primitives;

public sealed class Crc32CTests
{
    /// <summary>The check value that catalogues of checksums give, and what RFC 3720 gives for 32 bytes of zeros.</summary>
    [Fact]
    public void KnownValues()
    {
        Assert.Equal(0xE3069283U, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAU, Crc32C.Compute(new byte[32]));
    }

    /// <summary>Long data goes in lanes that are joined; byte for byte is the same, at every length, from every address and after any start.</summary>
    [Fact]
    public void LanesGiveWhatSingleBytesGive()
    {
        var random = new Random(17);
        var data = new byte[5000];
        random.NextBytes(data);
        for (var length = 0; length < data.Length - 8; length += length < 700 ? 1 : 97)
        {
            var part = data.AsSpan(length % 8, length);
            var start = (uint)random.Next();
            var expected = start;
            foreach (var value in part)
                expected = BitOperations.Crc32C(expected, value);
            Assert.Equal(expected, Crc32C.Append(start, part));
        }
    }
}
