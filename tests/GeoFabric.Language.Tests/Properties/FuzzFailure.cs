using System.Globalization;
using System.Text;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>A query over which two ways to run it disagree.</summary>
/// <param name="Data">What the query ran on.</param>
/// <param name="Oracle">The way that does not agree.</param>
internal sealed record FuzzFailure(GeneratedData Data, GeneratedQuery Query, bool IsModification, string Oracle, string Difference)
{
    /// <summary>Whether it is seen again on a fabric filled with <see cref="Data"/>.</summary>
    public bool IsReproduced { get; init; } = true;

    /// <summary>The failure as a case of a golden file, to be pasted; UPDATE_GOLDEN=1 writes the rows once they are right.</summary>
    public string GoldenCase()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Found by seed {Query.Seed}, {Oracle}: {Difference.ReplaceLineEndings(" ")}\nrows\n");
        foreach (var collection in Data.Collections)
        {
            if (!Query.Text.Contains(collection.Name, StringComparison.Ordinal) && !Query.Text.Contains("GRAPH", StringComparison.Ordinal)
                && !(collection.Name is "a" or "b" && Query.Text.Contains(GeneratedView.Name, StringComparison.Ordinal)))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"% {(collection.IsEdge ? "edges" : "collection")} {collection.Name}\n");
            foreach (var document in collection.Documents)
                text.Append(CultureInfo.InvariantCulture, $"% document {collection.Name} {document}\n");
            foreach (var index in collection.Indexes)
            {
                var flags = (index.IsUnique ? " unique" : "") + (index.IsSparse ? " sparse" : "") + (index.Deduplicate ? "" : " duplicates") + index.TypeName switch { "ttl" => " ttl", "geo" => " geojson", "mdi" or "zkd" => " mdi", "mdi-prefixed" => " mdi-prefixed", _ => "" };
                text.Append(CultureInfo.InvariantCulture, $"% index {collection.Name} {string.Join(',', (string[])[.. index.PrefixFields, .. index.Fields])}{flags}\n");
            }
        }
        if (Query.Text.Contains("GRAPH", StringComparison.Ordinal))
            text.Append("% graph g e,f a,b\n");
        if (Query.Text.Contains(GeneratedView.Name, StringComparison.Ordinal))
            text.Append("% view of-generated-queries\n");
        if (Query.BindVars != "{}")
            text.Append(CultureInfo.InvariantCulture, $"% bind {Query.BindVars}\n");
        return text.Append(CultureInfo.InvariantCulture, $"{Query.Text}\n----\n").ToString();
    }

    public override string ToString() =>
        $"seed {Query.Seed}, {Oracle}: {Difference}\n{(IsReproduced ? "" : "(seen only after the queries before it, from the same seed's block on)\n")}{GoldenCase()}";
}
