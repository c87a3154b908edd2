using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Catalog;

/// <summary>Parses attribute paths of index definitions.</summary>
public static class IndexFieldParser
{
    private const string Expansion = "[*]";

    /// <summary>Parses <c>a.b</c>, <c>tags[*]</c> or <c>items[*].name</c>.</summary>
    /// <exception cref="GeoFabricException">10.</exception>
    public static IndexField Parse(string path)
    {
        var segments = ImmutableArray.CreateBuilder<string>();
        var expansionAt = -1;
        foreach (var part in path.Split('.'))
        {
            var name = part;
            if (part.EndsWith(Expansion, StringComparison.Ordinal))
            {
                if (expansionAt >= 0)
                    throw ErrorCodes.BadParameter.With($"index field '{path}': at most one [*]");
                name = part[..^Expansion.Length];
                expansionAt = segments.Count + 1;
            }
            if (name.Length == 0 || name.Contains('[', StringComparison.Ordinal) || name.Contains(']', StringComparison.Ordinal))
                throw ErrorCodes.BadParameter.With($"index field '{path}': attribute names separated by dots, [*] only behind a name");
            segments.Add(name);
        }
        return new IndexField(segments.ToImmutable(), expansionAt);
    }
}
