namespace GeoFabric.Database.Analysis;

/// <summary>The whole value as one token, in one case and without accents if so wished.</summary>
internal sealed class NormAnalyzer(TextNormalizer normalizer) : Analyzer
{
    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        byte[] buffer = [];
        tokens.Add(normalizer.Normalize(utf8, ref buffer), 0);
    }
}
