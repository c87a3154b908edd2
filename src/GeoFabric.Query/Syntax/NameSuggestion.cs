namespace GeoFabric.Query.Syntax;

/// <summary>"Did you mean" for misspelt names.</summary>
internal static class NameSuggestion
{
    /// <returns>"; did you mean X?" for the closest candidate within so many edits, else nothing.</returns>
    public static string For(string name, IEnumerable<string> candidates, int editsMax = 2)
    {
        // Short names are all near each other: the edits have to be fewer than the letters.
        var best = Math.Min(editsMax + 1, name.Length);
        string? suggestion = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= best)
                continue;
            var distance = EditDistance(name, candidate);
            if (distance < best)
            {
                best = distance;
                suggestion = candidate;
            }
        }
        return suggestion is null ? "" : $"; did you mean {suggestion}?";
    }

    private static int EditDistance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[b.Length];
    }
}
