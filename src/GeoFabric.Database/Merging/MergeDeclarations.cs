using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Merging;

/// <summary>How the value at a path merges.</summary>
internal enum MergeKind
{
    /// <summary>As the operations on it say.</summary>
    Inferred,
    Counter,
    Set,
    List,
    Maximum,
    Minimum,

    /// <summary>With everything below it as one value: the later assignment wins all of it.</summary>
    Whole,
}

/// <summary>What a collection declares about paths where operations do not tell. Immutable.</summary>
/// <remarks>Patterns are names joined by dots; <c>[*]</c> stands for any element, <c>*</c> for any name, <c>**</c> for any path.</remarks>
internal sealed class MergeDeclarations
{
    private const string AnyPath = "**";

    private readonly List<(string[] Pattern, MergeKind Kind)> _declared;
    private readonly MergeKind _otherwise;

    private MergeDeclarations(List<(string[] Pattern, MergeKind Kind)> declared, MergeKind otherwise)
    {
        _declared = declared;
        _otherwise = otherwise;
    }

    public static MergeDeclarations None { get; } = new([], MergeKind.Inferred);

    /// <summary>The words users declare kinds with.</summary>
    public static ImmutableSortedDictionary<string, MergeKind> Words { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new Dictionary<string, MergeKind>(StringComparer.Ordinal)
        {
            ["infer"] = MergeKind.Inferred,
            ["counter"] = MergeKind.Counter,
            ["set"] = MergeKind.Set,
            ["list"] = MergeKind.List,
            ["max"] = MergeKind.Maximum,
            ["min"] = MergeKind.Minimum,
            ["whole"] = MergeKind.Whole,
        });

    /// <param name="declared">Path pattern to word, as the collection has them; unknown words were refused when it was created.</param>
    public static MergeDeclarations Of(IReadOnlyDictionary<string, string> declared) => declared.Count == 0
        ? None
        : new(
            [.. declared.Where(pair => pair.Key != AnyPath).Select(pair => (Split(pair.Key), Words[pair.Value]))],
            declared.TryGetValue(AnyPath, out var otherwise) ? Words[otherwise] : MergeKind.Inferred);

    /// <exception cref="GeoFabricException">10 for a pattern that is no path or a word that is no kind.</exception>
    public static void Check(IReadOnlyDictionary<string, string> declared)
    {
        foreach (var (pattern, word) in declared)
        {
            if (!Words.ContainsKey(word))
                throw ErrorCodes.BadParameter.With($"crdt: '{pattern}' is declared '{word}'; it is one of {string.Join(", ", Words.Keys)}");
            if (pattern != AnyPath && !IsPattern(Split(pattern)))
            {
                throw ErrorCodes.BadParameter.With(
                    $"crdt: '{pattern}' is no path; names are joined by dots as in stats.views, * stands for any name, [*] for any element, ** alone for any path");
            }
        }
    }

    private static string[] Split(string pattern) => pattern.Replace("[*]", ".[]", StringComparison.Ordinal).Split('.');

    private static bool IsPattern(string[] names) =>
        !names[0].StartsWith('_') && names[0] != "[]" && names.All(name => name.Length > 0 && (name is "[]" or "*" || name.AsSpan().IndexOfAny("[]*") < 0));

    public MergeKind KindOf(List<MergeStep> path)
    {
        foreach (var (pattern, kind) in _declared)
        {
            if (Matches(pattern, path))
                return kind;
        }
        return _otherwise;
    }

    private static bool Matches(string[] pattern, List<MergeStep> path)
    {
        if (pattern.Length != path.Count)
            return false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var isMatch = path[i].Name is { } name ? pattern[i] == name || pattern[i] == "*" : pattern[i] == "[]";
            if (!isMatch)
                return false;
        }
        return true;
    }
}
