using System.Collections.Frozen;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>The value, unless it is one of a list: a step of a pipeline.</summary>
internal sealed class StopWordAnalyzer(IReadOnlyCollection<string> stopWords) : Analyzer
{
    private readonly FrozenSet<string> _stopWords = stopWords.ToFrozenSet(StringComparer.Ordinal);

    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        if (!_stopWords.Contains(Encoding.UTF8.GetString(utf8)))
            tokens.Add(utf8, 0);
    }
}
