using System.Runtime.InteropServices;

namespace GeoFabric.Database.Analysis;

/// <summary>The calls of libstemmer (Snowball) that stemming needs, one to one.</summary>
internal static unsafe partial class SnowballNative
{
    private const string Library = "libstemmer.so.0d";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint sb_stemmer_new(string algorithm, string encoding);

    [LibraryImport(Library)]
    internal static partial void sb_stemmer_delete(nint stemmer);

    /// <returns>The stem inside the stemmer, good until its next call; null without memory.</returns>
    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial byte* sb_stemmer_stem(nint stemmer, byte* word, int size);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    internal static partial int sb_stemmer_length(nint stemmer);
}
