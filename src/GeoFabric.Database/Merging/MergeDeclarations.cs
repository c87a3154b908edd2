using System.Collections.Immutable;

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
    private readonly List<(string[] Pattern, MergeKind Kind)> _declared;

    private MergeDeclarations(List<(string[] Pattern, MergeKind Kind)> declared) => _declared = declared;

    public static MergeDeclarations None { get; } = new([]);

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
        : new([.. declared.Where(pair => pair.Key != "**").Select(pair => (pair.Key.Replace("[*]", ".[]", StringComparison.Ordinal).Split('.'), Words[pair.Value]))]);

    public MergeKind KindOf(List<MergeStep> path)
    {
        foreach (var (pattern, kind) in _declared)
        {
            if (Matches(pattern, path))
                return kind;
        }
        return MergeKind.Inferred;
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
