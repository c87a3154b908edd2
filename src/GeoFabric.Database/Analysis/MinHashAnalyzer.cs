using System.Globalization;
using System.Text;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Analysis;

/// <summary>The smallest hashes of another analyzer's tokens: texts that share many of them share many tokens.</summary>
internal sealed class MinHashAnalyzer(Analyzer inner, int hashes) : Analyzer
{
    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        var all = new TokenList();
        inner.Analyze(utf8, all);
        var smallest = new SortedSet<ulong>();
        for (var i = 0; i < all.Count; i++)
        {
            smallest.Add(XxHash64.Hash(all[i]));
            if (smallest.Count > hashes)
                smallest.Remove(smallest.Max);
        }
        var position = 0;
        foreach (var hash in smallest)
            tokens.Add(Encoding.ASCII.GetBytes(hash.ToString("x16", CultureInfo.InvariantCulture)), position++);
    }
}
