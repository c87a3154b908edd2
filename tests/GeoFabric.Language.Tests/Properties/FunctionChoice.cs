using GeoFabric.Query.Builtins;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Calls of any pure function of the catalogue, which takes whatever it is given without failing.</summary>
internal static class FunctionChoice
{
    /// <summary>Results too large to be made thousands of times, and collections for arguments.</summary>
    private static readonly HashSet<string> Excluded = new(StringComparer.Ordinal) { "REPEAT", "RANGE", "PERMUTATIONS", "COMBINATIONS", "IS_SAME_COLLECTION", "INTERLEAVE" };

    private static readonly FunctionDefinition[] Functions = [.. FunctionCatalog.All.Where(function => function.Purity == FunctionPurity.Pure && !Excluded.Contains(function.Name))];

    public static string Write(Random random, Func<string> argument)
    {
        var function = Functions[random.Next(Functions.Length)];
        var count = function.MinArguments + random.Next(Math.Min(function.MaxArguments - function.MinArguments, 2) + 1);
        return $"{function.Name}({string.Join(", ", Enumerable.Range(0, count).Select(_ => argument()))})";
    }
}
