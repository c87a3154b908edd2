using System.Collections.Concurrent;
using System.Collections.Frozen;
using GeoFabric.Primitives.Errors;
using Microsoft.Win32.SafeHandles;

namespace GeoFabric.Database.Analysis;

/// <summary>Cuts words of one language down to their stems. A native stemmer serves one thread at a time, so each text borrows one.</summary>
internal sealed class SnowballStemmer
{
    /// <summary>A longer "word" is none; the native code takes time that grows faster than the word.</summary>
    private const int WordSizeMax = 256;

    private static readonly FrozenDictionary<string, string> Algorithms = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ar"] = "arabic",
        ["ca"] = "catalan",
        ["da"] = "danish",
        ["de"] = "german",
        ["el"] = "greek",
        ["en"] = "english",
        ["es"] = "spanish",
        ["eu"] = "basque",
        ["fi"] = "finnish",
        ["fr"] = "french",
        ["ga"] = "irish",
        ["hi"] = "hindi",
        ["hu"] = "hungarian",
        ["hy"] = "armenian",
        ["id"] = "indonesian",
        ["it"] = "italian",
        ["lt"] = "lithuanian",
        ["ne"] = "nepali",
        ["nl"] = "dutch",
        ["no"] = "norwegian",
        ["pt"] = "portuguese",
        ["ro"] = "romanian",
        ["ru"] = "russian",
        ["sr"] = "serbian",
        ["sv"] = "swedish",
        ["ta"] = "tamil",
        ["tr"] = "turkish",
        ["yi"] = "yiddish",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, SnowballStemmer> ByAlgorithm = new(StringComparer.Ordinal);

    private readonly string _algorithm;
    private readonly ConcurrentBag<Handle> _free = [];

    private SnowballStemmer(string algorithm) => _algorithm = algorithm;

    /// <summary>The stemmer of a language, or null when there is none for it: its words then stay as they are.</summary>
    /// <param name="language">Two letters, lower case.</param>
    public static SnowballStemmer? For(string language) =>
        Algorithms.TryGetValue(language, out var algorithm) ? ByAlgorithm.GetOrAdd(algorithm, static name => new SnowballStemmer(name)) : null;

    public Handle Rent() => _free.TryTake(out var free) ? free : Handle.Create(_algorithm);

    public void Return(Handle handle) => _free.Add(handle);

    /// <summary>One native stemmer.</summary>
    internal sealed class Handle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Handle() : base(ownsHandle: true)
        {
        }

        public static Handle Create(string algorithm)
        {
            var created = new Handle();
            try
            {
                created.SetHandle(SnowballNative.sb_stemmer_new(algorithm, "UTF_8"));
            }
            catch (DllNotFoundException)
            {
                throw ErrorCodes.NotImplemented.With("stemming needs the library libstemmer (Debian package libstemmer0d), which is not installed here; use an analyzer with stemming: false");
            }
            return created.IsInvalid ? throw ErrorCodes.NotImplemented.With($"libstemmer has no algorithm '{algorithm}'") : created;
        }

        /// <returns>The stem; it dies with the next call.</returns>
        public unsafe ReadOnlySpan<byte> Stem(ReadOnlySpan<byte> word)
        {
            if (word.IsEmpty || word.Length > WordSizeMax)
                return word;
            fixed (byte* first = word)
            {
                var stem = SnowballNative.sb_stemmer_stem(handle, first, word.Length);
                return stem is null ? word : new ReadOnlySpan<byte>(stem, SnowballNative.sb_stemmer_length(handle));
            }
        }

        protected override bool ReleaseHandle()
        {
            SnowballNative.sb_stemmer_delete(handle);
            return true;
        }
    }
}
