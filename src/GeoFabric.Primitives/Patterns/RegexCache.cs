using System.Text.RegularExpressions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Patterns;

/// <summary>
/// Regular expressions of queries and schemas, compiled once and kept while in use. Matching takes time linear in the text: constructs that would need
/// backtracking (look-around, back references, atomic groups) are refused like any other bad pattern.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public static class RegexCache
{
    /// <summary>Characters of a pattern at most; longer ones are refused before anything is built from them.</summary>
    public const int PatternLengthMax = 1_000;

    /// <summary>Depth of groups and classes at most.</summary>
    public const int NestingMax = 50;

    private const int PatternsPerGeneration = 256;

    // Linear is not quick for a text of megabytes and a pattern of thousands of states; nothing else could interrupt a match.
    private static readonly TimeSpan MatchTimeMax = TimeSpan.FromSeconds(10);

    private static readonly Lock Gate = new();

    // Two generations bound the cache without a list of recent uses: what is asked for moves to the young one, the old one is dropped whole.
    private static Dictionary<Key, Regex?> _young = [];
    private static Dictionary<Key, Regex?> _old = [];
    private static long _hits;
    private static long _misses;

    /// <summary>Times that a pattern was found compiled.</summary>
    public static long Hits => Interlocked.Read(ref _hits);

    /// <summary>Times that a pattern had to be compiled.</summary>
    public static long Misses => Interlocked.Read(ref _misses);

    /// <summary>
    /// Whether the pattern occurs anywhere in the text. False when the pattern is unusable: a query warns with 1543.
    /// </summary>
    public static bool TryMatch(string subject, string pattern, bool ignoreCase, out bool isMatch)
    {
        var regex = Find(pattern, ignoreCase, subject);
        isMatch = regex is not null && IsMatch(regex, subject);
        return regex is not null;
    }

    /// <summary>The compiled pattern for matching <paramref name="subject"/>, or null when the pattern is unusable.</summary>
    /// <remarks>
    /// Matches may throw <see cref="RegexMatchTimeoutException"/>; see <see cref="TooSlow"/>. The platform's units are UTF-16, so for a
    /// subject with characters beyond them the pattern is compiled in a form that takes each as one.
    /// </remarks>
    public static Regex? Find(string pattern, bool ignoreCase, string subject) =>
        Find(new Key(pattern, ignoreCase, subject.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0));

    private static Regex? Find(Key key)
    {
        if (key.Pattern.Length > PatternLengthMax)
            return null;
        lock (Gate)
        {
            _hits++;
            if (_young.TryGetValue(key, out var known))
                return known;
            if (_old.TryGetValue(key, out known))
                return Remember(key, known);
            _hits--;
            _misses++;
        }
        var regex = Compile(key);
        lock (Gate)
            return Remember(key, regex);
    }

    public static bool IsMatch(Regex regex, string subject)
    {
        try
        {
            return regex.IsMatch(subject);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow();
        }
    }

    /// <summary>The error for a match that ran out of time.</summary>
    public static GeoFabricException TooSlow() =>
        ErrorCodes.ResourceLimit.With($"matching a regular expression took longer than {MatchTimeMax.TotalSeconds} seconds");

    private static Regex? Remember(Key key, Regex? regex)
    {
        if (_young.Count >= PatternsPerGeneration)
            (_old, _young) = (_young, []);
        _young[key] = regex;
        return regex;
    }

    private static Regex? Compile(Key key)
    {
        if (!RegexTranslation.TryTranslate(key.Pattern, key.WholeCharacters, NestingMax, out var pattern))
            return null;
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (key.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex(pattern, options, MatchTimeMax);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private readonly record struct Key(string Pattern, bool IgnoreCase, bool WholeCharacters);
}
