using System.Runtime.Intrinsics.X86;

namespace GeoFabric.Storage.Lmdb;

/// <summary>Asks for memory to be brought to the processor without waiting for it. Harmless with any address; does nothing where there is no such instruction.</summary>
internal static unsafe class CacheLines
{
    /// <summary>Of one entry: behind so many the processor has seen where this leads.</summary>
    public const int OfEntryMax = 8;

    private const int SizeBytes = 64;

    /// <summary>Lines that bytes lie in.</summary>
    public static int Count(byte* start, int bytes) => ((int)((nuint)start % SizeBytes) + bytes + SizeBytes - 1) / SizeBytes;

    public static void Ask(byte* start, int lines)
    {
        if (!Sse.IsSupported)
            return;
        for (var line = 0; line < lines; line++)
            Sse.Prefetch0(start + (SizeBytes * line));
    }
}
