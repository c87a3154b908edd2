namespace GeoFabric.Database.Analysis;

/// <summary>The whole value as one word, cut down to its stem.</summary>
internal sealed class StemAnalyzer(SnowballStemmer? stemmer) : Analyzer
{
    public override bool HasPositions => false;

    public override void Analyze(ReadOnlySpan<byte> utf8, TokenList tokens)
    {
        if (stemmer is null)
        {
            tokens.Add(utf8, 0);
            return;
        }
        var borrowed = stemmer.Rent();
        tokens.Add(borrowed.Stem(utf8), 0);
        stemmer.Return(borrowed);
    }
}
