using System.IO.Compression;
using System.Security.Cryptography;

namespace GeoFabric.Server.WebConsole;

/// <summary>A file of the console, as it lies in the program: compressed with Brotli when the build made it so.</summary>
/// <param name="Stored">The bytes as they lie in the program.</param>
internal sealed record ConsoleFile(string ContentType, ReadOnlyMemory<byte> Stored, bool IsCompressed)
{
    /// <summary>Entity tag of the stored form; the other form of the same file has another one.</summary>
    public string StoredTag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Stored.Span).AsSpan(0, 12))}\"";

    public string PlainTag => IsCompressed ? StoredTag.Insert(StoredTag.Length - 1, "-plain") : StoredTag;

    public byte[] Decompress()
    {
        if (!IsCompressed)
            return Stored.ToArray();
        using var source = new BrotliStream(new MemoryStream(Stored.ToArray()), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
